"""Make the next version of a working calendar and move the open deadlines that go by it (procedure 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from eightd.domain.words import Message, Phrase
from eightd.persistence.official_days import available_countries
from eightd.persistence.repositories.open_complaints import SLICE, computed_otherwise, going_by
from eightd.persistence.tables.catalogue import CalendarRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.usecases.administration.changing import REQUIRED, TOO_LONG, UNKNOWN, begin
from eightd.usecases.administration.naming import insist_new_name, next_number
from eightd.usecases.administration.recomputing import recompute_open
from eightd.usecases.errors import Invalid
from eightd.usecases.verb import Done, verb

_TWICE = Phrase("calendar.twice", "This day stands here twice.", "该日期重复。")
_BOTH = Phrase("calendar.both_ways", "This day is listed as a day off as well.", "该日期同时列为休息日。")
_YEARS = Phrase("calendar.years", "Between 2000 and 2100.", "应在 2000 与 2100 年之间。")
_TOO_MANY = Phrase("calendar.too_many", "At most {most} own days.", "自定日期最多 {most} 天。")
_REASON = 120
_MOST_DAYS = 500


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of the plant's own with the reason that people are shown."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CalendarFields:
    """A country's public holidays with the plant's own days off and on."""

    country: str
    off: tuple[OwnDay, ...]
    on: tuple[OwnDay, ...]

    def insist_valid(self) -> None:
        """Raise Invalid with a message per field, such as ``country`` or ``off-<row>-on``."""
        problems: dict[str, Message] = {}
        if self.country not in available_countries():
            problems["country"] = UNKNOWN.say()
        if len(self.off) + len(self.on) > _MOST_DAYS:
            problems[""] = _TOO_MANY.say(most=_MOST_DAYS)
        days_off = {day.on for day in self.off}
        for prefix, days in (("off", self.off), ("on", self.on)):
            seen: set[date] = set()
            for index, day in enumerate(days):
                problem = _day_problem(day.on, seen)
                if problem is None and prefix == "on" and day.on in days_off:
                    problem = _BOTH.say()
                if problem is not None:
                    problems[f"{prefix}-{index}-on"] = problem
                if not day.reason:
                    problems[f"{prefix}-{index}-reason"] = REQUIRED.say()
                elif len(day.reason) > _REASON:
                    problems[f"{prefix}-{index}-reason"] = TOO_LONG.say(most=_REASON)
                seen.add(day.on)
        if problems:
            raise Invalid(problems)


def _day_problem(on: date, seen: set[date]) -> Message | None:
    if not 2000 <= on.year <= 2100:
        return _YEARS.say()
    return _TWICE.say() if on in seen else None


@verb("calendar.version")
def save_calendar(work: Work, *, name: str, version: int, fields: CalendarFields) -> Done:
    """Save the version after ``version``, the newest that the actor saw; 0 begins a new name.

    The open deadlines follow by ``apply_calendar``. Raises NotFound, Stale or Invalid.
    """
    begin(work)
    if version == 0:
        insist_new_name(work, CalendarRow, name, 40)
    number = next_number(work, CalendarRow, name, version)
    fields.insist_valid()
    row = CalendarRow(
        name=name,
        number=number,
        country=fields.country,
        days_off={day.on.isoformat(): day.reason for day in sorted(fields.off, key=lambda one: one.on)},
        days_on={day.on.isoformat(): day.reason for day in sorted(fields.on, key=lambda one: one.on)},
        created_at=work.now,
        created_by=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
    new = {"country": row.country, "days_off": row.days_off, "days_on": row.days_on}
    work.record("calendar.version_made", subject=f"{name}@{number}", new=new)
    return Done(id=row.id, version=number, number=f"{name}@{number}")


def apply_calendar(uow: UnitOfWork, order: Order, *, name: str) -> int:
    """Move the open deadlines that go by the calendar to its newest version; return how many complaints moved.

    Each slice is a transaction of its own, so that a long run keeps nobody else from writing; what is
    left after an interruption is found by the version the deadlines were computed with, and done by calling
    this again. Raises NotFound for those who do not administer.
    """
    moved, after = 0, 0
    unkeyed = Order(order.actor, order.actor_name, "", order.now)
    while True:
        with uow.writing(unkeyed) as work:
            begin(work)
            newest = work.session.execute(
                sa.select(sa.func.max(CalendarRow.number)).where(CalendarRow.name == name)
            ).scalar_one()
            ref = f"{name}@{newest}"
            found = (
                sa.select(ComplaintRow.id)
                .where(ComplaintRow.is_open, ComplaintRow.id > after, going_by(name), computed_otherwise(ref))
                .order_by(ComplaintRow.id)
                .limit(SLICE)
            )
            ids = list(work.session.execute(found).scalars())
            if ids:
                moved += recompute_open(work, ComplaintRow.id.in_(ids), because=ref)
        if len(ids) < SLICE:
            return moved
        after = ids[-1]
