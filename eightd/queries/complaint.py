"""The complaint page: everything that is known about one complaint, in a bounded number of statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Role, Tier
from eightd.domain.revisions import ordinal, revision_name
from eightd.domain.words import Message
from eightd.domain.workflow import form
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import available, blockers, next_step, reason_required
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor, ReportForm, ReportKind
from eightd.persistence.tables.complaint import (
    AssignmentRow,
    ClassificationRow,
    ComplaintRow,
    DefectLineRow,
    NoteRow,
)
from eightd.persistence.tables.evidence import SendingRow
from eightd.queries.case import Case, names, open_case
from eightd.queries.deadlines import DeadlineView, StopView, deadline_views, stop_views
from eightd.queries.discipline import StepView, steps
from eightd.queries.evidence import EvidenceView, evidence_rows, evidence_view
from eightd.queries.header import DefectLineView, HeaderView, header_view, line_view
from eightd.queries.similar import SimilarView, similar
from eightd.queries.timeline import EntryView, group_view, newest, people_in, rows_of, titles_in

NEWEST = 8
"""Entries of the record that the page itself shows."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One rule tried by a classification."""

    rule: str
    matched: bool
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ClassificationView:
    """One classification of the history; ``reason`` is a person's, for an override."""

    at: datetime
    by: str
    tier: Tier
    weight: int
    criteria: str
    reasons: tuple[ReasonView, ...]
    is_override: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """Somebody who holds a role, or held it until ``until_at``."""

    role: Role
    user_id: int
    name: str
    at: datetime
    by: str
    reason: str
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A comment, an explanation or a step of a negotiation."""

    kind: str
    text: str
    at: datetime
    by: str
    evidence: tuple[int, ...] = ()
    unproven_because: str = ""


@dataclass(frozen=True, slots=True)
class RevisionView:
    """An issued report revision; ``name`` is what people call it, ``withdrawn_at`` None where it holds."""

    number: int
    kind: ReportKind
    name: Message
    language: str
    content_hash: str
    issued_at: datetime
    issued_by: str
    arrangement: str = "stacked"
    check_code: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_because: str = ""


@dataclass(frozen=True, slots=True)
class SendingView:
    """What was sent to the customer, when, how and to whom; ``revision`` None for text alone."""

    milestone: str
    revision: int | None
    sent_at: datetime
    means: str
    recipient: str
    text: str
    by: str
    reply_id: int | None = None
    evidence_id: int | None = None
    proof: str = ""
    bounced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkedView:
    """The earlier case that this one repeats, or a later one that repeats this."""

    number: str
    received_on: date
    is_earlier: bool


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What the small pages of single actions need: who and what it is about, and what may be done."""

    header: HeaderView
    outcomes: Mapping[Action, Outcome]
    needs_reason: frozenset[Action]
    revisions: tuple[RevisionView, ...]
    assignments: tuple[AssignmentView, ...]
    steps: tuple[StepView, ...]
    lines: tuple[DefectLineView, ...]
    explanation: str
    explained_by: tuple[int, ...]
    unproven_because: str
    stops: tuple[StopView, ...]


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """The whole page. ``classifications`` and ``entries`` are newest first, everything else as it came."""

    header: HeaderView
    lines: tuple[DefectLineView, ...]
    classifications: tuple[ClassificationView, ...]
    deadlines: tuple[DeadlineView, ...]
    stops: tuple[StopView, ...]
    assignments: tuple[AssignmentView, ...]
    former: tuple[AssignmentView, ...]
    steps: tuple[StepView, ...]
    evidence: tuple[EvidenceView, ...]
    notes: tuple[NoteView, ...]
    revisions: tuple[RevisionView, ...]
    sendings: tuple[SendingView, ...]
    links: tuple[LinkedView, ...]
    similar: tuple[SimilarView, ...]
    entries: tuple[EntryView, ...]
    has_more_entries: bool
    form_in_force: ReportForm
    outcomes: Mapping[Action, Outcome]
    next_step: Action | None
    blockers: tuple[Message, ...]

    @property
    def classification(self) -> ClassificationView | None:
        """Return the classification that holds."""
        return self.classifications[0] if self.classifications else None


def complaint_page(session: Session, actor: Actor, number: str, now: datetime) -> ComplaintPage | None:
    """Return the page; None where there is no such complaint or the actor may not know of it."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    lines = _lines(session, case)
    classifications = tuple(
        session.execute(
            sa.select(ClassificationRow)
            .where(ClassificationRow.complaint_id == case.row.id)
            .order_by(ClassificationRow.id.desc())
        ).scalars()
    )
    files = evidence_rows(session, case)
    sendings = tuple(
        session.execute(
            sa.select(SendingRow).where(SendingRow.complaint_id == case.row.id).order_by(SendingRow.id)
        ).scalars()
    )
    entries, has_more_entries = newest(session, case, NEWEST)
    people = names(
        session,
        (
            *_people_of(case),
            *people_in(rows_of(entries)),
            *(row.by for row in classifications),
            *(file.by for file in files),
            *(sending.by for sending in sendings),
        ),
    )
    titles = titles_in(session, rows_of(entries), case)
    return ComplaintPage(
        header=header_view(case, people),
        lines=tuple(line_view(line) for line in lines),
        classifications=tuple(_classification(row, people) for row in classifications),
        deadlines=deadline_views(session, case, now),
        stops=stop_views(case, people),
        assignments=_assignments(case, people, present=True),
        former=_assignments(case, people, present=False),
        steps=steps(case, people),
        evidence=tuple(evidence_view(row, people) for row in files),
        notes=tuple(_note(note, people) for note in case.notes),
        revisions=_revisions(case, people),
        sendings=tuple(_sending(case, row, people) for row in sendings),
        links=_links(session, case),
        similar=similar(session, actor, case, [line.phenomenon for line in lines]),
        entries=tuple(group_view(group, people, titles, drafts=case.drafts) for group in entries),
        has_more_entries=has_more_entries,
        form_in_force=form.form_in_force(case.snapshot),
        outcomes=available(case.snapshot, actor),
        next_step=next_step(case.snapshot),
        blockers=blockers(case.snapshot),
    )


def complaint_head(session: Session, actor: Actor, number: str) -> CaseHead | None:
    """Return what a page for one action needs; None for what is hidden."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    people = names(session, _people_of(case))
    outcomes = available(case.snapshot, actor)
    explanations = [note for note in case.notes if note.kind == "explanation"]
    return CaseHead(
        header=header_view(case, people),
        outcomes=outcomes,
        needs_reason=frozenset(action for action in outcomes if reason_required(case.snapshot, action)),
        revisions=_revisions(case, people),
        assignments=_assignments(case, people, present=True),
        steps=steps(case, people),
        lines=tuple(line_view(line) for line in _lines(session, case)),
        explanation=explanations[-1].text if explanations else "",
        explained_by=tuple(explanations[-1].evidence) if explanations else (),
        unproven_because=explanations[-1].unproven_because if explanations else "",
        stops=stop_views(case, people),
    )


def _people_of(case: Case) -> Iterator[int | None]:
    row = case.row
    yield from (row.registered_by, row.closed_by)
    for assignment in case.assignments:
        yield from (assignment.user_id, assignment.by)
    for stop in case.stops:
        yield from (stop.by, stop.resumed_by)
    yield from (note.by for note in case.notes)
    yield from (one for row in case.revisions for one in (row.issued_by, row.withdrawn_by))
    for discipline in case.disciplines.values():
        yield from (discipline.owner_id, discipline.draft_by)
    for submissions in case.submissions.values():
        for submission in submissions:
            yield from (submission.by, submission.verdict_by)


def _lines(session: Session, case: Case) -> tuple[DefectLineRow, ...]:
    statement = sa.select(DefectLineRow).where(DefectLineRow.complaint_id == case.row.id)
    return tuple(session.execute(statement.order_by(DefectLineRow.position)).scalars())


def _classification(row: ClassificationRow, people: Mapping[int, str]) -> ClassificationView:
    return ClassificationView(
        at=row.at,
        by=people.get(row.by, ""),
        tier=row.tier,
        weight=row.weight,
        criteria=row.criteria,
        reasons=tuple(
            ReasonView(reason["rule"], reason["matched"], reason["text_zh"], reason["text_en"])
            for reason in row.reasons
        ),
        is_override=row.is_override,
        reason=row.reason,
    )


def _note(note: NoteRow, people: Mapping[int, str]) -> NoteView:
    by = people.get(note.by, "")
    return NoteView(note.kind, note.text, note.at, by, tuple(note.evidence), note.unproven_because)


def _assignments(case: Case, people: Mapping[int, str], *, present: bool) -> tuple[AssignmentView, ...]:
    order = list(Role)

    def view(row: AssignmentRow) -> AssignmentView:
        return AssignmentView(
            row.role,
            row.user_id,
            people.get(row.user_id, ""),
            row.at,
            people.get(row.by, ""),
            row.reason,
            row.until_at,
        )

    found = (row for row in case.assignments if (row.until_at is None) is present)
    return tuple(view(row) for row in sorted(found, key=lambda row: (order.index(row.role), row.id)))


def _revisions(case: Case, people: Mapping[int, str]) -> tuple[RevisionView, ...]:
    issued = [(row.number, row.kind) for row in case.revisions]
    return tuple(
        RevisionView(
            number=row.number,
            kind=row.kind,
            name=revision_name(row.kind, ordinal(issued, row.number)),
            language=row.language,
            content_hash=row.content_hash,
            issued_at=row.issued_at,
            issued_by=people.get(row.issued_by, ""),
            arrangement=row.arrangement,
            check_code=row.check_code,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=people.get(row.withdrawn_by or 0, ""),
            withdrawn_because=row.withdrawn_because,
        )
        for row in case.revisions
    )


def _sending(case: Case, row: SendingRow, people: Mapping[int, str]) -> SendingView:
    numbers = {revision.id: revision.number for revision in case.revisions}
    return SendingView(
        milestone=row.milestone,
        revision=numbers.get(row.revision_id) if row.revision_id is not None else None,
        sent_at=row.sent_at,
        means=row.means,
        recipient=row.recipient,
        text=row.text,
        by=people.get(row.by, ""),
        reply_id=row.reply_id,
        evidence_id=row.evidence_id,
        proof=row.proof,
        bounced_at=row.bounced_at,
    )


def _links(session: Session, case: Case) -> tuple[LinkedView, ...]:
    row = case.row
    linked = ComplaintRow.repeat_of_id == row.id
    if row.repeat_of_id is not None:
        linked = sa.or_(linked, ComplaintRow.id == row.repeat_of_id)
    found = session.execute(
        sa.select(ComplaintRow.id, ComplaintRow.number, ComplaintRow.received_at)
        .where(linked, ComplaintRow.plant_id == row.plant_id, ComplaintRow.customer_id == row.customer_id)
        .order_by(ComplaintRow.id)
    )
    return tuple(
        LinkedView(number, received_at.date(), one == row.repeat_of_id) for one, number, received_at in found
    )
