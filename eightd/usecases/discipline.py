"""Work on one discipline: draft, submit, accept, return, reopen (procedure 6)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.texts import keyed
from eightd.domain.workflow.actions import Action
from eightd.persistence.codec import answer_document
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Stale
from eightd.usecases.reviewing.submitting import judge_submission
from eightd.usecases.verb import Done, verb


@verb("discipline.save_draft")
def save_draft(work: Work, *, number: str, code: DisciplineCode, version: int, answer: Answer) -> Done:
    """Keep what was typed so far; ``version`` is the discipline's.

    Raises NotFound, NotAllowed, or Stale where somebody saved this discipline meanwhile.
    """
    answer = keyed(answer)
    opened = open_complaint(work, number, Action.SAVE_DRAFT, discipline=code, answer=answer)
    row = _at_version(work, opened, code, version)
    changes = _changes(row.draft or _last_answer(opened, code), answer_document(answer))
    row.draft, row.draft_by, row.draft_at = answer_document(answer), work.actor.id, work.now
    _move(row, opened)
    conclude(work, opened, old=changes[0], new=changes[1], raise_version=False)
    return Done(number=number, version=row.version)


@verb("discipline.submit")
def submit(
    work: Work, *, number: str, code: DisciplineCode, version: int, answer: Answer | None = None
) -> Done:
    """Submit the answer given, or the stored draft where None; each submission is kept.

    Raises NotFound, NotAllowed with every gate that is closed, or Stale.
    """
    if answer is not None:
        answer = keyed(answer)
    opened = open_complaint(work, number, Action.SUBMIT, discipline=code, answer=answer)
    row = _at_version(work, opened, code, version)
    judge_submission(work, opened, code, answer)
    document = row.draft if answer is None else answer_document(answer)
    if document is None:  # reopened and sent in again unchanged
        document = _last_answer(opened, code)
    submission = SubmissionRow(
        complaint_id=opened.row.id,
        code=code,
        number=_last_number(work, opened, code) + 1,
        answer=document,
        by=work.actor.id,
        at=work.now,
    )
    work.session.add(submission)
    row.draft = None
    _move(row, opened)
    conclude(work, opened, new={"submission": submission.number}, raise_version=False)
    return Done(number=number, version=row.version)


@verb("discipline.accept")
def accept(work: Work, *, number: str, code: DisciplineCode, version: int, note: str = "") -> Done:
    """Accept the newest submission."""
    return _judge(work, number, code, version, Action.ACCEPT, "accepted", note)


@verb("discipline.return")
def return_for_rework(work: Work, *, number: str, code: DisciplineCode, version: int, reason: str) -> Done:
    """Return the newest submission to its owner with a reason; it becomes the draft to go on from."""
    return _judge(work, number, code, version, Action.RETURN_FOR_REWORK, "returned", reason)


@verb("discipline.reopen")
def reopen_discipline(work: Work, *, number: str, code: DisciplineCode, version: int, reason: str) -> Done:
    """Open an accepted discipline again, with a reason; the acceptance stays in the history."""
    return _judge(work, number, code, version, Action.REOPEN_DISCIPLINE, None, reason)


def _judge(
    work: Work,
    number: str,
    code: DisciplineCode,
    version: int,
    action: Action,
    verdict: str | None,
    reason: str,
) -> Done:
    opened = open_complaint(work, number, action, discipline=code, reason=reason)
    row = _at_version(work, opened, code, version)
    submission = work.session.execute(
        sa.select(SubmissionRow)
        .where(SubmissionRow.complaint_id == opened.row.id, SubmissionRow.code == code)
        .order_by(SubmissionRow.number.desc())
        .limit(1)
    ).scalar_one()
    if verdict is not None:
        submission.verdict = verdict
        submission.verdict_by, submission.verdict_at = work.actor.id, work.now
        submission.verdict_reason = reason.strip()
    if action is not Action.ACCEPT:
        row.draft, row.draft_by, row.draft_at = submission.answer, submission.by, work.now
    _move(row, opened)
    conclude(work, opened, new={"submission": submission.number}, raise_version=False)
    if action is Action.ACCEPT:  # which a milestone may have been waiting for
        recompute(work.session, opened.row, work.now)
    return Done(number=number, version=row.version)


def _at_version(work: Work, opened: Opened, code: DisciplineCode, version: int) -> DisciplineRow:
    row = work.session.get_one(DisciplineRow, (opened.row.id, code))
    if row.version != version:
        raise Stale(row.version)
    return row


def _move(row: DisciplineRow, opened: Opened) -> None:
    if opened.allowed.to_state is not None:
        row.state = opened.allowed.to_state
    row.version += 1


def _last_number(work: Work, opened: Opened, code: DisciplineCode) -> int:
    last = work.session.execute(
        sa.select(sa.func.max(SubmissionRow.number)).where(
            SubmissionRow.complaint_id == opened.row.id, SubmissionRow.code == code
        )
    ).scalar_one()
    return last or 0


def _last_answer(opened: Opened, code: DisciplineCode) -> dict[str, Any]:
    latest = opened.snapshot.discipline(code).latest
    return {} if latest is None else answer_document(latest)


def _changes(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return only the fields that differ, before and after."""
    keys = [key for key in new if old.get(key) != new[key]]
    return {key: old[key] for key in keys if key in old}, {key: new[key] for key in keys}
