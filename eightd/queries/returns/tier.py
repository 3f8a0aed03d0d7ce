"""What a return's single pieces would do to the complaint's counts and tier, before anybody takes them over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see
from eightd.domain.classification.classify import Classification, classify
from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine, Tier
from eightd.domain.returns.stages import PieceVerdict
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import complaints, rules
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnCountRow, ReturnPieceRow, ReturnRow

Found = tuple[DefectKind, str, int]
"""So many NG pieces of a kind show a phenomenon."""


@dataclass(frozen=True, slots=True)
class TierPreview:
    """The complaint's lines and tier as they are and as they would be; ``after`` says why."""

    before: Tier
    overridden: bool
    lines: tuple[DefectLine, ...]
    fed: tuple[DefectLine, ...]
    after: Classification


def tier_preview(
    session: Session,
    actor: Actor,
    return_number: str,
    feed: Callable[[Sequence[DefectLine], Sequence[Found]], Sequence[DefectLine]],
) -> TierPreview | None:
    """Return what taking over the pieces of this return, beside what others counted, would lead to.

    ``feed`` brings defect lines up to what returns showed. None where it is hidden, or the complaint is over.
    """
    found = session.execute(
        sa.select(ReturnRow.id, ComplaintRow, CustomerRow, PlantRow.zone)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .where(ReturnRow.number == return_number)
    ).one_or_none()
    if found is None or not may_see(actor, found[1].plant_id, found[1].customer_id) or not found[1].is_open:
        return None
    return_id, row, customer, zone = found
    counts = complaints.counts(session, row)
    fed = tuple(feed(counts.defects, _shown(session, row.id, return_id)))
    received_on = row.received_at.astimezone(ZoneInfo(zone)).date()
    after = classify(
        DefectCounts(fed, counts.quantity_inspected, counts.flags),
        rules.criteria_for(session, customer, received_on),
    )
    return TierPreview(row.tier, row.tier_overridden, counts.defects, fed, after)


def _shown(session: Session, complaint_id: int, return_id: int) -> list[Found]:
    """Return the NG pieces of this return, one by one added up, and what was counted of the others."""
    p, c = ReturnPieceRow, ReturnCountRow
    own = (
        sa.select(p.kind, p.phenomenon, sa.func.count().label("quantity"))
        .where(p.return_id == return_id, p.verdict == PieceVerdict.NG, p.kind.is_not(None))
        .group_by(p.kind, p.phenomenon)
        .order_by(p.kind, p.phenomenon)
    )
    others = (
        sa.select(c.kind, c.phenomenon, c.quantity)
        .join(ReturnRow, ReturnRow.id == c.return_id)
        .where(
            ReturnRow.complaint_id == complaint_id,
            ReturnRow.id != return_id,
            c.verdict == PieceVerdict.NG,
            c.kind.is_not(None),
        )
        .order_by(c.return_id, c.position)
    )
    return [
        (kind, text, quantity)
        for statement in (others, own)
        for kind, text, quantity in session.execute(statement)
        if kind is not None
    ]
