"""Due instants of many complaints at once, without a ledger (procedure 4: the working-day clock)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.instants import EARLIEST_YEAR, LATEST_YEAR, as_utc, wall_clock_instant
from eightd.domain.clock.profile import Profile, StartEvent, Unit
from eightd.domain.clock.starts import start_event
from eightd.domain.clock.stops import ClockStop, Interval, run_on, stopped_intervals
from eightd.domain.errors import OutOfReachError
from eightd.domain.words import Phrase

CLOSE_OF_BUSINESS = time(17, 30)
"""When a working day ends where the plant says nothing else; plant-local."""

EVERY_DAY = WorkingCalendar(
    "calendar-days",
    "1",
    weekend=frozenset(),
    official_years=frozenset(range(EARLIEST_YEAR - 1, LATEST_YEAR + 8)),
)
"""The calendar of milestones in calendar days: every day ticks, and no table is waited for."""

LONGEST_WALK = 1_830
"""How many days after its start, or after the end of its last stop, a clock is followed: five years."""

_NEAR = 60  # most deadlines are reached within so many days, so the table starts small

_OUT_OF_REACH = Phrase(
    "clock.out_of_reach",
    "The calendar {calendar} has too few working days to reach the due date within five years.",
    "日历 {calendar} 的工作日过少，五年内无法到达期限。",
)


class DueInstants(NamedTuple):
    """Both dates of a running milestone, in UTC, and whether either reached a year without official table."""

    contractual_due_at: datetime
    due_at: datetime
    provisional: bool


def last_day_followed(start_ordinal: int, intervals: Sequence[Interval], zone: tzinfo) -> int:
    """Return the ordinal of the last plant-local day on which a clock may still tick."""
    if intervals:
        start_ordinal = max(start_ordinal, intervals[-1].to_at.astimezone(zone).toordinal())
    return start_ordinal + LONGEST_WALK


def out_of_reach(calendar: WorkingCalendar) -> OutOfReachError:
    """Return the error for a calendar that works too seldom."""
    return OutOfReachError(_OUT_OF_REACH.say(calendar=calendar.ref))


@dataclass(frozen=True, slots=True)
class _Table:
    """Every tick between two days; the per-day columns are indexed from ``first``, an ordinal."""

    first: int
    last: int
    ticks: tuple[datetime, ...]
    tick_days: tuple[int, ...]
    next_tick: tuple[int, ...]  # per day: index of the first tick after it
    provisional_days: tuple[int, ...]  # per day: how many provisional days up to and including it


class TickClock:
    """The working-day clock of one calendar, close of business and zone, tabulated as far as it was asked for."""

    def __init__(self, calendar: WorkingCalendar, close_of_business: time, zone: tzinfo) -> None:
        self._calendar = calendar
        self._close_of_business = close_of_business
        self._zone = zone
        self._table = _Table(1, 0, (), (), (), ())

    def due(self, amount: int, started_at: datetime, intervals: Sequence[Interval]) -> DueInstants:
        """Return the contractual and the agreed instant of the ``amount``-th tick.

        ``started_at`` is in UTC; the plant-local day it falls on never counts. ``intervals`` are merged and in
        order. Raises OutOfReachError beyond the last day followed.
        """
        zone = self._zone
        start = started_at.astimezone(zone).toordinal()
        limit = last_day_followed(start, intervals, zone)
        due = self._count(
            self._covering(start, limit - LONGEST_WALK + _NEAR), amount, start, limit, intervals
        )
        if due is None:
            due = self._count(self._covering(start, limit), amount, start, limit, intervals)
        if due is None:
            raise out_of_reach(self._calendar)
        return due

    @staticmethod
    def _count(
        table: _Table, amount: int, start: int, limit: int, intervals: Sequence[Interval]
    ) -> DueInstants | None:
        """Return the dates, or None where the table or the walk ends before them; it covers every interval."""
        ticks = table.ticks
        first = table.next_tick[start - table.first]
        index = contractual = first + amount - 1
        for from_at, to_at in intervals:
            begin = max(bisect_left(ticks, from_at), first)
            if begin > index:
                break
            index += max(bisect_left(ticks, to_at), first) - begin
        if index >= len(ticks) or table.tick_days[index] > limit:
            return None
        reached = table.tick_days[index]
        provisional = (
            table.provisional_days[reached - table.first] > table.provisional_days[start - table.first]
        )
        return DueInstants(ticks[contractual], ticks[index], provisional)

    def _covering(self, first: int, last: int) -> _Table:
        """Return a table of whole years that covers the days, and all that was covered before."""
        old = self._table
        if old.first <= first and last <= old.last:
            return old
        if old.first <= old.last:
            first, last = min(first, old.first), max(last, old.last)
        day = date(date.fromordinal(first).year, 1, 1)
        end = date(date.fromordinal(last).year, 12, 31)
        ticks: list[datetime] = []
        tick_days: list[int] = []
        next_tick: list[int] = []
        provisional_days: list[int] = []
        provisional = 0
        first = day.toordinal()
        while day <= end:
            kind = self._calendar.day(day)
            if kind.working:
                ticks.append(wall_clock_instant(day, self._close_of_business, self._zone))
                tick_days.append(day.toordinal())
            provisional += kind.provisional
            next_tick.append(len(ticks))
            provisional_days.append(provisional)
            day += timedelta(days=1)
        columns = (tuple(ticks), tuple(tick_days), tuple(next_tick), tuple(provisional_days))
        self._table = _Table(first, end.toordinal(), *columns)
        return self._table


@lru_cache(maxsize=256)
def tick_clock(calendar: WorkingCalendar, close_of_business: time, zone: tzinfo) -> TickClock:
    """Return the clock of these three, the same one each time so that its table is made once."""
    return TickClock(calendar, close_of_business, zone)


def due_instants(
    profile: Profile,
    starts: Mapping[StartEvent, datetime | None],
    stops: Sequence[ClockStop],
    *,
    calendar: WorkingCalendar,
    close_of_business: time = CLOSE_OF_BUSINESS,
    zone: tzinfo,
    sample_needed: bool | None,
    now: datetime,
) -> tuple[DueInstants | None, ...]:
    """Return the dates of each milestone of the profile, in its order; None for one that has not started.

    The same dates as ``due.compute``, without the ledger: made for sweeps and lists. Errors as there.
    """
    intervals = stopped_intervals(stops, now) if stops else ()
    found: list[DueInstants | None] = []
    for spec in profile.milestones:
        given = starts.get(start_event(spec, sample_needed))
        if given is None:
            found.append(None)
            continue
        started_at = as_utc(given)
        own_intervals = intervals if spec.stoppable else ()
        if spec.unit is Unit.CLOCK_HOURS:
            hours = timedelta(hours=spec.amount)
            found.append(DueInstants(started_at + hours, run_on(started_at, hours, own_intervals), False))
            continue
        days = calendar if spec.unit is Unit.WORKING_DAYS else EVERY_DAY
        found.append(tick_clock(days, close_of_business, zone).due(spec.amount, started_at, own_intervals))
    return tuple(found)
