"""Times in which a clock does not run."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from eightd.domain.clock.instants import as_utc
from eightd.domain.clock.stops import ClockStop, Interval, StopReason, run_on, running_stop, stopped_intervals
from eightd.domain.errors import ImplausibleError

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def stop(
    first: float, last: float | None, reason: StopReason = StopReason.LABORATORY, note: str = ""
) -> ClockStop:
    return ClockStop(NOON + first * HOUR, None if last is None else NOON + last * HOUR, reason, note)


def hours(*pairs: tuple[float, float]) -> tuple[Interval, ...]:
    return tuple(Interval(NOON + first * HOUR, NOON + last * HOUR) for first, last in pairs)


def test_overlapping_and_touching_stops_become_one():
    stops = [stop(5, 7), stop(0, 2), stop(1, 3), stop(3, 4), stop(1, 1.5), stop(8, 8)]
    assert stopped_intervals(stops, NOON) == hours((0, 4), (5, 7))


def test_a_running_stop_lasts_until_now():
    assert stopped_intervals([stop(0, None)], NOON + 2 * HOUR) == hours((0, 2))
    assert stopped_intervals([stop(3, None)], NOON + 2 * HOUR) == ()
    assert running_stop([stop(1, None), stop(0, None), stop(0, 9)], NOON + HOUR) == stop(0, None)
    assert running_stop([stop(2, None), stop(0, 9)], NOON + HOUR) is None


@pytest.mark.parametrize(
    ("stops", "due"),
    [
        ((), 10),
        (((-5, -1),), 10),
        (((-5, 0),), 10),
        (((-5, 2),), 12),
        (((4, 6),), 12),
        (((10, 12),), 12),  # reached at the very beginning of the stop: inside it
        (((11, 12),), 10),
        (((4, 6), (11, 12)), 13),
        (((4, 6), (13, 14)), 12),
    ],
)
def test_clock_hours_stand_still_in_stops(stops, due):
    assert run_on(NOON, 10 * HOUR, hours(*stops)) == NOON + due * HOUR


def test_a_stop_is_kept_in_utc():
    east = timezone(timedelta(hours=8))
    kept = ClockStop(NOON.astimezone(east), (NOON + HOUR).astimezone(east), StopReason.OTHER)
    assert (kept.from_at.tzinfo, kept.to_at and kept.to_at.tzinfo) == (UTC, UTC)
    assert kept == stop(0, 1, StopReason.OTHER)


def test_a_stop_cannot_end_before_it_begins():
    with pytest.raises(ImplausibleError, match="before it begins"):
        stop(1, 0.999)
    assert stop(1, 1).to_at == NOON + HOUR


@pytest.mark.parametrize(
    "wrong",
    [
        datetime(2026, 3, 12, 12),  # noqa: DTZ001
        datetime.min.replace(tzinfo=timezone(HOUR)),
        datetime.max.replace(tzinfo=timezone(-HOUR)),
        datetime(1899, 12, 31, tzinfo=UTC),
        datetime(2201, 1, 1, tzinfo=UTC),
    ],
)
def test_an_instant_is_aware_and_of_our_time(wrong):
    with pytest.raises(ImplausibleError):
        as_utc(wrong)


def test_the_reason_in_words():
    assert stop(0, 1).reason_words.text("zh") == "实验室测试"
    assert stop(0, 1, note="X-ray").reason_words.text("en") == "laboratory test"
    assert stop(0, 1, StopReason.OTHER).reason_words.text("en") == "other reason"
    assert stop(0, 1, StopReason.OTHER, "{strike}").reason_words.text("en") == "{strike}"
