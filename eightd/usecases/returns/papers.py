"""Print the papers of a return as it stands now: the label, the return sheet, the rework order (procedure 8 and 9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may
from eightd.domain.complaint import DefectKind
from eightd.domain.returns.labels import DISPOSITION_LABELS, PLACE_LABELS, RETURN_STAGE_LABELS
from eightd.domain.returns.ledger import OUTSIDE, balance
from eightd.domain.returns.papers import ReturnPaper, unready
from eightd.domain.returns.reconcile import Rest, reconcile
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import complaints, failure_categories, returns
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.persistence.tables.returns import (
    ReturnCountRow,
    ReturnPieceRow,
    ReturnReceiptRow,
    ReturnRow,
    ReturnShipmentRow,
)
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.reporting.returns.facts import (
    Arrival,
    Compared,
    Counted,
    ExaminedPiece,
    Moved,
    ParcelLine,
    Planned,
    ReturnFacts,
    Shipment,
    Standing,
)
from eightd.reporting.returns.render import render_paper
from eightd.reporting.sheet.wording import ReportLanguage, Wording
from eightd.usecases.access import insist
from eightd.usecases.errors import NotAllowed, NotFound
from eightd.usecases.report_content import worded

KINDS: Mapping[ReturnKind, Phrase] = {
    ReturnKind.SAMPLE: Phrase("return_kind.sample", "Sample", "样品"),
    ReturnKind.GOODS: Phrase("return_kind.goods", "Returned goods", "客退品"),
}
VERDICTS: Mapping[PieceVerdict, Phrase] = {
    PieceVerdict.NG: Phrase("piece_verdict.ng", "NG", "NG"),
    PieceVerdict.OK: Phrase("piece_verdict.ok", "OK", "OK"),
    PieceVerdict.NTF: Phrase("piece_verdict.ntf", "NTF", "NTF（未发现不良）"),
    PieceVerdict.NOT_TESTED: Phrase("piece_verdict.not_tested", "Not tested", "未检测"),
}
DEFECTS: Mapping[DefectKind, Phrase] = {
    DefectKind.FUNCTIONAL: Phrase("defect_kind.functional", "Functional", "功能"),
    DefectKind.APPEARANCE: Phrase("defect_kind.appearance", "Appearance", "外观"),
    DefectKind.OTHER: Phrase("defect_kind.other", "Other", "其他"),
}
_MOST_PIECES = 1000
_NAMES = {ReturnPaper.LABEL: "label", ReturnPaper.SHEET: "sheet", ReturnPaper.REWORK_ORDER: "rework-order"}


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper as PDF."""

    filename: str
    content: bytes


def print_paper(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    paper: ReturnPaper,
    language: ReportLanguage | None = None,
    now: datetime,
) -> PaperFile:
    """Return the paper of a return as it stands at ``now``; without a language the label is in the return's own.

    Raises NotFound for what is hidden, NotAllowed for a rework order without a plan.
    """
    with uow.reading() as session:
        row = session.execute(sa.select(ReturnRow).where(ReturnRow.number == number)).scalar_one_or_none()
        complaint = None if row is None else session.get(ComplaintRow, row.complaint_id)
        if row is None or complaint is None:
            raise NotFound
        insist(may(actor, Action.VIEW, complaints.snapshot(session, complaint)))
        hindered = unready(paper, is_planned=bool(row.plan), stage=row.stage)
        if hindered is not None:
            raise NotAllowed(hindered)
        facts = _facts(session, actor, row, complaint, paper, now, uow.public_url)
    spoken = language or ReportLanguage(row.language.value)
    content = render_paper(facts, language=spoken, reports=uow.reports)
    return PaperFile(f"{number}-{_NAMES[paper]}.pdf", content)


def _facts(
    session: Session,
    actor: Actor,
    row: ReturnRow,
    complaint: ComplaintRow,
    paper: ReturnPaper,
    now: datetime,
    public_url: str,
) -> ReturnFacts:
    plant = session.get_one(PlantRow, row.plant_id)
    customer = session.get_one(CustomerRow, row.customer_id)
    part = session.get_one(PartRow, row.part_id)
    moves = returns.movement_rows(session, row.id)
    receipts = _of(session, ReturnReceiptRow, row.id)
    shipments = _of(session, ReturnShipmentRow, row.id)
    names = _names(session, {row.announced_by, *(one.by for one in (*moves, *receipts, *shipments))})
    at = balance(map(returns.movement, moves))
    categories = {
        one.category.id: worded(one.says()) for one in failure_categories.branches(session, {row.plant_id})
    }
    code = row.parcel if paper is ReturnPaper.LABEL else row.number
    return ReturnFacts(
        paper=paper,
        number=row.number,
        parcel=row.parcel,
        code=f"{public_url}/returns/{code}" if public_url else code,
        at=now,
        zone=plant.zone,
        plant=Wording(plant.name, plant.name_en),
        address=Wording(plant.address, plant.address_en),
        customer=Wording(customer.name, customer.name_en),
        kind=worded(KINDS[row.kind].say()),
        stage=worded(RETURN_STAGE_LABELS[row.stage].say()),
        complaint=complaint.number,
        customer_number=complaint.customer_number,
        part_number=part.number,
        part_name=Wording(part.name, part.name_en),
        announced=row.quantity_announced,
        announced_at=row.announced_at,
        announced_by=names[row.announced_by],
        parcel_lines=_parcel(session, actor, row),
        carrier=row.carrier,
        tracking=row.tracking,
        sender=row.sender,
        enclose=row.enclose,
        expected_on=row.expected_on,
        promised_on=row.promised_on,
        location=row.location,
        found_part=row.found_part,
        analysis=row.analysis,
        ntf_criteria=row.ntf_criteria,
        steps=row.rework_steps,
        note=row.note,
        credit_number=row.credit_number,
        booked_on=row.booked_on,
        arrivals=tuple(
            Arrival(one.received_at, one.quantity, one.cartons, names[one.by], one.note) for one in receipts
        ),
        standing=tuple(
            Standing(worded(PLACE_LABELS[place].say()), at[place])
            for place in Place
            if place not in OUTSIDE and at[place]
        ),
        movements=tuple(
            Moved(
                one.at,
                worded(PLACE_LABELS[one.from_place].say()),
                worded(PLACE_LABELS[one.to_place].say()),
                one.quantity,
                names[one.by],
                one.note,
            )
            for one in moves
        ),
        counts=_counts(session, row, categories),
        pieces=_pieces(session, row, categories) if paper is ReturnPaper.SHEET else (),
        plan=tuple(map(_planned, row.plan)),
        shipments=tuple(
            Shipment(one.sent_on, one.quantity, one.carrier, one.tracking, names[one.by], one.note)
            for one in shipments
        ),
        compared=_compared(session, row),
    )


def _compared(session: Session, row: ReturnRow) -> tuple[Compared, ...]:
    counted = session.execute(
        sa.select(sa.func.sum(ReturnCountRow.quantity)).where(ReturnCountRow.return_id == row.id)
    ).scalar_one()
    rests = tuple(
        Rest(one.number, one.quantity_announced, one.outcome_reason)
        for one in session.execute(
            sa.select(ReturnRow).where(ReturnRow.rest_of_id == row.id).order_by(ReturnRow.id)
        ).scalars()
    )
    lines = reconcile(
        returns.held(session, row), because=row.difference_because, counted=counted, rests=rests
    )
    return tuple(Compared(worded(one.label), one.expected, one.actual, worded(one.because)) for one in lines)


def _of(session: Session, table: Any, return_id: int) -> list[Any]:
    found = session.execute(sa.select(table).where(table.return_id == return_id).order_by(table.id))
    return list(found.scalars())


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    found = session.execute(sa.select(UserRow.id, UserRow.name).where(UserRow.id.in_(ids)))
    return {one.id: one.name for one in found}


def _parcel(session: Session, actor: Actor, row: ReturnRow) -> tuple[ParcelLine, ...]:
    """Return every return of the parcel that the actor may see; one parcel is of one customer and one plant."""
    found = session.execute(
        sa.select(ReturnRow, ComplaintRow, PartRow)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .join(PartRow, PartRow.id == ReturnRow.part_id)
        .where(ReturnRow.parcel == row.parcel, ReturnRow.plant_id == row.plant_id)
        .order_by(ReturnRow.id)
    )
    return tuple(
        ParcelLine(
            number=one.number,
            complaint=complaint.number,
            customer_number=complaint.customer_number,
            part_number=part.number,
            part_name=Wording(part.name, part.name_en),
            quantity=one.quantity_announced,
            lots=", ".join(one.lots),
        )
        for one, complaint, part in found
        if one.customer_id == row.customer_id
        and (actor.customers is None or one.customer_id in actor.customers)
    )


def _counts(session: Session, row: ReturnRow, categories: Mapping[int, Wording]) -> tuple[Counted, ...]:
    found = session.execute(
        sa.select(ReturnCountRow, PhenomenonRow.text_en)
        .outerjoin(
            PhenomenonRow,
            sa.and_(
                PhenomenonRow.kind == ReturnCountRow.kind, PhenomenonRow.text == ReturnCountRow.phenomenon
            ),
        )
        .where(ReturnCountRow.return_id == row.id)
        .order_by(ReturnCountRow.position)
    )
    return tuple(
        Counted(
            Wording() if one.kind is None else worded(DEFECTS[one.kind].say()),
            Wording(one.phenomenon, english or ""),
            worded(VERDICTS[one.verdict].say()),
            one.quantity,
            categories.get(one.category_id or 0, Wording()),
        )
        for one, english in found
    )


def _pieces(session: Session, row: ReturnRow, categories: Mapping[int, Wording]) -> tuple[ExaminedPiece, ...]:
    found = session.execute(
        sa.select(ReturnPieceRow)
        .where(ReturnPieceRow.return_id == row.id)
        .order_by(ReturnPieceRow.position)
        .limit(_MOST_PIECES)
    ).scalars()
    return tuple(
        ExaminedPiece(
            position=one.position,
            serial=one.serial,
            date_code=one.date_code,
            phenomenon=one.phenomenon,
            measured="; ".join(f"{what} {value}" for what, value in one.measured.items()),
            verdict=worded(VERDICTS[one.verdict].say()),
            category=categories.get(one.category_id or 0, Wording()),
        )
        for one in found
    )


def _planned(entry: Mapping[str, Any]) -> Planned:
    due_on = entry.get("due_on")
    return Planned(
        disposition=worded(DISPOSITION_LABELS[Disposition(entry["disposition"])].say()),
        quantity=int(entry["quantity"]),
        how=str(entry.get("how", "")),
        owner=str(entry.get("owner", "")),
        due_on=date.fromisoformat(due_on) if due_on else None,
    )
