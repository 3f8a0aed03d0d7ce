"""`eightd worker` killed at any moment: no alarm is missed, and a kill costs at most one mail twice."""

from __future__ import annotations

import time

from tests import complaints
from tests.faults.post import WORKERS, alarms_missing_or_doubled, alarms_without_their_mail


def test_kill_the_workers(post, kills):
    """While they raise alarms, lease, speak with the mail server, and write down that it has taken a mail."""
    killed = 0
    while killed < kills:
        complaints.registered(post.world)
        post.later(hours=2, minutes=post.chance.randrange(15, 60))  # beyond every lease
        for worker in post.workers:
            worker.start_unless_running()
        post.wait(post.chance.randrange(6), at_most=1.5)
        time.sleep(post.chance.uniform(0, 0.03))
        for worker in post.workers:
            if worker is post.workers[killed % WORKERS] or post.chance.random() < 0.3:
                worker.kill()
                killed += 1
    post.later(days=3)
    post.finish()

    assert alarms_missing_or_doubled(post) == []
    assert alarms_without_their_mail(post) == []
    uids = post.mail.uids
    assert set(uids) == set(post.sent()), "each mail came, always under the Message-ID it was given at first"
    doubled = len(uids) - len(set(uids))
    print(f"{killed} kills, {len(uids)} mails, {doubled} of them twice")  # noqa: T201 - what a long run is read for
    assert doubled <= killed
