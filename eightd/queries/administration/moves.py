"""Which open deadlines another version of a calendar would move, before it is saved (procedure 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.words import Message
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import deadlines, open_complaints, rules
from eightd.persistence.tables.catalogue import CalendarRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.people import PlantRow

LOOKED_AT = 500
"""Open complaints that a preview computes, by the order in which they were registered."""


@dataclass(frozen=True, slots=True)
class MoveView:
    """One open deadline that would move, in the zone of its plant."""

    number: str
    milestone: Message
    zone: str
    old_due_at: datetime | None
    new_due_at: datetime | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class MovesView:
    """What would move; ``elsewhere`` are deadlines of plants and customers that are not the actor's."""

    open_complaints: int
    looked_at: int
    moves: tuple[MoveView, ...]
    elsewhere: int


def calendar_from(
    name: str, number: int, country: str, days_off: Mapping[str, str], days_on: Mapping[str, str]
) -> WorkingCalendar:
    """Return the calendar that a version with these own days would be; days are ISO dates with their reason."""
    return rules.working_calendar(
        CalendarRow(name=name, number=number, country=country, days_off=dict(days_off), days_on=dict(days_on))
    )


def moves(session: Session, actor: Actor, calendar: WorkingCalendar, now: datetime) -> MovesView:
    """Compute the open complaints that go by the calendar's name with this calendar and the present one, and compare.

    At most 500 complaints are computed, in whole slices; ``looked_at`` says how many of ``open_complaints``.
    """
    which = open_complaints.going_by(calendar.name)
    total = session.execute(
        sa.select(sa.func.count()).select_from(ComplaintRow).where(ComplaintRow.is_open, which)
    ).scalar_one()
    zones = dict(session.execute(sa.select(PlantRow.id, PlantRow.zone)).all())
    found: list[MoveView] = []
    looked_at = elsewhere = 0
    for rows in open_complaints.slices(session, which):
        looked_at += len(rows)
        unmet = _unmet(session, [row.id for row in rows])
        for row in rows:
            present = deadlines.compute(session, row, now)
            for old, new in zip(present, deadlines.compute(session, row, now, calendar), strict=True):
                if (row.id, new.milestone.name) not in unmet or old.due_at == new.due_at:
                    continue
                if not _is_theirs(actor, row):
                    elsewhere += 1
                    continue
                found.append(
                    MoveView(
                        number=row.number,
                        milestone=new.milestone.title,
                        zone=zones[row.plant_id],
                        old_due_at=old.due_at,
                        new_due_at=new.due_at,
                        provisional=new.provisional,
                    )
                )
        if looked_at >= LOOKED_AT:
            break
    return MovesView(open_complaints=total, looked_at=looked_at, moves=tuple(found), elsewhere=elsewhere)


def newest_calendar(session: Session, name: str) -> WorkingCalendar | None:
    """Return the newest version of a calendar to look at, None where there is none of that name."""
    row = session.execute(
        sa.select(CalendarRow).where(CalendarRow.name == name).order_by(CalendarRow.number.desc()).limit(1)
    ).scalar_one_or_none()
    return None if row is None else rules.working_calendar(row)


def _unmet(session: Session, ids: list[int]) -> set[tuple[int, str]]:
    statement = sa.select(DeadlineRow.complaint_id, DeadlineRow.milestone).where(
        DeadlineRow.complaint_id.in_(ids), DeadlineRow.met_at.is_(None)
    )
    return set(session.execute(statement).all())


def _is_theirs(actor: Actor, row: ComplaintRow) -> bool:
    return row.plant_id in actor.plants and (actor.customers is None or row.customer_id in actor.customers)
