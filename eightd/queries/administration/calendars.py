"""Working calendars by name and version, who goes by them, and a year of one (procedure 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.words import Message
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.official_days import official_calendar
from eightd.persistence.repositories import rules
from eightd.persistence.tables.catalogue import CalendarRow, CustomerRow, DayValue
from eightd.persistence.tables.people import PlantRow, UserRow

LISTED = 50
"""Customers of a calendar that are named; the others are counted."""


class DayMark(StrEnum):
    """What decides on a day, in the order in which the calendar asks."""

    OWN_OFF = "own_off"
    OWN_ON = "own_on"
    MOVED = "moved"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    WORKING = "working"


ORDINARY = frozenset({DayMark.WEEKEND, DayMark.WORKING})


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of a year."""

    on: date
    mark: DayMark
    working: bool
    provisional: bool
    reason: Message


@dataclass(frozen=True, slots=True)
class DaysView:
    """Days in a row, both ends included, of the same mark and reason."""

    first: date
    last: date
    mark: DayMark
    reason: Message


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month: its weeks from Monday, None where a week belongs to another month, and what is not ordinary.

    ``provisional_from`` is its first day that an official table still to come may change, else None.
    """

    first: date
    working: int
    off: int
    provisional_from: date | None
    weeks: tuple[tuple[DayView | None, ...], ...]
    days: tuple[DaysView, ...]


@dataclass(frozen=True, slots=True)
class YearView:
    """A year of a calendar; provisional while its official table is still to come."""

    year: int
    provisional: bool
    working: int
    off: int
    months: tuple[MonthView, ...]


@dataclass(frozen=True, slots=True)
class OwnDayView:
    """A day beside the library's table; ``reason_en`` is empty where one text serves both languages."""

    on: date
    reason: str
    reason_en: str
    official: bool


@dataclass(frozen=True, slots=True)
class CalendarVersionView:
    """One version with its own days; ``official`` is the country's table that it was made with."""

    name: str
    number: int
    country: str
    official: str
    off: tuple[OwnDayView, ...]
    on: tuple[OwnDayView, ...]
    final_years: tuple[int, ...]
    created_at: datetime
    created_by: str

    @property
    def ref(self) -> str:
        """Return name and version as in ``CN@2``."""
        return f"{self.name}@{self.number}"


@dataclass(frozen=True, slots=True)
class CalendarNameView:
    """A name with its newest version, and which plants and how many active customers go by it."""

    name: str
    newest: int
    country: str
    own_days: int
    final_until: int
    created_at: datetime
    plants: tuple[str, ...]
    customers: int


@dataclass(frozen=True, slots=True)
class FollowerView:
    """A plant or a customer that goes by a calendar."""

    id: int
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class FollowersView:
    """Which plants and active customers of the actor's go by a calendar.

    ``other_plants`` and ``other_customers`` count those that are not listed.
    """

    plants: tuple[FollowerView, ...]
    customers: tuple[FollowerView, ...]
    other_plants: int
    other_customers: int


def names(session: Session) -> tuple[CalendarNameView, ...]:
    """Return every name in order."""
    newest = (
        sa.select(CalendarRow.name, sa.func.max(CalendarRow.number).label("number"))
        .group_by(CalendarRow.name)
        .subquery()
    )
    rows = session.execute(
        sa.select(CalendarRow)
        .join(newest, sa.and_(CalendarRow.name == newest.c.name, CalendarRow.number == newest.c.number))
        .order_by(CalendarRow.name)
    ).scalars()
    plants: dict[str, list[str]] = {}
    for name, code in session.execute(sa.select(PlantRow.calendar, PlantRow.code).order_by(PlantRow.code)):
        plants.setdefault(name, []).append(code)
    customers = dict(
        session.execute(
            sa.select(CustomerRow.calendar, sa.func.count())
            .where(CustomerRow.active, CustomerRow.calendar.is_not(None))
            .group_by(CustomerRow.calendar)
        ).all()
    )
    return tuple(
        CalendarNameView(
            name=row.name,
            newest=row.number,
            country=row.country,
            own_days=len(row.days_off) + len(row.days_on),
            final_until=max(rules.working_calendar(row).official_years, default=0),
            created_at=row.created_at,
            plants=tuple(plants.get(row.name, ())),
            customers=customers.get(row.name, 0),
        )
        for row in rows
    )


def versions(session: Session, name: str) -> tuple[CalendarVersionView, ...]:
    """Return the versions of a name, newest first; none for a name that does not exist."""
    rows = session.execute(
        sa.select(CalendarRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == CalendarRow.created_by)
        .where(CalendarRow.name == name)
        .order_by(CalendarRow.number.desc())
    ).all()
    return tuple(
        CalendarVersionView(
            name=row.name,
            number=row.number,
            country=row.country,
            official=row.official,
            off=_own_days(row.days_off.items()),
            on=_own_days(row.days_on.items()),
            final_years=tuple(row.final_years or ()),
            created_at=row.created_at,
            created_by=by or "",
        )
        for row, by in rows
    )


def followers(session: Session, actor: Actor, name: str) -> FollowersView:
    """Return who goes by the calendar of that name; what a customer has agreed goes before its plant's."""
    plants = [
        FollowerView(*one)
        for one in session.execute(
            sa.select(PlantRow.id, PlantRow.code, PlantRow.name, PlantRow.name_en)
            .where(PlantRow.calendar == name)
            .order_by(PlantRow.code)
        )
    ]
    theirs = tuple(one for one in plants if one.id in actor.plants)
    going = sa.select(CustomerRow.id, CustomerRow.code, CustomerRow.name, CustomerRow.name_en).where(
        CustomerRow.calendar == name, CustomerRow.active
    )
    total = session.execute(sa.select(sa.func.count()).select_from(going.subquery())).scalar_one()
    if actor.customers is not None:
        going = going.where(CustomerRow.id.in_(actor.customers))
    found = session.execute(going.order_by(CustomerRow.code).limit(LISTED))
    customers = tuple(FollowerView(*one) for one in found)
    return FollowersView(theirs, customers, len(plants) - len(theirs), total - len(customers))


def official_years(country: str) -> frozenset[int]:
    """Return the years of which the library has the country's official table."""
    return official_calendar(country).official_years


def doubtful_days(calendar: WorkingCalendar, country: str, years: Collection[int]) -> tuple[DaysView, ...]:
    """Return the holidays that the library expects in years called complete although the calendar works on them.

    Perhaps the table has moved them; more often a line is missing. Years that the library knows are left out.
    """
    library = official_calendar(country)
    days = [
        DayView(on, DayMark.HOLIDAY, working=True, provisional=False, reason=name.message())
        for on, name in sorted(library.holidays.items())
        if on.year in years and on.year not in library.official_years and calendar.day(on).working
    ]
    return _in_a_row(days)


def year_of(calendar: WorkingCalendar, year: int) -> YearView:
    """Return what a year of the calendar looks like."""
    months = tuple(_month(calendar, year, month) for month in range(1, 13))
    return YearView(
        year=year,
        provisional=year not in calendar.official_years,
        working=sum(month.working for month in months),
        off=sum(month.off for month in months),
        months=months,
    )


def _own_days(items: Iterable[tuple[str, DayValue]]) -> tuple[OwnDayView, ...]:
    days = []
    for day, value in sorted(items):
        name = rules.day_name(value)
        days.append(
            OwnDayView(
                on=date.fromisoformat(day),
                reason=name.zh,
                reason_en="" if name.en == name.zh else name.en,
                official=rules.is_of_a_table(value),
            )
        )
    return tuple(days)


def _month(calendar: WorkingCalendar, year: int, month: int) -> MonthView:
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    days = [_day(calendar, first + timedelta(days=offset)) for offset in range((after - first).days)]
    cells: list[DayView | None] = [None] * first.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    working = sum(day.working for day in days)
    return MonthView(
        first=first,
        working=working,
        off=len(days) - working,
        provisional_from=next((day.on for day in days if day.provisional), None),
        weeks=tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7)),
        days=_in_a_row(days),
    )


def _day(calendar: WorkingCalendar, on: date) -> DayView:
    kind = calendar.day(on)
    return DayView(on, _mark(calendar, on), kind.working, kind.provisional, kind.reason)


def _in_a_row(days: Iterable[DayView]) -> tuple[DaysView, ...]:
    """Join neighbours of the same mark and reason; ordinary days are left out."""
    found: list[DaysView] = []
    for day in days:
        if day.mark in ORDINARY:
            continue
        last = found[-1] if found else None
        if (
            last is not None
            and last.last == day.on - timedelta(days=1)
            and (last.mark, last.reason) == (day.mark, day.reason)
        ):
            found[-1] = DaysView(last.first, day.on, day.mark, day.reason)
        else:
            found.append(DaysView(day.on, day.on, day.mark, day.reason))
    return tuple(found)


def _mark(calendar: WorkingCalendar, on: date) -> DayMark:
    for mark, days in (
        (DayMark.OWN_OFF, calendar.own_days_off),
        (DayMark.OWN_ON, calendar.own_days_on),
        (DayMark.MOVED, calendar.working_days),
        (DayMark.HOLIDAY, calendar.holidays),
    ):
        if on in days:
            return mark
    return DayMark.WEEKEND if on.weekday() in calendar.weekend else DayMark.WORKING
