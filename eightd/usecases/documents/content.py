"""Gather what a document beside the 8D report says: shared facts, who is in charge, the course so far."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode, Role
from eightd.domain.events import EventTag
from eightd.domain.paperwork import DocumentKind
from eightd.domain.words import Phrase
from eightd.domain.workflow.labels import DISCIPLINE_LABELS, ROLE_LABELS, STAGE_LABELS
from eightd.domain.workflow.snapshot import ComplaintSnapshot
from eightd.persistence.repositories.complaints import answering_id
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditRow
from eightd.reporting.documents.facts import ComplaintDocument, Explanation, Holder, Step
from eightd.usecases.confirm import explanation
from eightd.usecases.report_content import Issue, report_document, worded

REGISTERED = Phrase("course.registered", "Complaint registered", "客诉登记")
CONFIRMED = Phrase("course.confirmed", "Confirmed by the CQE", "CQE 确认")
SAMPLE = Phrase("course.sample", "Sample received", "收到样品")
ACCEPTED = Phrase("course.accepted", "{code} {name} accepted", "{code} {name}已接受")
ISSUED = Phrase("course.issued", "8D report revision {revision} issued", "签发 8D 报告第 {revision} 版")
SENT = Phrase("course.sent", "Reply sent: {milestone}", "已回复客户：{milestone}")
VERDICT = Phrase("course.verdict", "Customer's verdict recorded", "记录客户结论")
CLOSED = Phrase("course.closed", "Complaint closed", "结案")

_MILESTONES = {
    "initial_reply": Phrase("course.initial_reply", "initial reply", "初步回复"),
    "preliminary_analysis": Phrase("course.preliminary", "preliminary analysis", "初步原因分析"),
    "final_report": Phrase("course.final_report", "final 8D report", "最终 8D 报告"),
    "not_ours": Phrase("course.not_ours", "explanation (not ours)", "说明（非我方责任）"),
}


def complaint_document(
    session: Session, row: ComplaintRow, snapshot: ComplaintSnapshot, kind: DocumentKind, issue: Issue
) -> ComplaintDocument:
    """Return the document as of the issue; ``issue.revision`` is its number, 0 for a preview."""
    return ComplaintDocument(
        kind=kind,
        report=report_document(session, row, snapshot, issue),
        stage=worded(STAGE_LABELS[snapshot.stage].say()),
        registered_by=_name(session, row.registered_by),
        description=row.description,
        holders=_holders(session, row),
        steps=tuple(sorted(_steps(session, row), key=lambda step: step.at or issue.at)),
        explanation=_explanation(session, row) if kind is DocumentKind.EXPLANATION_LETTER else Explanation(),
    )


def _name(session: Session, user_id: int | None) -> str:
    user = None if user_id is None else session.get(UserRow, user_id)
    return "" if user is None else user.name


def _holders(session: Session, row: ComplaintRow) -> tuple[Holder, ...]:
    found = session.execute(
        sa.select(AssignmentRow.role, UserRow.name)
        .join(UserRow, UserRow.id == AssignmentRow.user_id)
        .where(AssignmentRow.complaint_id == row.id, AssignmentRow.until_at.is_(None))
    ).all()
    by_role = {row.role: row.name for row in found}
    return tuple(Holder(worded(ROLE_LABELS[role].say()), by_role[role]) for role in Role if role in by_role)


def _steps(session: Session, row: ComplaintRow) -> Iterator[Step]:
    yield Step(worded(REGISTERED.say()), _name(session, row.registered_by), row.registered_at)
    if row.confirmed_at is not None:
        yield Step(
            worded(CONFIRMED.say()), _actor_of(session, row, EventTag.CONFIRMED_OURS), row.confirmed_at
        )
    if row.sample_received_at is not None:
        yield Step(worded(SAMPLE.say()), "", row.sample_received_at)
    yield from _accepted(session, row)
    for number, at, by in session.execute(
        sa.select(RevisionRow.number, RevisionRow.issued_at, UserRow.name)
        .join(UserRow, UserRow.id == RevisionRow.issued_by)
        .where(RevisionRow.complaint_id == row.id)
    ):
        yield Step(worded(ISSUED.say(revision=number)), by, at)
    for milestone, at, by in session.execute(
        sa.select(SendingRow.milestone, SendingRow.sent_at, UserRow.name)
        .join(UserRow, UserRow.id == SendingRow.by)
        .where(SendingRow.complaint_id == row.id, SendingRow.bounced_at.is_(None))
    ):
        named = _MILESTONES[milestone].say() if milestone in _MILESTONES else milestone
        yield Step(worded(SENT.say(milestone=named)), by, at)
    if row.verdict_at is not None:
        yield Step(worded(VERDICT.say()), row.verdict_by, row.verdict_at)
    if row.closed_at is not None:
        yield Step(worded(CLOSED.say()), _name(session, row.closed_by), row.closed_at)


def _accepted(session: Session, row: ComplaintRow) -> Iterator[Step]:
    newest: dict[DisciplineCode, Step] = {}
    for code, at, by in session.execute(
        sa.select(SubmissionRow.code, SubmissionRow.verdict_at, UserRow.name)
        .join(UserRow, UserRow.id == SubmissionRow.verdict_by)
        .where(SubmissionRow.complaint_id == answering_id(row), SubmissionRow.verdict == "accepted")
        .order_by(SubmissionRow.number)
    ):
        said = ACCEPTED.say(code=code.value, name=DISCIPLINE_LABELS[code].say())
        newest[code] = Step(worded(said), by, at)
    yield from newest.values()


def _explanation(session: Session, row: ComplaintRow) -> Explanation:
    entries = {
        tag: session.execute(
            sa.select(AuditRow.actor_name, AuditRow.at)
            .where(AuditRow.complaint_id == row.id, AuditRow.tag == tag)
            .order_by(AuditRow.id.desc())
            .limit(1)
        ).one_or_none()
        for tag in (EventTag.EXPLANATION_WRITTEN, EventTag.CONFIRMED_NOT_OURS, EventTag.NOT_OURS_APPROVED)
    }
    written = entries[EventTag.EXPLANATION_WRITTEN] or entries[EventTag.CONFIRMED_NOT_OURS]
    approved = entries[EventTag.NOT_OURS_APPROVED]
    return Explanation(
        text=explanation(session, row),
        by=written.actor_name if written else "",
        approved_by=approved.actor_name if approved else "",
        approved_at=approved.at if approved else None,
    )


def _actor_of(session: Session, row: ComplaintRow, tag: EventTag) -> str:
    return (
        session.execute(
            sa.select(AuditRow.actor_name)
            .where(AuditRow.complaint_id == row.id, AuditRow.tag == tag)
            .order_by(AuditRow.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        or ""
    )
