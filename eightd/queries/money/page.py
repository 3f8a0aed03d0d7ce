"""What the page of a complaint's money shows: claims with what may be done, cost lines, sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may
from eightd.domain.complaint import DisciplineCode, Role
from eightd.domain.cost import amounts
from eightd.domain.cost.approvals import Limits
from eightd.domain.cost.claims import ClaimStep, may_on_claim
from eightd.domain.cost.kinds import ClaimPosition, ClaimState, CostKind, CostPhase, CostSide
from eightd.domain.cost.sums import Entry, Sums, by_kind, sums
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories.money import limits_of, snapshot_of
from eightd.persistence.tables.money import ClaimRow, CostRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.queries.board import named
from eightd.queries.case import Case, names, open_case

MOST_DEPARTMENTS = 50


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim; ``in_plant`` is the amount claimed, ``accepted_in_plant`` what we bear, in the plant's currency."""

    id: int
    version: int
    customer_number: str
    claimed_on: date
    amount: Decimal
    currency: str
    rate: Decimal
    rate_on: date
    in_plant: Decimal
    for_what: str
    state: ClaimState
    position: ClaimPosition | None
    accepted: Decimal | None
    accepted_in_plant: Decimal | None
    share: Decimal | None
    reason: str
    approver: Role | None
    proposed_by: str
    proposed_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    returned_because: str
    settled_on: date | None
    settlement: str
    outcomes: Mapping[ClaimStep, Outcome]


@dataclass(frozen=True, slots=True)
class CostView:
    """A cost line; one that comes from a claim follows it and is not changed by hand."""

    id: int
    version: int
    kind: CostKind
    phase: CostPhase
    side: CostSide
    department: str
    spent_on: date
    amount: Decimal
    currency: str
    rate: Decimal
    rate_on: date
    in_plant: Decimal
    note: str
    claim_id: int | None
    return_number: str
    supplier_id: int | None
    supplier: str
    by: str
    at: datetime
    removed_at: datetime | None
    removed_because: str


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """Everything on the page; ``today`` and ``zone`` are the plant's, ``currency`` is what sums are in."""

    number: str
    zone: str
    today: date
    currency: str
    customer_id: int
    claims: tuple[ClaimView, ...]
    costs: tuple[CostView, ...]
    removed: tuple[CostView, ...]
    total: Sums
    kinds: Mapping[CostKind, Sums]
    record_claim: Outcome
    record_cost: Outcome
    take_over: Outcome
    closure_version: int
    reads_costs: bool
    suppliers: tuple[tuple[int, str], ...]
    returns: tuple[str, ...]
    departments: tuple[str, ...]


def money_page(
    session: Session, actor: Actor, number: str, now: datetime, language: Language | str
) -> MoneyPage | None:
    """Return the page, None where the actor may not know of the complaint."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    claims = _claims(session, case)
    costs = session.execute(
        sa.select(
            CostRow,
            SupplierRow.name.label("supplier"),
            SupplierRow.name_en.label("supplier_en"),
            ReturnRow.number.label("return_number"),
        )
        .outerjoin(SupplierRow, SupplierRow.id == CostRow.supplier_id)
        .outerjoin(ReturnRow, ReturnRow.id == CostRow.return_id)
        .where(CostRow.complaint_id == case.row.id)
        .order_by(CostRow.spent_on, CostRow.id)
    ).all()
    people = names(
        session,
        [
            *(one for row in claims for one in (row.proposed_by, row.approved_by)),
            *(row[0].by for row in costs),
        ],
    )
    shown = [_cost(row, people, case.plant.currency, language) for row in costs]
    counted = tuple(one for one in shown if one.removed_at is None)
    entries = [Entry(one.kind, one.phase, one.side, one.in_plant) for one in counted]
    limits, _ = limits_of(session, case.plant.id)
    return MoneyPage(
        number=case.row.number,
        zone=case.plant.zone,
        today=now.astimezone(ZoneInfo(case.plant.zone)).date(),
        currency=case.plant.currency,
        customer_id=case.customer.id,
        claims=tuple(_claim(row, case, actor, limits, people) for row in claims),
        costs=counted,
        removed=tuple(one for one in shown if one.removed_at is not None),
        total=_rounded(sums(entries), case.plant.currency),
        kinds={kind: _rounded(one, case.plant.currency) for kind, one in by_kind(entries).items()},
        record_claim=may(actor, Action.RECORD_CLAIM, case.snapshot),
        record_cost=may(actor, Action.RECORD_COST, case.snapshot),
        take_over=may(actor, Action.SAVE_DRAFT, case.snapshot, discipline=DisciplineCode.D8),
        closure_version=case.disciplines[DisciplineCode.D8].version,
        reads_costs=_reads_costs(actor, case),
        suppliers=_suppliers(session, language),
        returns=tuple(
            session.execute(
                sa.select(ReturnRow.number)
                .where(ReturnRow.complaint_id == case.row.id)
                .order_by(ReturnRow.id)
            ).scalars()
        ),
        departments=_departments(session, case.plant.id),
    )


def _reads_costs(actor: Actor, case: Case) -> bool:
    return isinstance(may(actor, Action.READ_COSTS, case.snapshot), Allowed)


def _rounded(total: Sums, currency: str) -> Sums:
    """Return sums with the currency's places, a zero as well."""
    return Sums(
        *(
            amounts.rounded(one, currency)
            for one in (total.planned, total.actual, total.recovery_planned, total.recovered)
        )
    )


def _claims(session: Session, case: Case) -> tuple[ClaimRow, ...]:
    return tuple(
        session.execute(
            sa.select(ClaimRow).where(ClaimRow.complaint_id == case.row.id).order_by(ClaimRow.id)
        ).scalars()
    )


def _claim(row: ClaimRow, case: Case, actor: Actor, limits: Limits, people: Mapping[int, str]) -> ClaimView:
    currency = case.plant.currency
    snapshot = snapshot_of(row, currency)
    borne = row.accepted_amount
    return ClaimView(
        id=row.id,
        version=row.version,
        customer_number=row.customer_number,
        claimed_on=row.claimed_on,
        amount=amounts.rounded(row.amount, row.currency),
        currency=row.currency,
        rate=row.rate,
        rate_on=row.rate_on,
        in_plant=amounts.converted(row.amount, row.rate, currency),
        for_what=row.for_what,
        state=row.state,
        position=row.position,
        accepted=None if borne is None else amounts.rounded(borne, row.currency),
        accepted_in_plant=None if borne is None else amounts.converted(borne, row.rate, currency),
        share=row.share,
        reason=row.reason,
        approver=row.approver_role,
        proposed_by=people.get(row.proposed_by or 0, ""),
        proposed_at=row.proposed_at,
        approved_by=people.get(row.approved_by or 0, ""),
        approved_at=row.approved_at,
        returned_because=row.returned_because,
        settled_on=row.settled_on,
        settlement=row.settlement,
        outcomes={
            step: may_on_claim(actor, step, case.snapshot, snapshot, limits, currency) for step in ClaimStep
        },
    )


def _cost(row: Any, people: Mapping[int, str], currency: str, language: Language | str) -> CostView:
    cost: CostRow = row.CostRow
    return CostView(
        id=cost.id,
        version=cost.version,
        kind=cost.kind,
        phase=cost.phase,
        side=cost.side,
        department=cost.department,
        spent_on=cost.spent_on,
        amount=amounts.rounded(cost.amount, cost.currency),
        currency=cost.currency,
        rate=cost.rate,
        rate_on=cost.rate_on,
        in_plant=amounts.rounded(cost.in_plant, currency),
        note=cost.note,
        claim_id=cost.claim_id,
        return_number=row.return_number or "",
        supplier_id=cost.supplier_id,
        supplier=named(row.supplier or "", row.supplier_en or "", language),
        by=people.get(cost.by, ""),
        at=cost.at,
        removed_at=cost.removed_at,
        removed_because=cost.removed_because,
    )


def _suppliers(session: Session, language: Language | str) -> tuple[tuple[int, str], ...]:
    found = session.execute(
        sa.select(SupplierRow.id, SupplierRow.code, SupplierRow.name, SupplierRow.name_en)
        .where(SupplierRow.active)
        .order_by(SupplierRow.code)
    )
    return tuple((one, f"{code} {named(name, name_en, language)}") for one, code, name, name_en in found)


def _departments(session: Session, plant_id: int) -> tuple[str, ...]:
    """Return departments that costs of the plant were given, to be chosen again."""
    found = session.execute(
        sa.select(CostRow.department)
        .where(CostRow.plant_id == plant_id, CostRow.department != "")
        .group_by(CostRow.department)
        .order_by(CostRow.department)
        .limit(MOST_DEPARTMENTS)
    ).scalars()
    return tuple(found)
