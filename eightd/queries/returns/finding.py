"""Which returns there are: those of a complaint, and those that a scanned code means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see, scope
from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.returns import ReturnRow


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One return of a complaint, for a list."""

    number: str
    kind: ReturnKind
    stage: ReturnStage
    parcel: str
    quantity_announced: int
    expected_on: date | None
    promised_on: date | None
    received_at: datetime | None
    location: str
    stage_at: datetime


def of_complaint(session: Session, actor: Actor, number: str) -> tuple[ReturnLine, ...] | None:
    """Return the returns of a complaint, the newest first; None where it is hidden. Two statements."""
    about = session.execute(
        sa.select(ComplaintRow.id, ComplaintRow.plant_id, ComplaintRow.customer_id).where(
            ComplaintRow.number == number
        )
    ).one_or_none()
    if about is None or not may_see(actor, about.plant_id, about.customer_id):
        return None
    found = session.execute(
        sa.select(ReturnRow).where(ReturnRow.complaint_id == about.id).order_by(ReturnRow.id.desc())
    ).scalars()
    return tuple(
        ReturnLine(
            row.number,
            row.kind,
            row.stage,
            row.parcel,
            row.quantity_announced,
            row.expected_on,
            row.promised_on,
            row.received_at,
            row.location,
            row.stage_at,
        )
        for row in found
    )


MOST_FOUND = 20
"""A scanned code answers with so many returns at most."""


def by_code(session: Session, actor: Actor, code: str) -> tuple[str, ...]:
    """Return which returns a scanned or typed code means: a return's number, a parcel's, a tracking number.

    A number that is a return's own means that one alone, unless it is also the parcel of several. The newest first.
    """
    wanted = code.strip().rstrip("/").rpartition("/")[2]  # a label's QR code is the address of its return
    seen = scope(actor)
    if not wanted or len(wanted) > 120 or not seen.plants:
        return ()
    statement = (
        sa.select(ReturnRow.number)
        .where(
            ReturnRow.plant_id.in_(sorted(seen.plants)),
            sa.or_(
                ReturnRow.number == wanted.upper(),
                ReturnRow.parcel == wanted.upper(),
                ReturnRow.tracking == wanted,
            ),
        )
        .order_by(ReturnRow.is_open.desc(), ReturnRow.id.desc())
        .limit(MOST_FOUND)
    )
    if seen.customers is not None:
        statement = statement.where(ReturnRow.customer_id.in_(sorted(seen.customers)))
    return tuple(session.execute(statement).scalars())
