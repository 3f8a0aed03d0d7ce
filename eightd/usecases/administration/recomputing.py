"""Move the open deadlines after a change of what they are computed from, and tell beforehand which would move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.deadlines import recompute

SLICE = 100
"""Complaints held in memory at once."""

Dates = dict[str, datetime | None]


def recompute_open(work: Work, *which: sa.ColumnElement[bool], because: str = "") -> int:
    """Compute the open complaints' deadlines again; each whose dates moved says so in its own record.

    ``because`` stands in the record, such as ``CN@2``. Returns how many complaints moved.
    """
    moved = 0
    for rows in open_slices(work.session, *which):
        before = dates_by_complaint(work.session, [row.id for row in rows])
        for row in rows:
            recompute(work.session, row, work.now)
        work.session.flush()
        after = dates_by_complaint(work.session, [row.id for row in rows])
        for row in rows:
            if record_move(work, row.id, before.get(row.id, {}), after.get(row.id, {}), because):
                moved += 1
    return moved


def record_move(work: Work, complaint_id: int, before: Dates, after: Dates, because: str) -> bool:
    """Write down the milestones whose date moved; return whether any did."""
    names = [name for name in after if before.get(name) != after[name]]
    if names:
        work.record(
            "deadline.moved",
            complaint_id=complaint_id,
            old={name: _text(before.get(name)) for name in names},
            new={name: _text(after[name]) for name in names},
            reason=because,
        )
    return bool(names)


def open_slices(
    session: Session, *which: sa.ColumnElement[bool], after: int = 0
) -> Iterator[list[ComplaintRow]]:
    """Yield the open complaints of the condition in slices, by id; rows leave the session after their slice."""
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
        if len(rows) < SLICE:
            return


def dates_by_complaint(session: Session, ids: list[int]) -> dict[int, Dates]:
    """Return the agreed due instant of every milestone that is not met, by complaint and milestone."""
    found: dict[int, Dates] = {}
    statement = (
        sa.select(DeadlineRow.complaint_id, DeadlineRow.milestone, DeadlineRow.due_at)
        .where(DeadlineRow.complaint_id.in_(ids), DeadlineRow.met_at.is_(None))
        .order_by(DeadlineRow.complaint_id, DeadlineRow.position)
    )
    for complaint_id, milestone, due_at in session.execute(statement):
        found.setdefault(complaint_id, {})[milestone] = due_at
    return found


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="minutes")
