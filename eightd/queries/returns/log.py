"""The log of returns in short slices, one line per return with every quantity of its course (procedure 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.authority import scope
from eightd.domain.returns.ledger import Held, Movement, here
from eightd.domain.returns.reconcile import Rest, reconcile, unexplained
from eightd.domain.returns.stages import PieceVerdict, Place, ReturnKind, ReturnStage
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import returns
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.persistence.tables.returns import (
    FailureCategoryRow,
    ReturnCountRow,
    ReturnMovementRow,
    ReturnRow,
    ReturnShipmentRow,
)

SLICE = 500
_Whole = aliased(ReturnRow)  # the return that a rest belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the log is narrowed to; the days are plant-local days of the announcement as instants, the end excluded."""

    customer_id: int | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    open_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One return; quantities in pieces. ``unexplained`` says that quantities do not agree and nobody said why."""

    id: int
    number: str
    parcel: str
    rest_of: str
    complaint_number: str
    customer_code: str
    customer_name: str
    customer_name_en: str
    part_number: str
    part_name: str
    part_name_en: str
    lots: tuple[str, ...]
    kind: ReturnKind
    stage: ReturnStage
    zone: str
    announced_at: datetime
    announced_by: str
    expected_on: date | None
    carrier: str
    tracking: str
    quantity_announced: int
    received_at: datetime | None
    received: int
    right: int
    wrong: int
    found_part: str
    missing: int
    surplus: int
    difference_because: str
    location: str
    drawn: int
    ng: int
    ok: int
    ntf: int
    not_tested: int
    phenomena: tuple[str, ...]
    categories: tuple[str, ...]
    analysis: str
    here: int
    scrapped: int
    kept: int
    sent_back: int
    promised_on: date | None
    last_sent_on: date | None
    late: bool
    credit_number: str
    booked_on: date | None
    closed_at: datetime | None
    outcome_reason: str
    unexplained: bool


def log_slice(
    session: Session, actor: Actor, filters: Filters, *, after: int = 0, size: int = SLICE
) -> tuple[LogLine, ...]:
    """Return the returns that follow the one with this id, in the order of their announcement. Five statements."""
    seen = scope(actor)
    if not seen.plants:
        return ()
    conditions = [ReturnRow.plant_id.in_(sorted(seen.plants)), ReturnRow.id > after]
    if seen.customers is not None:
        conditions.append(ReturnRow.customer_id.in_(sorted(seen.customers)))
    if filters.customer_id is not None:
        conditions.append(ReturnRow.customer_id == filters.customer_id)
    if filters.from_at is not None:
        conditions.append(ReturnRow.announced_at >= filters.from_at)
    if filters.until_at is not None:
        conditions.append(ReturnRow.announced_at < filters.until_at)
    if filters.open_only:
        conditions.append(ReturnRow.is_open == sa.true())
    found = session.execute(
        sa.select(
            ReturnRow, _Whole.number, ComplaintRow.number, CustomerRow, PartRow, PlantRow.zone, UserRow.name
        )
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ReturnRow.customer_id)
        .join(PartRow, PartRow.id == ReturnRow.part_id)
        .join(PlantRow, PlantRow.id == ReturnRow.plant_id)
        .join(UserRow, UserRow.id == ReturnRow.announced_by)
        .outerjoin(_Whole, _Whole.id == ReturnRow.rest_of_id)
        .where(*conditions)
        .order_by(ReturnRow.id)
        .limit(size)
    ).all()
    ids = [row.id for row, *_ in found]
    moved, counted = _moved(session, ids), _counted(session, ids)
    sent, rests = _last_sent(session, ids), _rests(session, ids)
    return tuple(
        _line(
            row,
            rest_of or "",
            number,
            customer,
            part,
            zone,
            by,
            moved[row.id],
            counted[row.id],
            sent.get(row.id),
            rests[row.id],
        )
        for row, rest_of, number, customer, part, zone, by in found
    )


def _moved(session: Session, ids: Sequence[int]) -> Mapping[int, list[Movement]]:
    moved: dict[int, list[Movement]] = defaultdict(list)
    found = session.execute(
        sa.select(ReturnMovementRow)
        .where(ReturnMovementRow.return_id.in_(ids))
        .order_by(ReturnMovementRow.id)
    ).scalars()
    for row in found:
        moved[row.return_id].append(returns.movement(row))
    return moved


def _counted(session: Session, ids: Sequence[int]) -> Mapping[int, list[tuple[ReturnCountRow, str]]]:
    counted: dict[int, list[tuple[ReturnCountRow, str]]] = defaultdict(list)
    found = session.execute(
        sa.select(ReturnCountRow, FailureCategoryRow.code)
        .outerjoin(FailureCategoryRow, FailureCategoryRow.id == ReturnCountRow.category_id)
        .where(ReturnCountRow.return_id.in_(ids))
        .order_by(ReturnCountRow.return_id, ReturnCountRow.position)
    )
    for row, code in found:
        counted[row.return_id].append((row, code or ""))
    return counted


def _last_sent(session: Session, ids: Sequence[int]) -> Mapping[int, date]:
    found = session.execute(
        sa.select(ReturnShipmentRow.return_id, sa.func.max(ReturnShipmentRow.sent_on))
        .where(ReturnShipmentRow.return_id.in_(ids))
        .group_by(ReturnShipmentRow.return_id)
    )
    return dict(iter(found))


def _rests(session: Session, ids: Sequence[int]) -> Mapping[int, list[Rest]]:
    rests: dict[int, list[Rest]] = defaultdict(list)
    found = session.execute(
        sa.select(
            ReturnRow.rest_of_id, ReturnRow.number, ReturnRow.quantity_announced, ReturnRow.outcome_reason
        )
        .where(ReturnRow.rest_of_id.in_(ids))
        .order_by(ReturnRow.id)
    )
    for rest_of_id, number, announced, given_up in found:
        rests[rest_of_id or 0].append(Rest(number, announced, given_up))
    return rests


def _line(
    row: ReturnRow,
    rest_of: str,
    complaint_number: str,
    customer: CustomerRow,
    part: PartRow,
    zone: str,
    by: str,
    moved: list[Movement],
    counted: list[tuple[ReturnCountRow, str]],
    last_sent_on: date | None,
    rests: Sequence[Rest],
) -> LogLine:
    held = Held(row.stage, row.quantity_announced, tuple(moved))
    at = held.at
    by_verdict = dict.fromkeys(PieceVerdict, 0)
    for count, _ in counted:
        by_verdict[count.verdict] += count.quantity
    lines = reconcile(
        held,
        because=row.difference_because,
        counted=sum(by_verdict.values()) if counted else None,
        rests=rests,
    )
    return LogLine(
        id=row.id,
        number=row.number,
        parcel=row.parcel,
        rest_of=rest_of,
        complaint_number=complaint_number,
        customer_code=customer.code,
        customer_name=customer.name,
        customer_name_en=customer.name_en or customer.name,
        part_number=part.number,
        part_name=part.name,
        part_name_en=part.name_en or part.name,
        lots=tuple(row.lots),
        kind=row.kind,
        stage=row.stage,
        zone=zone,
        announced_at=row.announced_at,
        announced_by=by,
        expected_on=row.expected_on,
        carrier=row.carrier,
        tracking=row.tracking,
        quantity_announced=row.quantity_announced,
        received_at=row.received_at,
        received=-at[Place.CUSTOMER],
        right=_into(moved, Place.CHECKED),
        wrong=_into(moved, Place.WRONG_PART),
        found_part=row.found_part,
        missing=at[Place.MISSING],
        surplus=-at[Place.SURPLUS],
        difference_because=row.difference_because,
        location=row.location,
        drawn=_into(moved, Place.DRAWN),
        ng=by_verdict[PieceVerdict.NG],
        ok=by_verdict[PieceVerdict.OK],
        ntf=by_verdict[PieceVerdict.NTF],
        not_tested=by_verdict[PieceVerdict.NOT_TESTED],
        phenomena=tuple(f"{one.phenomenon} {one.quantity}" for one, _ in counted if one.phenomenon),
        categories=tuple(dict.fromkeys(code for _, code in counted if code)),
        analysis=row.analysis,
        here=here(at),
        scrapped=at[Place.SCRAPPED],
        kept=at[Place.KEPT],
        sent_back=at[Place.SENT_BACK],
        promised_on=row.promised_on,
        last_sent_on=last_sent_on,
        late=last_sent_on is not None and row.promised_on is not None and last_sent_on > row.promised_on,
        credit_number=row.credit_number,
        booked_on=row.booked_on,
        closed_at=row.closed_at,
        outcome_reason=row.outcome_reason,
        unexplained=bool(unexplained(lines)),
    )


def _into(moved: Sequence[Movement], place: Place) -> int:
    return sum(one.quantity for one in moved if one.to_place is place and one.from_place is not Place.SURPLUS)
