"""What the forms about clocks offer to choose from: files that may prove a stop, milestones that are late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.evidence import EvidenceRow


@dataclass(frozen=True, slots=True)
class ProofView:
    """A file of the complaint."""

    id: int
    filename: str
    caption: str


@dataclass(frozen=True, slots=True)
class LateView:
    """A milestone that was met late or is overdue, on the date that is judged, and what was said of it."""

    milestone: str
    title_zh: str
    title_en: str
    late_by: timedelta
    reason: str


def proofs(session: Session, complaint_id: int) -> tuple[ProofView, ...]:
    """Return the files of a complaint that the actor sees, the newest first."""
    found = session.execute(
        sa.select(EvidenceRow.id, EvidenceRow.filename, EvidenceRow.caption)
        .where(EvidenceRow.complaint_id == complaint_id)
        .order_by(EvidenceRow.id.desc())
    )
    return tuple(ProofView(*one) for one in found)


def late_milestones(session: Session, complaint_id: int, now: datetime) -> tuple[LateView, ...]:
    """Return what is late of a complaint that the actor sees, in the profile's order."""
    rows = session.execute(
        sa.select(DeadlineRow).where(DeadlineRow.complaint_id == complaint_id).order_by(DeadlineRow.position)
    ).scalars()
    late = []
    for row in rows:
        at = row.met_at or (now if row.owed else None)
        if at is not None and at > row.judged_due_at:
            late.append(
                LateView(row.milestone, row.title_zh, row.title_en, at - row.judged_due_at, row.late_reason)
            )
    return tuple(late)
