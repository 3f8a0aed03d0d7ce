"""Announce what comes back: one parcel for one or more complaints of a customer, with a number for its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.returns.steps import AT_LEAST_ONE, LARGEST, REQUIRED, TOO_MANY
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories.returns import next_return_number
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.alarms.samples import set_chase
from eightd.usecases.errors import NotAllowed, NotFound
from eightd.usecases.registration import cleaned
from eightd.usecases.returns.opening import day_text, implausible_days, insist_valid, lengths
from eightd.usecases.verb import Done, verb

NO_SUCH_COMPLAINT = Phrase("return.no_such_complaint", "There is no such complaint", "没有该客诉")
OF_ANOTHER_CUSTOMER = Phrase(
    "return.of_another_customer",
    "Of another customer or plant: it comes in another parcel",
    "属于其他客户或工厂，应另行寄送",
)
TWICE = Phrase("return.twice", "This complaint is in the parcel already", "该客诉已在此包裹中")


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    """So many pieces of one complaint's part; without lots those of the complaint are meant."""

    complaint: str
    quantity: int
    lots: tuple[str, ...] = ()


@verb("return.announce")
def announce_return(
    work: Work,
    *,
    lines: tuple[ReturnEntry, ...],
    kind: ReturnKind,
    expected_on: date | None = None,
    carrier: str = "",
    tracking: str = "",
    sender: str = "",
    enclose: str = "",
    note: str = "",
    language: Language = Language.ZH,
    promised_on: date | None = None,
) -> Done:
    """Announce a parcel; each complaint in it gets a return of its own, all with the first one's number as parcel.

    ``expected_on`` and ``promised_on``, by when pieces are to leave again, are plant-local days; ``language`` is the
    label's. Raises NotFound where the first complaint is hidden, Invalid by field (``lines-0-complaint``).
    """
    problems = _problems(lines)
    problems |= implausible_days(expected_on=expected_on, promised_on=promised_on)
    problems |= lengths(
        {"carrier": carrier, "tracking": tracking, "sender": sender, "enclose": enclose, "note": note}
    )
    opened = _opened(work, lines, problems)
    insist_valid(problems)
    parcel: list[ReturnRow] = []
    for line in lines:
        complaint = opened[line.complaint.strip()]
        row = add_return(
            work,
            complaint.row,
            quantity=line.quantity,
            lots=line.lots,
            kind=kind,
            parcel=parcel[0].parcel if parcel else None,
            expected_on=expected_on,
            carrier=carrier,
            tracking=tracking,
            sender=sender,
            enclose=enclose,
            note=note,
            language=language,
            promised_on=promised_on,
        )
        conclude(work, complaint, new=announced(row), subject=row.number, raise_version=False)
        parcel.append(row)
    first = parcel[0]
    return Done(number=first.number, version=first.version, id=first.id)


def add_return(
    work: Work,
    about: ComplaintRow,
    *,
    quantity: int,
    lots: Sequence[str],
    kind: ReturnKind,
    parcel: str | None,
    rest_of_id: int | None = None,
    expected_on: date | None,
    carrier: str = "",
    tracking: str = "",
    sender: str = "",
    enclose: str = "",
    note: str = "",
    language: Language,
    promised_on: date | None,
) -> ReturnRow:
    """Add a return of the complaint, in a parcel of its own where none is named; the caller records it."""
    plant = work.session.get_one(PlantRow, about.plant_id)
    number = next_return_number(work.session, plant, work.now.astimezone(ZoneInfo(plant.zone)).year)
    row = ReturnRow(
        number=number,
        complaint_id=about.id,
        plant_id=about.plant_id,
        customer_id=about.customer_id,
        part_id=about.part_id,
        kind=kind,
        stage=ReturnStage.ANNOUNCED,
        is_open=True,
        version=1,
        parcel=parcel or number,
        rest_of_id=rest_of_id,
        quantity_announced=quantity,
        carrier=carrier.strip(),
        tracking=tracking.strip(),
        sender=sender.strip(),
        enclose=enclose.strip(),
        lots=cleaned(lots) or list(about.lots),
        expected_on=expected_on,
        promised_on=promised_on,
        note=note.strip(),
        language=language,
        announced_at=work.now,
        announced_by=work.actor.id,
        plan=[],
        stage_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    if kind is ReturnKind.SAMPLE and about.sample_received_at is None:
        about.sample_announced_quantity = about.sample_announced_quantity or quantity
    set_chase(work.session, about, work.now)
    return row


def announced(row: ReturnRow) -> dict[str, Any]:
    """Return what the record keeps of an announcement."""
    return {
        "return_kind": row.kind.value,
        "pieces": row.quantity_announced,
        "parcel": row.parcel,
        "lots": row.lots,
        "expected_on": day_text(row.expected_on),
        "promised_on": day_text(row.promised_on),
    }


def _problems(lines: Sequence[ReturnEntry]) -> dict[str, Message]:
    problems: dict[str, Message] = {}
    if not lines:
        problems["lines"] = REQUIRED.say()
    seen: set[str] = set()
    for position, line in enumerate(lines):
        number = line.complaint.strip()
        if number in seen:
            problems[f"lines-{position}-complaint"] = TWICE.say()
        seen.add(number)
        if line.quantity < 1:
            problems[f"lines-{position}-quantity"] = AT_LEAST_ONE.say()
        elif line.quantity > LARGEST:
            problems[f"lines-{position}-quantity"] = TOO_MANY.say()
    return problems


def _opened(work: Work, lines: Sequence[ReturnEntry], problems: dict[str, Message]) -> dict[str, Opened]:
    """Open every complaint in the order of numbers, so that two parcels never wait for each other."""
    numbers = [line.complaint.strip() for line in lines]
    opened: dict[str, Opened] = {}
    for number in sorted(set(numbers)):
        position = numbers.index(number)
        try:
            opened[number] = open_complaint(work, number, Action.ANNOUNCE_RETURN)
        except NotFound:
            if position == 0:
                raise
            problems[f"lines-{position}-complaint"] = NO_SUCH_COMPLAINT.say()
        except NotAllowed as refused:
            if position == 0:
                raise
            problems[f"lines-{position}-complaint"] = refused.message
    first = opened.get(numbers[0]) if numbers else None
    for number, one in opened.items():
        ours = first is None or (one.row.plant_id, one.row.customer_id) == (
            first.row.plant_id,
            first.row.customer_id,
        )
        if not ours:
            problems[f"lines-{numbers.index(number)}-complaint"] = OF_ANOTHER_CUSTOMER.say()
    return opened
