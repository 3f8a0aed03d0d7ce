"""One discipline of a complaint: its answer, its submissions, and the facts of the others that it builds on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may
from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.discipline.answers import Answer
from eightd.domain.words import Message
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.content import Finding, review
from eightd.domain.workflow.decide import available, blockers, next_step
from eightd.domain.workflow.form import reported_disciplines
from eightd.domain.workflow.outcome import Allowed, Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.afterwards import ReopeningRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.queries.case import Case, names, open_case
from eightd.queries.evidence import EvidenceView, evidence_rows, evidence_view
from eightd.queries.header import HeaderView, header_view
from eightd.queries.rail import ProgressView, StandingView, progress, standings
from eightd.queries.relations import MatchView, matches_of


@dataclass(frozen=True, slots=True)
class StepView:
    """One discipline in the stepper; ``is_owed`` says that the form in force asks for it."""

    code: DisciplineCode
    state: DisciplineState
    owner_id: int | None
    owner: str
    version: int
    submissions: int
    last_verdict: str
    last_reason: str
    changed_at: datetime | None
    is_owed: bool


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """One submission and the verdict on it; ``answer`` None where the actor may not read it."""

    number: int
    by: str
    at: datetime
    verdict: str
    verdict_by: str
    verdict_at: datetime | None
    reason: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class DisciplinePage:
    """The page of one discipline. ``answers`` holds what the actor may read of every discipline begun.

    ``matches`` are the earlier cases that D4 is compared with; other disciplines have none.
    """

    header: HeaderView
    code: DisciplineCode
    state: DisciplineState
    version: int
    owner: str
    answer: Answer | None
    draft_by: str
    draft_at: datetime | None
    submissions: tuple[SubmissionView, ...]
    evidence: tuple[EvidenceView, ...]
    answers: Mapping[DisciplineCode, Answer]
    holders: Mapping[Role, str]
    steps: tuple[StepView, ...]
    outcomes: Mapping[Action, Outcome]
    findings: tuple[Finding, ...]
    drafts: bool
    may_add_evidence: bool
    standings: Mapping[DisciplineCode, StandingView]
    progress: ProgressView
    next_step: Action | None
    blockers: tuple[Message, ...]
    matches: tuple[MatchView, ...]
    was_wrong: str = ""


def discipline_page(
    session: Session, actor: Actor, number: str, code: DisciplineCode
) -> DisciplinePage | None:
    """Return the page; None where the complaint is hidden. A discipline not begun is open and empty."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    files = evidence_rows(session, case, code)
    row = case.disciplines.get(code)
    people = names(session, (*_people_of(case, code), *(file.by for file in files)))
    answer = case.released(code)
    state = case.shown_state(code)
    submissions = case.submissions.get(code, ())
    being_written = state is not DisciplineState.ACCEPTED and answer is not None and case.drafts
    return DisciplinePage(
        header=header_view(case, people),
        code=code,
        state=state,
        version=1 if row is None else row.version,
        owner="" if row is None else people.get(row.owner_id or 0, ""),
        answer=answer,
        draft_by="" if row is None or not case.drafts else people.get(row.draft_by or 0, ""),
        draft_at=None if row is None or not case.drafts else row.draft_at,
        submissions=tuple(_submission(one, people, drafts=case.drafts) for one in reversed(submissions)),
        evidence=tuple(evidence_view(file, people) for file in files),
        answers={other: found for other in DisciplineCode if (found := case.released(other)) is not None},
        holders={one.role: people.get(one.user_id, "") for one in case.assignments if one.until_at is None},
        steps=steps(case, people),
        outcomes=available(case.snapshot, actor, code),
        findings=review(case.snapshot, code, answer) if being_written else (),
        drafts=case.drafts,
        may_add_evidence=isinstance(may(actor, Action.ADD_EVIDENCE, case.snapshot), Allowed),
        standings=standings(session, case),
        progress=progress(case),
        next_step=next_step(case.snapshot),
        blockers=blockers(case.snapshot),
        was_wrong=_was_wrong(session, case, code) if state is DisciplineState.RETURNED else "",
        matches=matches_of(session, actor, case) if code is DisciplineCode.D4 else (),
    )


def _was_wrong(session: Session, case: Case, code: DisciplineCode) -> str:
    """Return what was wrong with the discipline when the case was last opened again, empty where it was not."""
    newest = session.execute(
        sa.select(ReopeningRow.was_wrong)
        .where(ReopeningRow.complaint_id == case.row.id)
        .order_by(ReopeningRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return next((one["text"] for one in newest or () if one["code"] == code.value), "")


def steps(case: Case, people: Mapping[int, str]) -> tuple[StepView, ...]:
    """Return all nine disciplines in order."""
    owed = frozenset((*reported_disciplines(case.snapshot), DisciplineCode.D8))
    return tuple(_step(case, code, people, is_owed=code in owed) for code in DisciplineCode)


def _step(case: Case, code: DisciplineCode, people: Mapping[int, str], *, is_owed: bool) -> StepView:
    row = case.disciplines.get(code)
    submissions = case.submissions.get(code, ())
    judged = [one for one in submissions if one.verdict]
    moments = [one.verdict_at or one.at for one in submissions]
    if row is not None and row.draft_at is not None and case.drafts:
        moments.append(row.draft_at)
    return StepView(
        code=code,
        state=case.shown_state(code),
        owner_id=None if row is None else row.owner_id,
        owner="" if row is None else people.get(row.owner_id or 0, ""),
        version=1 if row is None else row.version,
        submissions=len(submissions),
        last_verdict=judged[-1].verdict or "" if judged else "",
        last_reason=judged[-1].verdict_reason if judged else "",
        changed_at=max(moments, default=None),
        is_owed=is_owed,
    )


def _submission(row: SubmissionRow, people: Mapping[int, str], *, drafts: bool) -> SubmissionView:
    readable = drafts or row.verdict == "accepted"
    return SubmissionView(
        number=row.number,
        by=people.get(row.by, ""),
        at=row.at,
        verdict=row.verdict or "",
        verdict_by=people.get(row.verdict_by or 0, ""),
        verdict_at=row.verdict_at,
        reason=row.verdict_reason,
        answer=answer_from(row.code, row.answer) if readable else None,
    )


def _people_of(case: Case, code: DisciplineCode) -> Iterator[int | None]:
    yield from (case.row.registered_by, case.row.closed_by)
    yield from (one.user_id for one in case.assignments)
    for discipline in case.disciplines.values():
        yield discipline.owner_id
        if discipline.code is code:
            yield discipline.draft_by
    for submission in case.submissions.get(code, ()):
        yield from (submission.by, submission.verdict_by)
