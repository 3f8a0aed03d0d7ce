"""Gather what an 8D report says from the store, as the frozen document that is hashed and printed (procedure 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.due import Deadline
from eightd.domain.clock.stops import ClockStop
from eightd.domain.complaint import Demand, DisciplineCode, DisciplineState, Role
from eightd.domain.goes_along import PICTURES, GoesAlong
from eightd.domain.ppm import ppm
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.snapshot import ComplaintSnapshot, ReportKind
from eightd.persistence.repositories import complaints
from eightd.persistence.repositories.deadlines import compute
from eightd.persistence.repositories.evidence import evidence_for_customers, evidence_of, shown_evidence
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ClassificationRow, ComplaintRow, DefectLineRow
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.reporting.eight_d.document import (
    Approval,
    AttachmentFact,
    CustomerFacts,
    DeadlineFact,
    DefectFact,
    EightDDocument,
    PartFacts,
    Picture,
    PictureMark,
    Quantities,
    SampleFacts,
    SignOff,
    StopFact,
    VerdictFact,
    Wording,
)
from eightd.reporting.sheet.wording import Arrangement

CLOSURE = Phrase("approval.closure", "Closure", "结案批准")
ACCEPTED = Phrase("sign_off.accepted", "checked and accepted", "审核并接受")


@dataclass(frozen=True, slots=True)
class Issue:
    """Under which number, name, kind and date a document is made, by whom, and where it can be confirmed.

    Revision 0 is a preview.
    """

    revision: int
    kind: ReportKind
    at: datetime
    by: str
    name: Wording = field(default_factory=Wording)
    check_code: str = ""
    check_url: str = ""
    arrangement: Arrangement = Arrangement.STACKED


def worded(message: Message | None) -> Wording:
    """Return a message in both languages, empty for None."""
    if message is None:
        return Wording()
    return Wording(zh=message.text(Language.ZH), en=message.text(Language.EN))


def report_document(
    session: Session, row: ComplaintRow, snapshot: ComplaintSnapshot, issue: Issue
) -> EightDDocument:
    """Return everything that is accepted of the complaint at the instant of the issue."""
    plant = session.get_one(PlantRow, row.plant_id)
    customer = session.get_one(CustomerRow, row.customer_id)
    part = session.get_one(PartRow, row.part_id)
    classification = _newest_classification(session, row.id)
    answering = complaints.answering_id(row)
    accepted = _accepted_submissions(session, answering, snapshot)
    names = _names(session)
    evidence = _evidence(session, row.id)
    if answering != row.id:  # what another complaint's 8D shows goes along with its answers
        evidence += tuple(
            filed for filed in _evidence(session, answering) if filed.row.discipline is not None
        )
    return EightDDocument(
        number=row.number,
        plant=Wording(zh=plant.name, en=plant.name_en or plant.name),
        zone=plant.zone,
        issued_at=issue.at,
        revision=issue.revision,
        report_kind=issue.kind,
        form=snapshot.form,
        issued_by=issue.by,
        languages=_languages(row.report_language),
        customer_number=row.customer_number,
        customer=CustomerFacts(
            name=customer.name,
            name_en=customer.name_en,
            plant=row.customer_plant,
            contact=row.contact or customer.contact,
            end_customer=row.end_customer,
        ),
        kind=row.kind,
        channel=row.channel,
        received_at=row.received_at,
        part=PartFacts(
            number=part.number,
            customer_number=row.part_customer_number,
            name=part.name,
            name_en=part.name_en,
            drawing_revision=row.drawing_revision,
            product_line=part.product_line,
        ),
        lots=tuple(row.lots),
        date_codes=tuple(row.date_codes),
        serials=tuple(row.serials),
        order_number=row.order_number,
        delivery_number=row.delivery_number,
        quantities=Quantities(
            delivered=row.quantity_delivered,
            inspected=row.quantity_inspected,
            complained=row.quantity_complained,
            confirmed_ng=row.quantity_confirmed_ng,
            returned=row.quantity_returned,
        ),
        ppm=ppm(
            confirmed_ng=row.quantity_confirmed_ng,
            complained=row.quantity_complained,
            delivered=row.quantity_delivered,
        ),
        tier=row.tier,
        tier_criteria=classification.criteria,
        tier_reasons=tuple(
            Wording(zh=reason["text_zh"], en=reason["text_en"])
            for reason in classification.reasons
            if reason["matched"]
        ),
        demands=tuple(Demand(demand) for demand in row.demands),
        repeat_of=_number(session, row.repeat_of_id),
        person_in_charge=names.get(snapshot.assigned.get(Role.CQE, 0), ""),
        interim_sent_at=row.initial_reply_sent_at,
        final_sent_at=row.final_sent_at,
        defects=_defects(session, row.id),
        sample=SampleFacts(
            needed=row.sample_needed,
            reason=row.sample_note if row.sample_needed is False else "",
            announced_quantity=row.sample_announced_quantity,
            received_at=row.sample_received_at,
            received_quantity=row.sample_received_quantity,
            difference_reason=row.sample_note if row.sample_needed else "",
        ),
        deadlines=_deadlines(session, row, issue.at),
        stops=_stops(session, row.id, names),
        answers={
            code: discipline.accepted
            for code, discipline in snapshot.disciplines.items()
            if discipline.state is DisciplineState.ACCEPTED and discipline.accepted is not None
        },
        sign_offs=tuple(_sign_off(submission, names) for submission in accepted),
        approvals=_approvals(row, names),
        verdict=_verdict(row),
        closed_on=row.closed_on,
        pictures=_pictures(evidence),
        attachments=_attachments(evidence),
        revision_name=issue.name,
        check_code=issue.check_code,
        check_url=issue.check_url,
        arrangement=issue.arrangement,
    )


def _languages(report_language: str) -> tuple[Language, ...]:
    return (Language.ZH, Language.EN) if report_language == "both" else (Language(report_language),)


def _names(session: Session) -> Mapping[int, str]:
    return dict(session.execute(sa.select(UserRow.id, UserRow.name)).all())


def _number(session: Session, complaint_id: int | None) -> str:
    return "" if complaint_id is None else session.get_one(ComplaintRow, complaint_id).number


def _newest_classification(session: Session, complaint_id: int) -> ClassificationRow:
    return session.execute(
        sa.select(ClassificationRow)
        .where(ClassificationRow.complaint_id == complaint_id)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).scalar_one()


def _defects(session: Session, complaint_id: int) -> tuple[DefectFact, ...]:
    lines = session.execute(
        sa.select(DefectLineRow)
        .where(DefectLineRow.complaint_id == complaint_id)
        .order_by(DefectLineRow.position)
    ).scalars()
    return tuple(
        DefectFact(line.kind, line.phenomenon, line.phenomenon_en, line.quantity, line.inspected)
        for line in lines
    )


def _deadlines(session: Session, row: ComplaintRow, now: datetime) -> tuple[DeadlineFact, ...]:
    """Return each milestone; one that was met keeps the dates it was met with."""
    met = {
        kept.milestone: kept
        for kept in session.execute(
            sa.select(DeadlineRow).where(DeadlineRow.complaint_id == row.id, DeadlineRow.met_at.is_not(None))
        ).scalars()
    }
    return tuple(
        _deadline(deadline, met.get(deadline.milestone.name)) for deadline in compute(session, row, now)
    )


def _deadline(deadline: Deadline, met: DeadlineRow | None) -> DeadlineFact:
    kept = met or deadline
    return DeadlineFact(
        name=worded(deadline.milestone.title),
        contractual_due_at=kept.contractual_due_at,
        agreed_due_at=kept.due_at,
        met_at=met.met_at if met else None,
        provisional=kept.provisional,
        waiting_for=worded(None if met else deadline.waiting_for),
    )


def _stops(session: Session, complaint_id: int, names: Mapping[int, str]) -> tuple[StopFact, ...]:
    rows = session.execute(
        sa.select(ClockStopRow)
        .where(ClockStopRow.complaint_id == complaint_id, ClockStopRow.withdrawn_because == "")
        .order_by(ClockStopRow.from_at)
    ).scalars()
    return tuple(
        StopFact(
            reason=worded(ClockStop(stop.from_at, stop.to_at, stop.reason, stop.note).reason_words),
            from_at=stop.from_at,
            until_at=stop.to_at,
            note=stop.note,
            by=names.get(stop.by, ""),
        )
        for stop in rows
    )


def _accepted_submissions(
    session: Session, complaint_id: int, snapshot: ComplaintSnapshot
) -> list[SubmissionRow]:
    """Return the newest accepted submission of each discipline that is accepted now, D0 first."""
    rows = session.execute(
        sa.select(SubmissionRow)
        .where(SubmissionRow.complaint_id == complaint_id, SubmissionRow.verdict == "accepted")
        .order_by(SubmissionRow.number)
    ).scalars()
    newest = {row.code: row for row in rows}
    return [
        newest[code]
        for code in DisciplineCode
        if code in newest and snapshot.discipline(code).state is DisciplineState.ACCEPTED
    ]


def _sign_off(submission: SubmissionRow, names: Mapping[int, str]) -> SignOff:
    return SignOff(
        discipline=submission.code,
        submitted_by=names.get(submission.by, ""),
        submitted_at=submission.at,
        accepted_by=names.get(submission.verdict_by or 0, ""),
        accepted_at=submission.verdict_at,
        meaning=worded(ACCEPTED.say()),
    )


def _approvals(row: ComplaintRow, names: Mapping[int, str]) -> tuple[Approval, ...]:
    if row.closed_by is None or row.closed_at is None:
        return ()
    return (Approval(worded(CLOSURE.say()), names.get(row.closed_by, ""), row.closed_at),)


def _verdict(row: ComplaintRow) -> VerdictFact | None:
    return None if row.verdict is None else VerdictFact(row.verdict, row.verdict_by, row.verdict_on)


@dataclass(frozen=True, slots=True)
class _Filed:
    """A file as a report takes it along; ``internal`` keeps it from customers."""

    row: EvidenceRow
    internal: bool


def _evidence(session: Session, complaint_id: int) -> tuple[_Filed, ...]:
    """Return what is shown of the files in their order; nothing that a customer may not have passes for open."""
    rows = evidence_of(session, complaint_id)
    for_customers = {row.id for row in evidence_for_customers(rows)}
    return tuple(_Filed(row, row.id not in for_customers) for row in shown_evidence(rows))


def _pictures(evidence: Iterable[_Filed]) -> tuple[Picture, ...]:
    """Return the pictures that are printed; those filed with the complaint itself belong to D2."""
    return tuple(
        Picture(
            sha256=row.sha256,
            discipline=row.discipline or DisciplineCode.D2,
            caption=row.caption or row.filename,
            mark=PictureMark(row.marker) if row.marker else None,
            caption_other=row.caption_other,
            pair=row.pair,
            internal=filed.internal,
        )
        for filed in evidence
        if (row := filed.row).media_type in PICTURES and row.goes_along != GoesAlong.NOT
    )


def _attachments(evidence: Iterable[_Filed]) -> tuple[AttachmentFact, ...]:
    """Return the files that go along, embedded or as pages."""
    return tuple(
        AttachmentFact(
            sha256=filed.row.sha256,
            filename=filed.row.filename,
            media_type=filed.row.media_type,
            goes_along=filed.row.goes_along,
            internal=filed.internal,
        )
        for filed in evidence
        if filed.row.goes_along in (GoesAlong.EMBED, GoesAlong.PAGES)
    )
