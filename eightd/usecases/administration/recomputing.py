"""Move the open deadlines after a change of what they are computed from (procedure 4)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eightd.domain.events import EventTag
from eightd.persistence.repositories import open_complaints
from eightd.persistence.repositories.open_complaints import Dates
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.deadlines import recompute
from eightd.usecases.moved_deadlines import tell_moved


def recompute_open(work: Work, *which: sa.ColumnElement[bool], because: str = "") -> int:
    """Compute the open complaints' deadlines again; each whose dates moved says so in its record and to its CQE.

    ``because`` stands in the record, such as ``CN@2``. Returns how many complaints moved.
    """
    moved = 0
    for rows in open_complaints.slices(work.session, *which):
        ids = [row.id for row in rows]
        before = open_complaints.due_instants(work.session, ids)
        for row in rows:
            recompute(work.session, row, work.now)
        work.session.flush()
        after = open_complaints.due_instants(work.session, ids)
        moved += sum(
            _record_move(work, row, before.get(row.id, {}), after.get(row.id, {}), because) for row in rows
        )
    return moved


def _record_move(work: Work, row: ComplaintRow, before: Dates, after: Dates, because: str) -> bool:
    """Write down and tell the milestones whose date moved; return whether any did."""
    names = [name for name in after if before.get(name) != after[name]]
    if names:
        work.record(
            EventTag.DEADLINE_MOVED,
            complaint_id=row.id,
            old={name: _text(before.get(name)) for name in names},
            new={name: _text(after[name]) for name in names},
            reason=because,
        )
        tell_moved(work, row, before, after, because)
    return bool(names)


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="minutes")
