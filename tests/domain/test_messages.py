"""What reaches whom by which way, when it may leave, and when the morning's digest is due."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.errors import ImplausibleError
from eightd.domain.messages import (
    ALARMS,
    DIGESTED_BY_DEFAULT,
    MessageKind,
    RelayKind,
    Way,
    is_fixed,
    leaves_at,
    next_digest,
    wanted,
    wanted_by_default,
)

SUZHOU, BRNO = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Prague")
ZONES = [SUZHOU, BRNO, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]


def test_only_mail_is_not_chat():
    assert RelayKind.SMTP.way is Way.EMAIL
    assert {kind.way for kind in RelayKind if kind is not RelayKind.SMTP} == {Way.CHAT}


@pytest.mark.parametrize("kind", MessageKind)
def test_the_inbox_has_everything_even_what_was_chosen_away(kind):
    assert wanted_by_default(kind, Way.INBOX)
    assert wanted(kind, Way.INBOX, {(kind, Way.INBOX): False}, duty=False)


@pytest.mark.parametrize("kind", MessageKind)
def test_without_a_choice_the_default_holds(kind):
    assert wanted(kind, Way.EMAIL, {}, duty=False) is (kind not in DIGESTED_BY_DEFAULT)
    assert wanted(kind, Way.CHAT, {}, duty=False) is (kind in ALARMS)


@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize("way", [Way.EMAIL, Way.CHAT])
@pytest.mark.parametrize("kind", MessageKind)
def test_a_choice_holds_for_its_kind_and_way_alone(kind, way, chosen):
    choices = {(kind, way): chosen}
    assert wanted(kind, way, choices, duty=False) is chosen
    other = Way.CHAT if way is Way.EMAIL else Way.EMAIL
    assert wanted(kind, other, choices, duty=False) is wanted_by_default(kind, other)


@pytest.mark.parametrize("way", [Way.EMAIL, Way.CHAT])
@pytest.mark.parametrize("kind", MessageKind)
def test_nobody_can_switch_off_what_comes_by_duty(kind, way):
    told = wanted(kind, way, {(kind, way): False}, duty=True)
    assert told is (kind in ALARMS or kind is MessageKind.DIGEST)


def test_alarms_alone_are_fixed():
    assert {kind for kind in MessageKind if is_fixed(kind)} == ALARMS


def at(zone, text):
    """Return the UTC instant of a local time such as “2026-03-12 22:30”."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)


NIGHT = (time(22), time(7))
NOON = (time(12), time(13, 30))


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "leaves"),
    [
        (SUZHOU, NIGHT, "2026-03-12 21:59", "2026-03-12 21:59"),
        (SUZHOU, NIGHT, "2026-03-12 22:00", "2026-03-13 07:00"),
        (SUZHOU, NIGHT, "2026-03-12 23:59", "2026-03-13 07:00"),
        (SUZHOU, NIGHT, "2026-03-13 00:00", "2026-03-13 07:00"),
        (SUZHOU, NIGHT, "2026-03-13 06:59", "2026-03-13 07:00"),
        (SUZHOU, NIGHT, "2026-03-13 07:00", "2026-03-13 07:00"),
        (SUZHOU, NIGHT, "2026-12-31 23:00", "2027-01-01 07:00"),
        (SUZHOU, NOON, "2026-03-12 11:59", "2026-03-12 11:59"),
        (SUZHOU, NOON, "2026-03-12 12:00", "2026-03-12 13:30"),
        (SUZHOU, NOON, "2026-03-12 13:30", "2026-03-12 13:30"),
        (SUZHOU, (time(22), time(0)), "2026-03-12 23:00", "2026-03-13 00:00"),
        (SUZHOU, (time(0), time(7)), "2026-03-12 00:00", "2026-03-12 07:00"),
        # nothing is quiet
        (SUZHOU, (None, None), "2026-03-12 23:00", "2026-03-12 23:00"),
        (SUZHOU, (time(22), None), "2026-03-12 23:00", "2026-03-12 23:00"),
        (SUZHOU, (None, time(7)), "2026-03-12 23:00", "2026-03-12 23:00"),
        (SUZHOU, (time(7), time(7)), "2026-03-12 23:00", "2026-03-12 23:00"),
        # Brno: the night of 29 March 2026 has 23 hours, that of 25 October 25
        (BRNO, NIGHT, "2026-03-28 22:30", "2026-03-29 07:00"),
        (BRNO, NIGHT, "2026-10-24 22:30", "2026-10-25 07:00"),
        # 02:30 does not occur on 29 March: the hours end an hour later, at 03:30
        (BRNO, (time(22), time(2, 30)), "2026-03-29 01:00", "2026-03-29 03:30"),
        # and would begin later than they end: there are none that day
        (BRNO, (time(2, 10), time(3, 5)), "2026-03-29 03:04", "2026-03-29 03:04"),
        # 02:30 occurs twice on 25 October: the first counts
        (BRNO, (time(22), time(2, 30)), "2026-10-25 01:59", "2026-10-25 02:30"),
    ],
)
def test_quiet_hours_hold_a_message_until_their_end(zone, quiet, now, leaves):
    held = leaves_at(at(zone, now), quiet_from=quiet[0], quiet_until=quiet[1], zone=zone, due_at=None)
    assert held == at(zone, leaves)


def test_the_second_half_past_two_is_not_quiet_any_more():
    again = at(BRNO, "2026-10-25 02:15") + timedelta(hours=1)
    assert leaves_at(again, quiet_from=time(22), quiet_until=time(2, 30), zone=BRNO, due_at=None) == again


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        ("2026-03-10 12:00", "2026-03-12 23:00"),  # fallen due long ago
        ("2026-03-12 23:00", "2026-03-12 23:00"),  # this moment
        ("2026-03-13 03:00", "2026-03-12 23:00"),  # in the night
        ("2026-03-13 07:00", "2026-03-12 23:00"),  # the moment the night ends: held, it would come too late
        ("2026-03-13 07:01", "2026-03-13 07:00"),
        ("2026-03-14 03:00", "2026-03-13 07:00"),  # in the next night
    ],
)
def test_quiet_hours_never_hold_an_alarm_whose_milestone_falls_due_within_them(due, leaves):
    held = leaves_at(
        at(SUZHOU, "2026-03-12 23:00"),
        quiet_from=NIGHT[0],
        quiet_until=NIGHT[1],
        zone=SUZHOU,
        due_at=at(SUZHOU, due),
    )
    assert held == at(SUZHOU, leaves)


def test_an_instant_needs_a_zone():
    with pytest.raises(ImplausibleError):
        leaves_at(datetime(2026, 3, 12), quiet_from=None, quiet_until=None, zone=SUZHOU, due_at=None)  # noqa: DTZ001
    with pytest.raises(ImplausibleError):
        next_digest(datetime(2026, 3, 12), time(8), SUZHOU)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "now", "clock", "due"),
    [
        (SUZHOU, "2026-03-12 07:59", time(8), "2026-03-12 08:00"),
        (SUZHOU, "2026-03-12 08:00", time(8), "2026-03-13 08:00"),
        (SUZHOU, "2026-12-31 08:01", time(8), "2027-01-01 08:00"),
        (BRNO, "2026-03-28 08:00", time(8), "2026-03-29 08:00"),
        (BRNO, "2026-03-29 01:00", time(2, 30), "2026-03-29 03:30"),
        (BRNO, "2026-10-25 01:00", time(2, 30), "2026-10-25 02:30"),
    ],
)
def test_the_next_digest(zone, now, clock, due):
    assert next_digest(at(zone, now), clock, zone) == at(zone, due)


def test_a_time_shown_twice_brings_one_digest():
    first = next_digest(at(BRNO, "2026-10-25 01:00"), time(2, 30), BRNO)
    assert next_digest(first, time(2, 30), BRNO) == at(BRNO, "2026-10-26 02:30")


moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES)


@given(now=moments, quiet_from=clocks, quiet_until=clocks, zone=zones)
def test_a_message_is_never_early_never_lost_and_never_leaves_in_quiet_hours(
    now, quiet_from, quiet_until, zone
):
    def leaves(moment):
        return leaves_at(moment, quiet_from=quiet_from, quiet_until=quiet_until, zone=zone, due_at=None)

    held = leaves(now)
    assert now <= held <= now + timedelta(hours=26)
    assert leaves(held) == held


@given(
    now=moments,
    quiet_from=st.none() | clocks,
    quiet_until=st.none() | clocks,
    zone=zones,
    ahead=st.timedeltas(timedelta(days=-3), timedelta(days=3)),
)
def test_an_alarm_leaves_before_its_milestone_falls_due(now, quiet_from, quiet_until, zone, ahead):
    quiet = {"quiet_from": quiet_from, "quiet_until": quiet_until, "zone": zone}
    held = leaves_at(now, **quiet, due_at=now + ahead)
    assert held in (now, leaves_at(now, **quiet, due_at=None))
    assert held == now or held < now + ahead


@given(now=moments, clock=clocks, zone=zones)
def test_digests_come_once_a_day(now, clock, zone):
    first = next_digest(now, clock, zone)
    second = next_digest(first, clock, zone)
    assert now < first <= now + timedelta(hours=26)
    assert first.astimezone(zone).date() + timedelta(days=1) == second.astimezone(zone).date()
