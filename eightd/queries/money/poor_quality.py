"""The cost of poor quality of one plant: sums by complaint, customer, part, department or month, and every line.

Each plant adds up in its own currency, so that sums are always of one plant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import Scope, scope
from eightd.domain.cost import amounts
from eightd.domain.cost.kinds import ClaimState, CostKind, CostPhase, CostSide
from eightd.domain.cost.sums import Sums
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.base import Money
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.money import ClaimRow, CostRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.queries.board import named
from eightd.queries.money.kept import PlantView

MOST_GROUPS = 200
"""How many groups a page lists, those that cost most first; the sum above them is of all."""

_C = CostRow.__table__.c


class By(StrEnum):
    """What costs are added up by."""

    MONTH = "month"
    CUSTOMER = "customer"
    PART = "part"
    DEPARTMENT = "department"
    KIND = "kind"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the costs are narrowed to; days are inclusive and those on which costs arose."""

    plant_id: int
    from_on: date
    until_on: date
    customer_id: int | None = None
    kind: CostKind | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """The sums of one group; ``name`` empty for costs without a department or a kind, ``number`` a complaint's."""

    name: str
    under: str
    number: str
    sums: Sums
    lines: int


@dataclass(frozen=True, slots=True)
class PoorQuality:
    """The sums asked for, the whole and by group; ``left_out`` says how many groups are not listed."""

    plant: PlantView
    total: Sums
    groups: tuple[GroupView, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim that waits for a position, an approval or its settlement; amounts with their currency."""

    id: int
    number: str
    customer: str
    customer_number: str
    claimed_on: date
    amount: Decimal
    currency: str
    in_plant: Decimal
    state: ClaimState


@dataclass(frozen=True, slots=True)
class LineView:
    """One cost line with everything a book shows."""

    number: str
    customer: str
    part: str
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
    supplier: str
    return_number: str
    note: str


def poor_quality(
    session: Session, actor: Actor, plant: PlantView, filters: Filters, by: By, language: Language | str
) -> PoorQuality:
    """Return the sums of a plant in two statements: the whole and the groups, the dearest first, months in order."""
    wanted = _wanted(scope(actor), filters)
    total = session.execute(sa.select(*_sums()).where(*wanted)).one()
    keys = _keys(by)
    columns: list[Any] = [*keys, *_sums(), sa.func.count().label("lines")]
    grouped = sa.select(*columns).where(*wanted).group_by(*keys)
    order = keys if by is By.MONTH else [_net().desc(), *keys]
    rows = session.execute(grouped.order_by(*order).limit(MOST_GROUPS + 1)).all()
    left_out = 0
    if len(rows) > MOST_GROUPS:
        counted = sa.select(sa.func.count()).select_from(
            sa.select(*keys).where(*wanted).group_by(*keys).subquery()
        )
        left_out = session.execute(counted).scalar_one() - MOST_GROUPS
    shown = rows[:MOST_GROUPS]
    names = _names(session, by, [row[0] for row in shown], language)
    return PoorQuality(
        plant=plant,
        total=_read(total, plant.currency),
        groups=tuple(_group(row, by, names, plant.currency) for row in shown),
        left_out=left_out,
    )


def open_claims(
    session: Session, actor: Actor, plant: PlantView, language: Language | str, *, most: int = 100
) -> tuple[OpenClaim, ...]:
    """Return the claims of a plant that are not over, those waiting longest first."""
    seen = scope(actor)
    states = (ClaimState.OPEN, ClaimState.PROPOSED, ClaimState.APPROVED)
    wanted: list[Any] = [ClaimRow.plant_id == plant.id, ClaimRow.state.in_(states)]
    if seen.customers is not None:
        wanted.append(ComplaintRow.customer_id.in_(sorted(seen.customers)))
    found = session.execute(
        sa.select(ClaimRow, ComplaintRow.number, CustomerRow.name, CustomerRow.name_en)
        .join(ComplaintRow, ComplaintRow.id == ClaimRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .where(*wanted)
        .order_by(ClaimRow.claimed_on, ClaimRow.id)
        .limit(most)
    )
    return tuple(
        OpenClaim(
            id=claim.id,
            number=number,
            customer=named(name, name_en, language),
            customer_number=claim.customer_number,
            claimed_on=claim.claimed_on,
            amount=amounts.rounded(claim.amount, claim.currency),
            currency=claim.currency,
            in_plant=amounts.converted(claim.amount, claim.rate, plant.currency),
            state=claim.state,
        )
        for claim, number, name, name_en in found
    )


def customers(
    session: Session, actor: Actor, plant_id: int, language: Language | str
) -> list[tuple[int, str]]:
    """Return the customers for whose complaints the plant has costs, to be chosen in a filter."""
    seen = scope(actor)
    having = sa.select(_C.customer_id).where(_C.plant_id == plant_id).distinct()
    if seen.customers is not None:
        having = having.where(_C.customer_id.in_(sorted(seen.customers)))
    found = session.execute(
        sa.select(CustomerRow.id, CustomerRow.name, CustomerRow.name_en)
        .where(CustomerRow.id.in_(having))
        .order_by(CustomerRow.code)
    )
    return [(one, named(name, name_en, language)) for one, name, name_en in found]


def lines(
    session: Session,
    actor: Actor,
    currency: str,
    filters: Filters,
    language: Language | str,
    *,
    after: tuple[date, int] | None,
    size: int,
) -> tuple[tuple[LineView, ...], tuple[date, int] | None]:
    """Return a slice of the lines by day, and the key to go on from, None at the end."""
    wanted = _wanted(scope(actor), filters)
    if after is not None:
        wanted.append(sa.tuple_(_C.spent_on, _C.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1])))
    columns: Any = (
        CostRow,
        ComplaintRow.number,
        CustomerRow.name,
        CustomerRow.name_en,
        PartRow.number.label("part"),
        SupplierRow.name.label("supplier"),
        SupplierRow.name_en.label("supplier_en"),
        ReturnRow.number.label("return_number"),
    )
    rows = session.execute(
        sa.select(*columns)
        .join(ComplaintRow, ComplaintRow.id == CostRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == CostRow.customer_id)
        .join(PartRow, PartRow.id == CostRow.part_id)
        .outerjoin(SupplierRow, SupplierRow.id == CostRow.supplier_id)
        .outerjoin(ReturnRow, ReturnRow.id == CostRow.return_id)
        .where(*wanted)
        .order_by(_C.spent_on, _C.id)
        .limit(size)
    ).all()
    found = tuple(_line(row, currency, language) for row in rows)
    last = rows[-1].CostRow if len(rows) == size else None
    return found, None if last is None else (last.spent_on, last.id)


def _wanted(seen: Scope, filters: Filters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [
        _C.plant_id == filters.plant_id,
        _C.spent_on >= filters.from_on,
        _C.spent_on <= filters.until_on,
        _C.removed_at.is_(None),
    ]
    if seen.customers is not None:
        wanted.append(_C.customer_id.in_(sorted(seen.customers)))
    if filters.plant_id not in seen.plants:
        wanted.append(sa.false())
    if filters.customer_id is not None:
        wanted.append(_C.customer_id == filters.customer_id)
    if filters.kind is not None:
        wanted.append(_C.kind == filters.kind)
    return wanted


def _sum(phase: CostPhase, side: CostSide) -> sa.ColumnElement[Any]:
    counts = sa.and_(_C.phase == phase, _C.side == side)
    added = sa.func.sum(sa.case((counts, _C.in_plant), else_=sa.literal(Decimal(0), Money)))
    return sa.func.coalesce(added, sa.literal(Decimal(0), Money), type_=Money)


def _sums() -> list[sa.ColumnElement[Any]]:
    return [
        _sum(CostPhase.PLANNED, CostSide.OURS).label("planned"),
        _sum(CostPhase.ACTUAL, CostSide.OURS).label("actual"),
        _sum(CostPhase.PLANNED, CostSide.RECOVERY).label("recovery_planned"),
        _sum(CostPhase.ACTUAL, CostSide.RECOVERY).label("recovered"),
    ]


def _net() -> sa.ColumnElement[Any]:
    return _sum(CostPhase.ACTUAL, CostSide.OURS) - _sum(CostPhase.ACTUAL, CostSide.RECOVERY)


def _keys(by: By) -> list[sa.ColumnElement[Any]]:
    match by:
        case By.MONTH:
            return [sa.extract("year", _C.spent_on), sa.extract("month", _C.spent_on)]
        case By.CUSTOMER:
            return [_C.customer_id]
        case By.PART:
            return [_C.part_id]
        case By.DEPARTMENT:
            return [_C.department]
        case By.KIND:
            return [_C.kind]
        case By.COMPLAINT:
            return [_C.complaint_id]


def _names(
    session: Session, by: By, keys: list[Any], language: Language | str
) -> dict[Any, tuple[str, str, str]]:
    """Return name, what stands under it, and the complaint's number of each group."""
    if by is By.CUSTOMER:
        found = session.execute(sa.select(CustomerRow).where(CustomerRow.id.in_(keys))).scalars()
        return {row.id: (named(row.name, row.name_en, language), row.code, "") for row in found}
    if by is By.PART:
        parts = session.execute(sa.select(PartRow).where(PartRow.id.in_(keys))).scalars()
        return {row.id: (row.number, named(row.name, row.name_en, language), "") for row in parts}
    if by is By.COMPLAINT:
        cases = session.execute(
            sa.select(ComplaintRow.id, ComplaintRow.number, CustomerRow.name, CustomerRow.name_en)
            .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
            .where(ComplaintRow.id.in_(keys))
        )
        return {one: (number, named(name, name_en, language), number) for one, number, name, name_en in cases}
    return {}


def _group(row: Any, by: By, names: dict[Any, tuple[str, str, str]], currency: str) -> GroupView:
    if by is By.MONTH:
        name, under, number = f"{int(row[0]):04}-{int(row[1]):02}", "", ""
    else:
        name, under, number = names.get(row[0], (row[0] if isinstance(row[0], str) else "", "", ""))
    return GroupView(name, under, number, _read(row, currency), row.lines)


def _read(row: Any, currency: str) -> Sums:
    return Sums(
        planned=amounts.rounded(row.planned, currency),
        actual=amounts.rounded(row.actual, currency),
        recovery_planned=amounts.rounded(row.recovery_planned, currency),
        recovered=amounts.rounded(row.recovered, currency),
    )


def _line(row: Any, currency: str, language: Language | str) -> LineView:
    cost: CostRow = row.CostRow
    return LineView(
        number=row.number,
        customer=named(row.name, row.name_en, language),
        part=row.part,
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
        supplier=named(row.supplier or "", row.supplier_en or "", language),
        return_number=row.return_number or "",
        note=cost.note,
    )
