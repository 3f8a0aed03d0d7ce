"""Walk the open complaints in slices, by what their deadlines are computed from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.people import PlantRow

SLICE = 100
"""Complaints held in memory at once."""

Dates = dict[str, datetime | None]
"""Agreed due instants by milestone, None while a milestone waits."""


def slices(session: Session, *which: sa.ColumnElement[bool]) -> Iterator[list[ComplaintRow]]:
    """Yield the open complaints of the condition in slices, by id; rows leave the session after their slice."""
    after = 0
    while True:
        statement = sa.select(ComplaintRow).where(ComplaintRow.is_open, ComplaintRow.id > after, *which)
        rows = list(session.execute(statement.order_by(ComplaintRow.id).limit(SLICE)).scalars())
        if not rows:
            return
        after = rows[-1].id
        yield rows
        session.flush()
        for row in rows:
            session.expunge(row)


def going_by(name: str) -> sa.ColumnElement[bool]:
    """Return the condition on complaints that go by the calendar: their customer's, else their plant's."""
    agreed = sa.select(CustomerRow.id).where(CustomerRow.calendar == name)
    by_plant = sa.select(CustomerRow.id).where(CustomerRow.calendar.is_(None))
    plants = sa.select(PlantRow.id).where(PlantRow.calendar == name)
    return sa.or_(
        ComplaintRow.customer_id.in_(agreed),
        sa.and_(ComplaintRow.customer_id.in_(by_plant), ComplaintRow.plant_id.in_(plants)),
    )


def computed_otherwise(calendar_ref: str) -> sa.ColumnElement[bool]:
    """Return the condition on complaints of which a deadline that is not met was computed by another version."""
    return (
        sa.select(DeadlineRow.complaint_id)
        .where(
            DeadlineRow.complaint_id == ComplaintRow.id,
            DeadlineRow.met_at.is_(None),
            DeadlineRow.calendar != calendar_ref,
        )
        .exists()
    )


def due_instants(session: Session, ids: list[int]) -> dict[int, Dates]:
    """Return the agreed due instant of every milestone that is not met, by complaint and milestone.

    Paused ones are left out: their date moves with every day of the stop, whatever else changes.
    """
    found: dict[int, Dates] = {}
    statement = (
        sa.select(DeadlineRow.complaint_id, DeadlineRow.milestone, DeadlineRow.due_at)
        .where(DeadlineRow.complaint_id.in_(ids), DeadlineRow.met_at.is_(None), ~DeadlineRow.paused)
        .order_by(DeadlineRow.complaint_id, DeadlineRow.position)
    )
    for complaint_id, milestone, due_at in session.execute(statement):
        found.setdefault(complaint_id, {})[milestone] = due_at
    return found
