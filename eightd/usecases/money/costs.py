"""Record, correct and take out the cost lines of a complaint (procedure 9: cost of poor quality)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eightd.domain.cost.kinds import CostKind, CostPhase, CostSide
from eightd.domain.events import EventTag
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.money import ClaimRow, CostRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.administration.changing import check_version
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.money.entries import NEEDED, Valued, day_problem, text_problems, told, valued
from eightd.usecases.outcome import local_day
from eightd.usecases.verb import Done, verb

NO_SUPPLIER = Phrase("cost.no_supplier", "From which supplier is it recovered?", "请选择向哪个供应商追偿")
UNKNOWN = Phrase("cost.unknown", "There is no such entry", "该项不存在")
OF_A_CLAIM = Phrase(
    "cost.of_a_claim",
    "This line comes from a claim and follows it",
    "该费用来自索赔，随索赔变化，不能单独修改",
)
TAKEN_OUT = Phrase("cost.taken_out", "This line was taken out already", "该费用已被移除")


@dataclass(frozen=True, slots=True, kw_only=True)
class CostEntry:
    """One cost as it is typed; ``rate`` None takes the one that holds on the day."""

    kind: CostKind
    phase: CostPhase
    side: CostSide = CostSide.OURS
    spent_on: date
    amount: Decimal | None
    currency: str
    rate: Decimal | None = None
    department: str = ""
    note: str = ""
    supplier_id: int | None = None
    return_number: str = ""


@verb("cost.record")
def record_cost(work: Work, *, number: str, entry: CostEntry) -> Done:
    """Record one cost of a complaint, also after it was closed; ``id`` of the answer is the line's.

    Raises Invalid by the entry's fields.
    """
    opened = open_complaint(work, number, Action.RECORD_COST)
    values = _values(work, opened, entry)
    row = add_line(work, opened.row, values)
    conclude(work, opened, subject=f"cost {row.id}", new=told(values), raise_version=False)
    return Done(number=number, version=row.version, id=row.id)


@verb("cost.change")
def change_cost(work: Work, *, number: str, cost_id: int, version: int, entry: CostEntry) -> Done:
    """Correct a line; the rate is taken anew where none is typed. Raises NotFound, Stale, NotAllowed, Invalid."""
    opened = open_complaint(work, number, Action.RECORD_COST)
    row = _line(work, opened, cost_id, version)
    values = _values(work, opened, entry)
    old = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if old:
        for name in old:
            setattr(row, name, values[name])
        row.version += 1
        work.record(
            EventTag.COST_CHANGED,
            complaint_id=opened.row.id,
            subject=f"cost {row.id}",
            old=told(old),
            new=told({name: values[name] for name in old}),
        )
    return Done(number=number, version=row.version, id=row.id)


@verb("cost.remove")
def remove_cost(work: Work, *, number: str, cost_id: int, version: int, reason: str) -> Done:
    """Take out a line that was entered by mistake; it stays readable and counts no more. The reason is needed."""
    opened = open_complaint(work, number, Action.RECORD_COST)
    row = _line(work, opened, cost_id, version)
    if not reason.strip():
        raise Invalid({"reason": NEEDED.say()})
    wrong = text_problems({"reason": (reason, 2000)})
    if wrong:
        raise Invalid(wrong)
    take_out(work, row, reason.strip())
    return Done(number=number, version=row.version, id=row.id)


def take_out(work: Work, row: CostRow, reason: str) -> None:
    """Let a line count no more, with the entry in the record."""
    row.removed_at, row.removed_because = work.now, reason
    row.version += 1
    work.record(
        EventTag.COST_REMOVED,
        complaint_id=row.complaint_id,
        subject=f"cost {row.id}",
        old=told({"kind": row.kind, "amount": row.amount, "currency": row.currency}),
        reason=reason,
    )


def add_line(work: Work, complaint: ComplaintRow, values: dict[str, Any]) -> CostRow:
    """Add a line to a complaint; the caller makes the entry in the record."""
    row = CostRow(
        complaint_id=complaint.id,
        plant_id=complaint.plant_id,
        customer_id=complaint.customer_id,
        part_id=complaint.part_id,
        by=work.actor.id,
        at=work.now,
        **values,
    )
    work.session.add(row)
    work.session.flush()
    return row


def line_of_claim(
    work: Work, complaint: ComplaintRow, claim: ClaimRow, phase: CostPhase, worth: Valued, on: date
) -> None:
    """Replace a claim's line of this phase by one of this amount: what a claim costs is entered once."""
    drop_lines_of_claim(work, claim, phase)
    if not worth.amount:
        return
    values = {
        "kind": CostKind.CREDIT,
        "phase": phase,
        "side": CostSide.OURS,
        "spent_on": on,
        "note": claim.settlement if phase is CostPhase.ACTUAL else claim.customer_number,
        "claim_id": claim.id,
        **asdict(worth),
    }
    row = add_line(work, complaint, values)
    work.record(EventTag.COST_RECORDED, complaint_id=complaint.id, subject=f"cost {row.id}", new=told(values))


def drop_lines_of_claim(work: Work, claim: ClaimRow, phase: CostPhase) -> None:
    """Take out a claim's line of this phase, where there is one."""
    lines = work.session.execute(
        sa.select(CostRow).where(
            CostRow.complaint_id == claim.complaint_id,
            CostRow.claim_id == claim.id,
            CostRow.phase == phase,
            CostRow.removed_at.is_(None),
        )
    ).scalars()
    for row in lines:
        take_out(work, row, f"claim {claim.id}")


def _line(work: Work, opened: Opened, cost_id: int, version: int) -> CostRow:
    row = work.session.get(CostRow, cost_id, with_for_update=True)
    if row is None or row.complaint_id != opened.row.id:
        raise NotFound
    check_version(row, version)
    if row.claim_id is not None:
        raise NotAllowed(OF_A_CLAIM.say())
    if row.removed_at is not None:
        raise NotAllowed(TAKEN_OUT.say())
    return row


def _values(work: Work, opened: Opened, entry: CostEntry) -> dict[str, Any]:
    """Return the columns of an entry. Raises Invalid with everything that is wrong."""
    problems: dict[str, Message] = text_problems(
        {"department": (entry.department, 120), "note": (entry.note, 400)}
    )
    wrong = day_problem(entry.spent_on, local_day(work, opened.row), planned=entry.phase is CostPhase.PLANNED)
    if wrong is not None:
        problems["spent_on"] = wrong
    if entry.side is CostSide.RECOVERY and entry.supplier_id is None:
        problems["supplier_id"] = NO_SUPPLIER.say()
    if entry.supplier_id is not None and work.session.get(SupplierRow, entry.supplier_id) is None:
        problems["supplier_id"] = UNKNOWN.say()
    return_id = _return_id(work, opened, entry.return_number)
    if entry.return_number and return_id is None:
        problems["return_number"] = UNKNOWN.say()
    plant = work.session.get_one(PlantRow, opened.row.plant_id)
    found: dict[str, Message] = {}
    worth = valued(
        work.session,
        base=plant.currency,
        amount=entry.amount,
        currency=entry.currency,
        on=entry.spent_on,
        rate=entry.rate,
        problems=found,
    )
    if worth is None or problems:
        raise Invalid({**problems, **found})
    return {
        "kind": entry.kind,
        "phase": entry.phase,
        "side": entry.side,
        "department": " ".join(entry.department.split()),
        "spent_on": entry.spent_on,
        "note": entry.note.strip(),
        "supplier_id": entry.supplier_id if entry.side is CostSide.RECOVERY else None,
        "return_id": return_id,
        **asdict(worth),
    }


def _return_id(work: Work, opened: Opened, number: str) -> int | None:
    if not number:
        return None
    return work.session.execute(
        sa.select(ReturnRow.id).where(ReturnRow.complaint_id == opened.row.id, ReturnRow.number == number)
    ).scalar_one_or_none()
