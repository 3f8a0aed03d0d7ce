"""One return with everything its page and its papers say: facts, pieces, counts, plan, what does not agree, rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see
from eightd.domain.complaint import DefectKind, Role
from eightd.domain.returns.course import RETURN_ACTIONS
from eightd.domain.returns.ledger import Held
from eightd.domain.returns.reconcile import Line, Rest, reconcile
from eightd.domain.returns.rights import may_on_return
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind, ReturnStage
from eightd.domain.returns.steps import PlanEntry
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot
from eightd.persistence.repositories import complaints, returns
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.persistence.tables.returns import (
    FailureCategoryRow,
    ReturnCountRow,
    ReturnMovementRow,
    ReturnPieceRow,
    ReturnReceiptRow,
    ReturnRow,
    ReturnShipmentRow,
)


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What arrived at one time."""

    received_at: datetime
    quantity: int
    cartons: int | None
    evidence_id: int | None
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """What was sent back at one time; ``late`` says that it was after the day promised."""

    sent_on: date
    quantity: int
    carrier: str
    tracking: str
    note: str
    by: str
    late: bool


@dataclass(frozen=True, slots=True)
class MovementView:
    """So many pieces moved, by whom and when."""

    stage: ReturnStage
    from_place: Place
    to_place: Place
    quantity: int
    disposition: Disposition | None
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CountView:
    """How many pieces show a phenomenon; ``category`` in both languages, empty without one."""

    position: int
    kind: DefectKind | None
    phenomenon: str
    verdict: PieceVerdict
    quantity: int
    category_id: int | None
    category: str
    category_en: str


@dataclass(frozen=True, slots=True)
class OtherView:
    """Another return of the same parcel, or one that brings a rest."""

    number: str
    complaint_number: str
    stage: ReturnStage
    quantity_announced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPage:
    """One return. ``balance`` holds every place; ``siblings`` are the others in the parcel, hidden ones left out.

    ``rest_of`` is the return whose missing pieces this one brings, ``rests`` those that bring this one's.
    ``available`` says of every action on a return whether this actor may do it now, and of announcing another one.
    """

    id: int
    number: str
    version: int
    kind: ReturnKind
    stage: ReturnStage
    stage_at: datetime
    is_open: bool
    zone: str
    plant_id: int
    plant_name: str
    plant_name_en: str
    plant_address: str
    plant_address_en: str
    complaint_id: int
    complaint_number: str
    customer_id: int
    customer_name: str
    customer_name_en: str
    customer_number: str
    part_number: str
    part_name: str
    part_name_en: str
    part_customer_number: str
    parcel: str
    siblings: tuple[OtherView, ...]
    rest_of: str
    rests: tuple[str, ...]
    quantity_announced: int
    carrier: str
    tracking: str
    sender: str
    enclose: str
    lots: tuple[str, ...]
    expected_on: date | None
    promised_on: date | None
    note: str
    language: Language
    announced_at: datetime
    announced_by: str
    received_at: datetime | None
    found_part: str
    location: str
    difference_because: str
    test_note: str
    analysis: str
    ntf_criteria: str
    plan: tuple[PlanEntry, ...]
    rework_steps: str
    credit_number: str
    booked_on: date | None
    settle_note: str
    closed_at: datetime | None
    outcome_reason: str
    balance: Mapping[Place, int]
    receipts: tuple[ReceiptView, ...]
    shipments: tuple[ShipmentView, ...]
    counts: tuple[CountView, ...]
    movements: tuple[MovementView, ...]
    pieces: int
    reconciliation: tuple[Line, ...]
    available: Mapping[Action, Outcome]

    def is_late_on(self, today: date) -> bool:
        """Return whether pieces should have left before that plant-local day and are still here."""
        done = self.stage in (ReturnStage.REDELIVERED, ReturnStage.SETTLED) or not self.is_open
        return self.promised_on is not None and self.promised_on < today and not done


def return_page(session: Session, actor: Actor, number: str) -> ReturnPage | None:
    """Read a return, None where there is none or the actor may not see its complaint. Nine statements."""
    found = session.execute(
        sa.select(ReturnRow, ComplaintRow, PlantRow, CustomerRow, PartRow, UserRow.name)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .join(PlantRow, PlantRow.id == ReturnRow.plant_id)
        .join(CustomerRow, CustomerRow.id == ReturnRow.customer_id)
        .join(PartRow, PartRow.id == ReturnRow.part_id)
        .join(UserRow, UserRow.id == ReturnRow.announced_by)
        .where(ReturnRow.number == number)
    ).one_or_none()
    if found is None or not may_see(actor, found[0].plant_id, found[0].customer_id):
        return None
    row, about, plant, customer, part, announcer = found
    moved = _movements(session, row.id)
    held = Held(row.stage, row.quantity_announced, tuple(returns.movement(one) for one, _ in moved))
    counts = _counts(session, row.id)
    siblings, rest_of, rests = _around(session, actor, row)
    snapshot = rights_snapshot(session, about)
    return ReturnPage(
        id=row.id,
        number=row.number,
        version=row.version,
        kind=row.kind,
        stage=row.stage,
        stage_at=row.stage_at,
        is_open=row.is_open,
        zone=plant.zone,
        plant_id=plant.id,
        plant_name=plant.name,
        plant_name_en=plant.name_en,
        plant_address=plant.address,
        plant_address_en=plant.address_en,
        complaint_id=about.id,
        complaint_number=about.number,
        customer_id=customer.id,
        customer_name=customer.name,
        customer_name_en=customer.name_en,
        customer_number=about.customer_number,
        part_number=part.number,
        part_name=part.name,
        part_name_en=part.name_en,
        part_customer_number=about.part_customer_number,
        parcel=row.parcel,
        siblings=siblings,
        rest_of=rest_of,
        rests=tuple(one.number for one in rests),
        quantity_announced=row.quantity_announced,
        carrier=row.carrier,
        tracking=row.tracking,
        sender=row.sender,
        enclose=row.enclose,
        lots=tuple(row.lots),
        expected_on=row.expected_on,
        promised_on=row.promised_on,
        note=row.note,
        language=row.language,
        announced_at=row.announced_at,
        announced_by=announcer,
        received_at=row.received_at,
        found_part=row.found_part,
        location=row.location,
        difference_because=row.difference_because,
        test_note=row.test_note,
        analysis=row.analysis,
        ntf_criteria=row.ntf_criteria,
        plan=tuple(plan_entry(one) for one in row.plan),
        rework_steps=row.rework_steps,
        credit_number=row.credit_number,
        booked_on=row.booked_on,
        settle_note=row.settle_note,
        closed_at=row.closed_at,
        outcome_reason=row.outcome_reason,
        balance=held.at,
        receipts=_receipts(session, row.id),
        shipments=_shipments(session, row),
        counts=counts,
        movements=tuple(
            MovementView(
                one.stage, one.from_place, one.to_place, one.quantity, one.disposition, one.note, by, one.at
            )
            for one, by in moved
        ),
        pieces=session.execute(
            sa.select(sa.func.count()).where(ReturnPieceRow.return_id == row.id)
        ).scalar_one(),
        reconciliation=reconcile(
            held,
            because=row.difference_because,
            counted=sum(one.quantity for one in counts) if counts else None,
            rests=rests,
        ),
        available=availability(actor, snapshot, row.stage),
    )


def plan_entry(document: Mapping[str, object]) -> PlanEntry:
    """Return a row of a plan as it was entered."""
    due_on = str(document["due_on"])
    return PlanEntry(
        disposition=Disposition(str(document["disposition"])),
        quantity=int(str(document["quantity"])),
        how=str(document["how"]),
        owner=str(document["owner"]),
        due_on=date.fromisoformat(due_on) if due_on else None,
    )


def rights_snapshot(session: Session, row: ComplaintRow) -> ComplaintSnapshot:
    """Return the complaint as far as rights on its returns ask: who is assigned, no disciplines. One statement."""
    assigned = session.execute(
        sa.select(AssignmentRow.role, AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == row.id, AssignmentRow.until_at.is_(None)
        )
    ).all()
    return complaints.composed(
        row,
        assigned={Role(role): user_id for role, user_id in assigned},
        clock_stopped=False,
        explained=False,
        issued=(),
        disciplines={},
    )


def availability(actor: Actor, snapshot: ComplaintSnapshot, stage: ReturnStage) -> dict[Action, Outcome]:
    """Return the outcome of every action on a return that stands there."""
    return {
        action: may_on_return(actor, action, snapshot, stage) for action in Action if action in RETURN_ACTIONS
    }


def _movements(session: Session, return_id: int) -> Sequence[tuple[ReturnMovementRow, str]]:
    return [
        (row, name)
        for row, name in session.execute(
            sa.select(ReturnMovementRow, UserRow.name)
            .join(UserRow, UserRow.id == ReturnMovementRow.by)
            .where(ReturnMovementRow.return_id == return_id)
            .order_by(ReturnMovementRow.id)
        )
    ]


def _receipts(session: Session, return_id: int) -> tuple[ReceiptView, ...]:
    found = session.execute(
        sa.select(ReturnReceiptRow, UserRow.name)
        .join(UserRow, UserRow.id == ReturnReceiptRow.by)
        .where(ReturnReceiptRow.return_id == return_id)
        .order_by(ReturnReceiptRow.received_at, ReturnReceiptRow.id)
    )
    return tuple(
        ReceiptView(one.received_at, one.quantity, one.cartons, one.evidence_id, one.note, by)
        for one, by in found
    )


def _shipments(session: Session, row: ReturnRow) -> tuple[ShipmentView, ...]:
    found = session.execute(
        sa.select(ReturnShipmentRow, UserRow.name)
        .join(UserRow, UserRow.id == ReturnShipmentRow.by)
        .where(ReturnShipmentRow.return_id == row.id)
        .order_by(ReturnShipmentRow.sent_on, ReturnShipmentRow.id)
    )
    return tuple(
        ShipmentView(
            one.sent_on,
            one.quantity,
            one.carrier,
            one.tracking,
            one.note,
            by,
            late=row.promised_on is not None and one.sent_on > row.promised_on,
        )
        for one, by in found
    )


def _counts(session: Session, return_id: int) -> tuple[CountView, ...]:
    found = session.execute(
        sa.select(ReturnCountRow, FailureCategoryRow.name, FailureCategoryRow.name_en)
        .outerjoin(FailureCategoryRow, FailureCategoryRow.id == ReturnCountRow.category_id)
        .where(ReturnCountRow.return_id == return_id)
        .order_by(ReturnCountRow.position)
    )
    return tuple(
        CountView(
            one.position,
            one.kind,
            one.phenomenon,
            one.verdict,
            one.quantity,
            one.category_id,
            name or "",
            name_en or name or "",
        )
        for one, name, name_en in found
    )


def _around(
    session: Session, actor: Actor, row: ReturnRow
) -> tuple[tuple[OtherView, ...], str, tuple[Rest, ...]]:
    """Return the parcel's other returns, the one this is the rest of, and those that bring this one's rest."""
    related = [ReturnRow.parcel == row.parcel, ReturnRow.rest_of_id == row.id]
    if row.rest_of_id is not None:
        related.append(ReturnRow.id == row.rest_of_id)
    found = session.execute(
        sa.select(ReturnRow, ComplaintRow.number)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .where(sa.or_(*related), ReturnRow.id != row.id)
        .order_by(ReturnRow.id)
    ).all()
    seen = [(one, number) for one, number in found if may_see(actor, one.plant_id, one.customer_id)]
    siblings = tuple(
        OtherView(one.number, number, one.stage, one.quantity_announced)
        for one, number in seen
        if one.parcel == row.parcel
    )
    rest_of = next((one.number for one, _ in seen if one.id == row.rest_of_id), "")
    rests = tuple(
        Rest(one.number, one.quantity_announced, one.outcome_reason)
        for one, _ in seen
        if one.rest_of_id == row.id
    )
    return siblings, rest_of, rests
