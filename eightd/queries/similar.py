"""Earlier cases like this one: the same part or the same phenomenon (procedure 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.complaint import Stage, Tier
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.queries.case import Case

MOST = 5
_LOOKED_AT = 60  # the newest of each kind: enough to find five that the actor may see, and never a scan


@dataclass(frozen=True, slots=True)
class SimilarView:
    """An earlier case, and what it has in common."""

    number: str
    stage: Stage
    tier: Tier
    received_at: datetime
    customer_name: str
    customer_name_en: str
    description: str
    same_part: bool


def similar(session: Session, actor: Actor, case: Case, phenomena: Sequence[str]) -> tuple[SimilarView, ...]:
    """Return the newest earlier cases with the same part or phenomenon that the actor may see, five at most."""
    seen = scope(actor)
    same_part = (
        sa.select(ComplaintRow.id)
        .where(ComplaintRow.part_id == case.row.part_id, ComplaintRow.id < case.row.id)
        .order_by(ComplaintRow.id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    same_phenomenon = (
        sa.select(DefectLineRow.complaint_id)
        .where(DefectLineRow.phenomenon.in_(sorted(set(phenomena))), DefectLineRow.complaint_id < case.row.id)
        .order_by(DefectLineRow.complaint_id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    either = sa.union(sa.select(same_part.c.id), sa.select(same_phenomenon.c.complaint_id))
    statement = (
        sa.select(
            ComplaintRow.number,
            ComplaintRow.stage,
            ComplaintRow.tier,
            ComplaintRow.received_at,
            CustomerRow.name,
            CustomerRow.name_en,
            ComplaintRow.description,
            ComplaintRow.part_id,
        )
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .where(
            ComplaintRow.id.in_(either),
            ComplaintRow.plant_id.in_(sorted(seen.plants)),
        )
        .order_by(ComplaintRow.id.desc())
        .limit(MOST)
    )
    if seen.customers is not None:
        statement = statement.where(ComplaintRow.customer_id.in_(sorted(seen.customers)))
    return tuple(
        SimilarView(number, stage, tier, received_at, name, name_en, description, part_id == case.row.part_id)
        for number, stage, tier, received_at, name, name_en, description, part_id in session.execute(
            statement
        )
    )
