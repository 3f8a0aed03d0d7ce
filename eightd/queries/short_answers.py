"""Trivial cases that may be answered together: which wait for the text, for a second person, for sending."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.complaint import Demand, DisciplineCode, DisciplineState, Stage, Tier
from eightd.domain.workflow.snapshot import Actor, ReportForm
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import PlantRow

MOST = 100
"""Cases that are offered at once, those due first."""


@dataclass(frozen=True, slots=True)
class TrivialView:
    """One case to tick."""

    number: str
    received_at: datetime
    due_at: datetime
    zone: str
    customer: str
    customer_en: str
    part: str
    phenomenon: str
    phenomenon_en: str
    quantity: int


@dataclass(frozen=True, slots=True)
class TrivialCases:
    """Cases by what they wait for."""

    to_answer: tuple[TrivialView, ...]
    to_accept: tuple[TrivialView, ...]
    to_send: tuple[TrivialView, ...]


def trivial_cases(session: Session, actor: Actor) -> TrivialCases:
    """Return the open cases of tier other that the actor may see, in one statement.

    Those whose customer demands an 8D, that another complaint's 8D answers, or whose answers were begun by hand are
    left out.
    """
    seen, c = scope(actor), ComplaintRow
    worst = (
        sa.select(DefectLineRow.id)
        .where(DefectLineRow.complaint_id == c.id)
        .order_by(DefectLineRow.quantity.desc(), DefectLineRow.position)
        .limit(1)
        .correlate(c)
        .scalar_subquery()
    )
    begun = sa.exists().where(
        DisciplineRow.complaint_id == c.id,
        DisciplineRow.code.in_((DisciplineCode.D1, DisciplineCode.D2, DisciplineCode.D3, DisciplineCode.D4)),
        DisciplineRow.state.in_((DisciplineState.DRAFT, DisciplineState.RETURNED)),
    )
    analysis = sa.and_(DisciplineRow.complaint_id == c.id, DisciplineRow.code == DisciplineCode.D4)
    state = sa.select(DisciplineRow.state).where(analysis).correlate(c).scalar_subquery()
    statement = (
        sa.select(
            c.number, c.received_at, c.sort_due_at, PlantRow.zone, CustomerRow.name, CustomerRow.name_en,
            PartRow.number.label("part"), DefectLineRow.phenomenon, DefectLineRow.phenomenon_en, DefectLineRow.quantity,
            c.demands, c.form, state.label("state"),
        )
        .join(PlantRow, PlantRow.id == c.plant_id)
        .join(CustomerRow, CustomerRow.id == c.customer_id)
        .join(PartRow, PartRow.id == c.part_id)
        .outerjoin(DefectLineRow, DefectLineRow.id == worst)
        .where(
            c.plant_id.in_(sorted(seen.plants)),
            c.is_open,
            c.tier == Tier.OTHER,
            c.stage.in_((Stage.REGISTERED, Stage.ANALYSING)),
            c.answered_by_id.is_(None),
            ~begun,
        )
        .order_by(c.sort_due_at, c.id)
        .limit(MOST)
    )  # fmt: skip
    if seen.customers is not None:
        statement = statement.where(c.customer_id.in_(sorted(seen.customers)))
    rows = [(_view(row), row.form, row.state) for row in session.execute(statement) if _is_brief(row.demands)]

    def of(wanted: Callable[[ReportForm, DisciplineState], bool]) -> tuple[TrivialView, ...]:
        return tuple(view for view, form, stands in rows if wanted(form, stands))

    short = ReportForm.SHORT
    return TrivialCases(
        to_answer=of(lambda _form, stands: stands is DisciplineState.OPEN),
        to_accept=of(lambda form, stands: form is short and stands is DisciplineState.SUBMITTED),
        to_send=of(lambda form, stands: form is short and stands is DisciplineState.ACCEPTED),
    )


def _is_brief(demands: list[str]) -> bool:
    return Demand.EIGHT_D.value not in demands


def _view(row: Any) -> TrivialView:
    return TrivialView(
        number=row.number,
        received_at=row.received_at,
        due_at=row.sort_due_at,
        zone=row.zone,
        customer=row.name,
        customer_en=row.name_en,
        part=row.part,
        phenomenon=row.phenomenon or "",
        phenomenon_en=row.phenomenon_en or row.phenomenon or "",
        quantity=row.quantity or 0,
    )
