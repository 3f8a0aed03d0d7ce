"""Everything at once, or for a long time not at all: nobody is told twice, and nothing is left out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.outbox.carry_out import carry_out
from tests import complaints
from tests.faults.crowd import crowd
from tests.faults.post import CHAIN, alarms_missing_or_doubled, alarms_without_their_mail
from tests.faults.programs import at_once


def test_a_mail_server_that_is_away_for_a_day(post):
    """Off, hanging up in the middle, or putting off: what is owed meanwhile comes afterwards, once."""
    post.later(hours=1)
    for hour in range(24):
        post.mail.down = hour % 6 < 2
        post.mail.cut = hour % 6 in (2, 3)
        post.mail.defer = "451 4.7.1 try again later" if hour % 6 > 3 else ""
        if hour % 6 == 0:
            complaints.registered(post.world)
        sweep(post.services)
        carry_out(post.services)
        post.later(hours=1)
    assert post.mail.messages == []
    post.mail.down, post.mail.cut, post.mail.defer = False, False, ""
    for _ in range(30):
        sweep(post.services)
        carry_out(post.services)
        post.later(hours=2)
    assert post.is_idle
    assert Counter(post.mail.uids) == Counter(post.sent())
    assert set(Counter(post.mail.uids).values()) == {1}
    assert alarms_missing_or_doubled(post) == []
    assert alarms_without_their_mail(post) == []


def test_several_processes_sweep_and_send_at_the_same_moment(post, tmp_path):
    for _ in range(12):
        complaints.registered(post.world)
    post.later(days=3)
    shares = at_once(post.environ, tmp_path / "first", post.clock, 3)
    post.later(minutes=5)
    shares += at_once(
        post.environ, tmp_path / "second", post.clock, 3
    )  # what one passed by that another held
    assert sum(share.raised for share in shares) == 12 * len(CHAIN)
    assert sum(share.sent for share in shares) == len(post.mail.messages)
    assert Counter(post.mail.uids) == Counter(post.sent())
    assert alarms_missing_or_doubled(post) == []
    assert alarms_without_their_mail(post) == []


JUMPS = (0, 1, -1, 1, 1, -1, 0, 2, -2, 3)  # days


def test_a_clock_that_is_set_forward_and_back_while_workers_run(post):
    for worker in post.workers:
        worker.start()
    for days in JUMPS:
        complaints.registered(post.world)
        post.later(days=days, hours=1)
        post.wait(3, at_most=0.3)
    post.later(days=3)
    post.finish()
    assert alarms_missing_or_doubled(post) == []
    assert alarms_without_their_mail(post) == []
    assert set(post.mail.uids) == set(post.sent())
    doubled = len(post.mail.uids) - len(set(post.mail.uids))
    assert doubled <= 2 * len(JUMPS), "a lease that a jump cut short, of a mail that was just being sent"


def test_very_many_milestones_overdue_at_once(post, tmp_path, soaking):
    """One mail for each person, however many there are; and no more memory for it."""
    count = 10_000 if soaking else 120
    crowd(post.world, count, timedelta(seconds=1))
    before = {*post.deliveries()}
    post.later(days=3)
    (share,) = at_once(post.environ, tmp_path / "sweep", post.clock, 1)
    assert share.raised == count * len(CHAIN)
    told = Counter(address for uid, address in post.deliveries() if (uid, address) not in before)
    assert set(told.values()) == {1}, "one mail for each person"
    assert len(told) >= 2
    assert Counter(post.mail.uids) == Counter(post.sent())
    assert all(len(received.content) < 300_000 for received in post.mail.messages)
    assert share.peak < 400, "MiB"
    print(f"{share.raised} alarms, {share.peak:.0f} MiB")  # noqa: T201 - what a long run is read for
    assert alarms_missing_or_doubled(post) == []
    assert alarms_without_their_mail(post) == []
