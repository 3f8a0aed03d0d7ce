"""Both ends of a stop, minute by minute: its beginning belongs to it, its end does not."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.clock.due import Deadline, compute, verdict
from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.profile import MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.domain.clock.ticks import due_instants
from tests.domain.clock import published

SHANGHAI, PRAGUE = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Prague")
CHINA = published.china_of(2024, 2025, 2026)
MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)
MINUTES = range(-5, 6)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def deadline(
    started, *stops, amount=2, unit=Unit.WORKING_DAYS, calendar=CHINA, zone=SHANGHAI, now=LATER
) -> Deadline:
    given = {"calendar": calendar, "close_of_business": time(17, 30), "zone": zone, "sample_needed": None}
    profile = Profile("p", 1, (MilestoneSpec("m", amount, unit, StartEvent.RECEIVED, True),))
    starts = {StartEvent.RECEIVED: started}
    own = [ClockStop(first, last, StopReason.LABORATORY) for first, last in stops]
    (told,) = compute(profile, starts, own, now=now, **given)
    (quick,) = due_instants(profile, starts, own, now=now, **given)
    assert quick == (told.contractual_due_at, told.due_at, told.provisional)
    return told


# Started on; the tick that the stop is laid around; due without it, due where it swallows that tick.
TICKS = [
    ("2026-03-12", "2026-03-13", "2026-03-16", "2026-03-17"),  # a Friday
    ("2026-03-12", "2026-03-16", "2026-03-16", "2026-03-17"),  # the due date itself
    ("2026-02-12", "2026-02-14", "2026-02-14", "2026-02-24"),  # a moved Saturday: nine days are lost
    ("2026-09-18", "2026-09-20", "2026-09-21", "2026-09-22"),  # a moved Sunday
    ("2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09"),  # the last day before seven off
    ("2024-12-30", "2024-12-31", "2025-01-02", "2025-01-03"),  # the year's last tick
    ("2025-12-31", "2026-01-04", "2026-01-05", "2026-01-06"),  # its first
]


@pytest.mark.parametrize(("started", "tick", "due", "moved"), TICKS)
def test_a_stop_around_one_tick(started, tick, due, moved):
    """Every pair of minutes around close of business as beginning and end."""
    begun, close = at(f"{started}T10:00"), at(f"{tick}T17:30")
    for first in MINUTES:
        for last in MINUTES:
            if last < first:
                continue
            found = deadline(begun, (close + first * MINUTE, close + last * MINUTE))
            swallowed = first <= 0 < last
            assert found.due_at == at(f"{moved if swallowed else due}T17:30"), (first, last)
            assert found.contractual_due_at == at(f"{due}T17:30")
            skipped = [one.on.isoformat() for one in found.ledger if one.kind is LedgerKind.SKIPPED_TICK]
            assert skipped == ([tick] if swallowed else [])


@pytest.mark.parametrize(
    ("first", "last", "swallowed"),
    [
        (timedelta(0), MICROSECOND, True),
        (-MICROSECOND, timedelta(0), False),
        (MICROSECOND, MINUTE, False),
        (timedelta(0), timedelta(0), False),  # as long as nothing
    ],
)
def test_an_end_is_exact(first, last, swallowed):
    close = at("2026-03-13T17:30")
    found = deadline(at("2026-03-12T10:00"), (close + first, close + last))
    assert found.due_at == at("2026-03-17T17:30" if swallowed else "2026-03-16T17:30")


def test_two_stops_that_meet_in_a_tick_are_one():
    """The second begins where the first ends: the tick between them is the second's."""
    close = at("2026-03-13T17:30")
    found = deadline(at("2026-03-12T10:00"), (close - MINUTE, close), (close, close + MINUTE))
    assert found.due_at == at("2026-03-17T17:30")
    apart = deadline(at("2026-03-12T10:00"), (close - MINUTE, close), (close + MICROSECOND, close + MINUTE))
    assert apart.due_at == at("2026-03-16T17:30")


def test_a_stop_that_runs_swallows_the_tick_once_it_has_passed():
    """Until then the date stands as if the stop ended now."""
    close = at("2026-03-13T17:30")
    for minute in MINUTES:
        found = deadline(at("2026-03-12T10:00"), (at("2026-03-13T09:00"), None), now=close + minute * MINUTE)
        assert found.due_at == at("2026-03-17T17:30" if minute > 0 else "2026-03-16T17:30"), minute
        assert found.paused


def test_hours_stand_still_for_exactly_as_long_as_a_stop_lasts():
    started, due = at("2026-03-12T16:40"), at("2026-03-13T16:40")
    for minute in MINUTES:
        over_the_start = deadline(
            started, (started - 60 * MINUTE, started + minute * MINUTE), amount=24, unit=Unit.CLOCK_HOURS
        )
        assert over_the_start.due_at == due + max(minute, 0) * MINUTE
        at_the_end = deadline(
            started, (due + minute * MINUTE, due + 60 * MINUTE), amount=24, unit=Unit.CLOCK_HOURS
        )
        assert at_the_end.due_at == due + ((60 - minute) * MINUTE if minute <= 0 else timedelta(0))


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [
        # the clocks go forward: 01:30 to 03:30 is one hour, and 24 hours from noon are over at 13:00
        ("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00", "2026-03-29T14:00+02:00"),
        # a stop of the one missing minute's both sides lasts two minutes
        ("2026-03-29T01:59+01:00", "2026-03-29T03:01+02:00", "2026-03-29T13:02+02:00"),
    ],
)
def test_a_stop_over_the_missing_hour_is_as_long_as_it_lasted(first, last, due):
    found = deadline(
        at("2026-03-28T12:00", PRAGUE),
        (datetime.fromisoformat(first), datetime.fromisoformat(last)),
        amount=24,
        unit=Unit.CLOCK_HOURS,
        calendar=published.czech(),
        zone=PRAGUE,
    )
    assert found.due_at == datetime.fromisoformat(due)


def test_a_stop_over_the_hour_that_comes_twice_is_as_long_as_it_lasted():
    """From half past two to half past two: one hour."""
    half_past = at("2026-10-25T02:30", PRAGUE)
    found = deadline(
        at("2026-10-24T12:00", PRAGUE),
        (half_past.replace(fold=0).astimezone(UTC), half_past.replace(fold=1).astimezone(UTC)),
        amount=24,
        unit=Unit.CLOCK_HOURS,
        calendar=published.czech(),
        zone=PRAGUE,
    )
    assert found.due_at == datetime.fromisoformat("2026-10-25T12:00+01:00")


@pytest.mark.parametrize(
    ("started", "tick", "due", "moved"),
    [
        ("2026-03-26", "2026-03-30", "2026-03-30", "2026-03-31"),  # the first tick in summer time
        ("2026-10-22", "2026-10-26", "2026-10-26", "2026-10-27"),  # the first in winter time
        ("2026-10-26", "2026-10-29", "2026-10-29", "2026-10-30"),  # after a holiday
    ],
)
def test_a_stop_around_a_tick_in_brno(started, tick, due, moved):
    czech = published.czech()
    close = at(f"{tick}T17:30", PRAGUE)
    for first in MINUTES:
        for last in range(first, 6):
            ends = [(close + minute * MINUTE) for minute in (first, last)]
            found = deadline(at(f"{started}T10:00", PRAGUE), tuple(ends), calendar=czech, zone=PRAGUE)
            assert found.due_at == at(f"{moved if first <= 0 < last else due}T17:30", PRAGUE), (first, last)


def test_an_answer_at_any_minute_around_the_due_instant():
    """What is met at the due instant itself is in time."""
    found = deadline(at("2026-03-12T10:00"))
    for minute in MINUTES:
        said = verdict(found, met_at=at("2026-03-16T17:30") + minute * MINUTE, now=LATER, accepts_stops=True)
        assert (said.is_late, said.late_by) == (minute > 0, max(minute, 0) * MINUTE)
