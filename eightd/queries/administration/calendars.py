"""Working calendars by name and version, a year of one, and what a new version would move (procedure 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.words import Message
from eightd.persistence.tables.catalogue import CalendarRow, CustomerRow
from eightd.persistence.tables.people import PlantRow, UserRow


class DayMark(StrEnum):
    """Why a day is shown: everything that is not an ordinary working day or weekend."""

    HOLIDAY = "holiday"
    MOVED = "moved"
    OWN_OFF = "own_off"
    OWN_ON = "own_on"


@dataclass(frozen=True, slots=True)
class DaysView:
    """Days in a row, both ends included, of the same mark and reason."""

    first: date
    last: date
    mark: DayMark
    reason: Message


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month: how many days are worked, how many not, and the days that are not ordinary."""

    first: date
    working: int
    off: int
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
class CalendarVersionView:
    """One version with the plant's own days."""

    name: str
    number: int
    country: str
    off: tuple[tuple[date, str], ...]
    on: tuple[tuple[date, str], ...]
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
    created_at: datetime
    plants: tuple[str, ...]
    customers: int


def names(session: Session) -> tuple[CalendarNameView, ...]:
    """Return every name in order."""
    newest: dict[str, CalendarRow] = {}
    for row in session.execute(
        sa.select(CalendarRow).order_by(CalendarRow.name, CalendarRow.number)
    ).scalars():
        newest[row.name] = row
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
            name=name,
            newest=row.number,
            country=row.country,
            own_days=len(row.days_off) + len(row.days_on),
            created_at=row.created_at,
            plants=tuple(plants.get(name, ())),
            customers=customers.get(name, 0),
        )
        for name, row in newest.items()
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
            off=_days(row.days_off.items()),
            on=_days(row.days_on.items()),
            created_at=row.created_at,
            created_by=by or "",
        )
        for row, by in rows
    )


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


def _days(items: Iterable[tuple[str, str]]) -> tuple[tuple[date, str], ...]:
    return tuple(sorted((date.fromisoformat(day), reason) for day, reason in items))


def _month(calendar: WorkingCalendar, year: int, month: int) -> MonthView:
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    working = 0
    days: list[DaysView] = []
    for offset in range((after - first).days):
        on = first + timedelta(days=offset)
        kind = calendar.day(on)
        working += kind.working
        mark = _mark(calendar, on)
        if mark is None:
            continue
        last = days[-1] if days else None
        if (
            last is not None
            and last.last == on - timedelta(days=1)
            and (last.mark, last.reason) == (mark, kind.reason)
        ):
            days[-1] = DaysView(last.first, on, mark, kind.reason)
        else:
            days.append(DaysView(on, on, mark, kind.reason))
    return MonthView(first, working, (after - first).days - working, tuple(days))


def _mark(calendar: WorkingCalendar, on: date) -> DayMark | None:
    """Return the mark of the day, in the order in which the calendar decides."""
    for mark, days in (
        (DayMark.OWN_OFF, calendar.own_days_off),
        (DayMark.OWN_ON, calendar.own_days_on),
        (DayMark.MOVED, calendar.working_days),
        (DayMark.HOLIDAY, calendar.holidays),
    ):
        if on in days:
            return mark
    return None
