"""The months that a clock ran through, day by day with what each day was to it (procedure 4: why this date)."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.steps import Step, Told


class DayRole(StrEnum):
    """What a day was to a clock; a day may be several things at once."""

    START = "start"
    TICK = "tick"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    OWN_OFF = "own_off"
    OFF = "off"  # a day off kept without its kind
    MOVED = "moved"  # worked although it is a weekend: a working day was moved here
    OWN_ON = "own_on"
    STOPPED = "stopped"
    CONTRACTUAL = "contractual"
    AGREED = "agreed"
    PROVISIONAL = "provisional"
    TODAY = "today"


_OF_CODE = {
    "day.holiday": DayRole.HOLIDAY,
    "day.weekend": DayRole.WEEKEND,
    "day.own_off": DayRole.OWN_OFF,
    "day.moved": DayRole.MOVED,
    "day.own_on": DayRole.OWN_ON,
}


@dataclass(frozen=True, slots=True)
class PictureDay:
    """One day; ``count`` is the tick it was, ``sentences`` what the ledger says of it."""

    on: date
    roles: frozenset[DayRole] = frozenset()
    count: int | None = None
    sentences: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureMonth:
    """One month in weeks from Monday to Sunday; None for places that belong to its neighbours."""

    year: int
    month: int
    weeks: tuple[tuple[PictureDay | None, ...], ...]


def months(
    steps: Sequence[Step],
    *,
    contractual_due_at: datetime,
    agreed_due_at: datetime,
    zone: tzinfo,
    now: datetime,
) -> tuple[PictureMonth, ...]:
    """Return every month from the start to the later of the two dates, the earliest first.

    Days are plant-local. A day is stopped where a stop covers any part of it; the end of a stop at midnight
    leaves the day that begins there free. Today is marked where it lies within these months.
    """
    roles: defaultdict[date, set[DayRole]] = defaultdict(set)
    for step in steps:
        roles[step.on] |= _roles(step)
        if step.kind is LedgerKind.STOP and step.at is not None:
            # A stop kept without its end had been resumed: a running one is never kept.
            for on in _days_between(step.at, step.until or (now if step.code else None), zone):
                roles[on].add(DayRole.STOPPED)
    contractual_on, agreed_on = (at.astimezone(zone).date() for at in (contractual_due_at, agreed_due_at))
    roles[contractual_on].add(DayRole.CONTRACTUAL)
    roles[agreed_on].add(DayRole.AGREED)
    roles[now.astimezone(zone).date()].add(DayRole.TODAY)
    days = {
        on: PictureDay(
            on=on,
            roles=frozenset(found),
            count=next(
                (step.count for step in steps if step.on == on and step.kind is LedgerKind.TICK), None
            ),
            sentences=tuple(step.sentence for step in steps if step.on == on),
        )
        for on, found in roles.items()
    }
    last = max(contractual_on, agreed_on)
    return tuple(_month(year, month, days) for year, month in _months_between(steps[0].on, last))


def _roles(step: Step) -> set[DayRole]:
    """Return what the step makes of its day; the due days are marked from the dates themselves."""
    match step.kind:
        case LedgerKind.START:
            return {DayRole.START}
        case LedgerKind.TICK:
            return {DayRole.TICK, _OF_CODE.get(step.code, DayRole.TICK)}
        case LedgerKind.SKIPPED_DAY:
            return {_OF_CODE.get(step.code, DayRole.OFF)}
        case LedgerKind.SKIPPED_TICK | LedgerKind.STOP:
            return {DayRole.STOPPED}
        case LedgerKind.PROVISIONAL:
            return {DayRole.PROVISIONAL}
    return set()


def _days_between(from_at: datetime, to_at: datetime | None, zone: tzinfo) -> Iterator[date]:
    """Yield the local days that a stop covers, its end excluded; none where its end was not kept."""
    if to_at is None or to_at <= from_at:
        return
    on = from_at.astimezone(zone).date()
    until = (to_at - timedelta(microseconds=1)).astimezone(zone).date()
    while on <= until:
        yield on
        on += timedelta(days=1)


def _months_between(first: date, last: date) -> Iterator[tuple[int, int]]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _month(year: int, month: int, days: Mapping[date, PictureDay]) -> PictureMonth:
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return PictureMonth(
        year,
        month,
        tuple(
            tuple(days.get(on) or PictureDay(on) if on.month == month else None for on in week)
            for week in weeks
        ),
    )
