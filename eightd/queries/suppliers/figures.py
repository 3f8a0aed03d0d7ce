"""How well suppliers answer: cases, score, on-time rate, repeats; of what the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierPromiseRow

_PLACES = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class SupplierFigures:
    """A supplier's record. ``late`` are open cases past their date; ``kept`` of ``due`` promises were kept in time."""

    cases: int = 0
    open: int = 0
    late: int = 0
    to_judge: int = 0
    scored: int = 0
    score_sum: int = 0
    due: int = 0
    kept: int = 0

    @property
    def score(self) -> Decimal | None:
        """Return the mean score of 0–3, to one place; None before the first."""
        if not self.scored:
            return None
        return (Decimal(self.score_sum) / self.scored).quantize(_PLACES, ROUND_HALF_UP)

    @property
    def on_time(self) -> Decimal | None:
        """Return the share of promises kept in time in percent, to one place; None before the first fell due."""
        if not self.due:
            return None
        return (Decimal(100 * self.kept) / self.due).quantize(_PLACES, ROUND_HALF_UP)


NOTHING = SupplierFigures()


def seen_cases(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on supplier cases that exist for the actor."""
    seen = scope(actor)
    in_plants = SupplierCaseRow.plant_id.in_(seen.plants)
    if seen.customers is None:
        return in_plants
    of_customers = sa.select(ComplaintRow.id).where(ComplaintRow.customer_id.in_(seen.customers))
    return sa.and_(in_plants, SupplierCaseRow.complaint_id.in_(of_customers))


def figures(
    session: Session, actor: Actor, supplier_ids: Collection[int], now: datetime
) -> Mapping[int, SupplierFigures]:
    """Return the figures of these suppliers in two statements; one without any case is left out."""
    counted = sa.and_(
        SupplierCaseRow.supplier_id.in_(supplier_ids),
        seen_cases(actor),
        SupplierCaseRow.state != SupplierCaseState.CANCELLED,
    )
    cases = session.execute(
        sa.select(
            SupplierCaseRow.supplier_id,
            sa.func.count().label("cases"),
            _sum(SupplierCaseRow.is_open).label("open"),
            _sum(sa.and_(SupplierCaseRow.is_open, SupplierCaseRow.due_at < now, _unanswered())).label("late"),
            _sum(SupplierCaseRow.state == SupplierCaseState.SUBMITTED).label("to_judge"),
            sa.func.count(SupplierCaseRow.score).label("scored"),
            sa.func.coalesce(sa.func.sum(SupplierCaseRow.score), 0).label("score_sum"),
        )
        .where(counted)
        .group_by(SupplierCaseRow.supplier_id)
    ).all()
    promised = session.execute(
        sa.select(
            SupplierCaseRow.supplier_id,
            sa.func.count().label("due"),
            _sum(SupplierPromiseRow.met_at <= SupplierPromiseRow.due_at).label("kept"),
        )
        .join(SupplierPromiseRow, SupplierPromiseRow.case_id == SupplierCaseRow.id)
        .where(counted, sa.or_(SupplierPromiseRow.met_at.is_not(None), SupplierPromiseRow.due_at < now))
        .group_by(SupplierCaseRow.supplier_id)
    ).all()
    kept = {row.supplier_id: (int(row.due), int(row.kept)) for row in promised}
    found = {}
    for row in cases:
        due, in_time = kept.get(row.supplier_id, (0, 0))
        found[row.supplier_id] = SupplierFigures(
            int(row.cases), int(row.open), int(row.late), int(row.to_judge), int(row.scored),
            int(row.score_sum), due, in_time,
        )  # fmt: skip
    return found


def _unanswered() -> sa.ColumnElement[bool]:
    return SupplierCaseRow.submitted_at.is_(None)


def _sum(condition: sa.ColumnElement[bool] | Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
