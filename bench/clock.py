"""How many deadlines are computed per second on the official Chinese calendar, without and with their ledgers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from eightd.domain.clock import due, profile
from eightd.domain.clock.profile import StartEvent
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.domain.clock.ticks import due_instants
from eightd.persistence.official_days import official_calendar

_BEGIN = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)
_NOW = _BEGIN + timedelta(days=700)
_SHANGHAI = ZoneInfo("Asia/Shanghai")

_Starts = Mapping[StartEvent, datetime | None]
_Compute = Callable[[_Starts, Sequence[ClockStop]], int]


def deadlines_per_second(*, ledger: bool, stopped: bool) -> float:
    """Return how many milestones get both dates in a second, each complaint with the standard's milestones."""
    calendar = official_calendar("CN")

    def instants(starts: _Starts, stops: Sequence[ClockStop]) -> int:
        return len(
            due_instants(
                profile.STANDARD,
                starts,
                stops,
                calendar=calendar,
                zone=_SHANGHAI,
                sample_needed=True,
                now=_NOW,
            )
        )

    def explained(starts: _Starts, stops: Sequence[ClockStop]) -> int:
        return len(
            due.compute(
                profile.STANDARD,
                starts,
                stops,
                calendar=calendar,
                zone=_SHANGHAI,
                sample_needed=True,
                now=_NOW,
            )
        )

    return _rate(explained, 3_000, stopped=stopped) if ledger else _rate(instants, 60_000, stopped=stopped)


def _rate(compute: _Compute, complaints: int, *, stopped: bool) -> float:
    cases: list[tuple[_Starts, tuple[ClockStop, ...]]] = []
    for number in range(complaints):
        received_at = _BEGIN + timedelta(minutes=37 * number % (60 * 24 * 600))
        begun = received_at + timedelta(hours=60)
        stop = ClockStop(begun, begun + timedelta(hours=28), StopReason.LABORATORY, "X-Ray")
        starts = {
            StartEvent.RECEIVED: received_at,
            StartEvent.SAMPLE_RECEIVED: received_at + timedelta(hours=40),
        }
        cases.append((starts, (stop,) if stopped else ()))
    begun_at = perf_counter()
    computed = sum(compute(starts, stops) for starts, stops in cases)
    return computed / (perf_counter() - begun_at)
