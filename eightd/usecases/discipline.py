"""Work on one discipline: draft, submit, accept, return, reopen (procedure 6)."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.texts import keyed
from eightd.domain.workflow.actions import Action
from eightd.persistence.codec import answer_document
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases import drafts
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.ends.merge import recompute_followers
from eightd.usecases.errors import Stale
from eightd.usecases.reviewing.submitting import judge_submission
from eightd.usecases.tasks.keep_in_step import keep_in_step
from eightd.usecases.verb import Done, verb


@verb("discipline.save_draft")
def save_draft(work: Work, *, number: str, code: DisciplineCode, version: int, answer: Answer) -> Done:
    """Keep what was typed so far; ``version`` is the discipline's as the actor saw it.

    What others saved since is merged by field. Raises NotFound, NotAllowed, or Stale where both changed the same.
    """
    answer = keyed(answer)
    opened = open_complaint(work, number, Action.SAVE_DRAFT, discipline=code, answer=answer)
    row = drafts.row_of(work, opened, code)
    drafts.keep(work, opened, row, drafts.merged(work, opened, row, version, answer))
    return Done(number=number, version=row.version, id=row.version - 1)


@verb("discipline.autosave")
def autosave(
    work: Work,
    *,
    number: str,
    code: DisciplineCode,
    version: int,
    answer: Answer,
    held: Collection[str] = (),
) -> Done:
    """Keep what was typed so far while it is being typed.

    What others saved since ``version`` is merged by field. Where both changed the same, theirs stays stored until a
    person has decided; so do the fields at the places ``held``, which the browser could not decide on or make sense
    of. Done's id is the version that was merged with; nothing is written where nothing is new.

    Raises NotFound, NotAllowed, or Stale for a version that there is not.
    """
    answer = keyed(answer)
    opened = open_complaint(work, number, Action.SAVE_DRAFT, discipline=code, answer=answer)
    row = drafts.row_of(work, opened, code)
    answer = drafts.merge_into(work, opened, row, version, answer, held=held).answer
    if row.draft is not None and drafts.says_the_same(row, answer):
        return Done(number=number, version=row.version, id=row.version)
    drafts.keep(work, opened, row, answer)
    return Done(number=number, version=row.version, id=row.version - 1)


@verb("discipline.submit")
def submit(
    work: Work, *, number: str, code: DisciplineCode, version: int, answer: Answer | None = None
) -> Done:
    """Submit the answer given, or the stored draft where None; each submission is kept.

    An answer made from an older version is merged with what others saved since. Raises NotFound, NotAllowed with
    every gate that is closed, or Stale where both changed the same.
    """
    if answer is not None:
        answer = keyed(answer)
        current = drafts.current_version(work, number, code)
        if current is not None and version < current:
            reading = open_complaint(work, number, Action.SAVE_DRAFT, discipline=code, answer=answer)
            answer = drafts.merged(work, reading, drafts.row_of(work, reading, code), version, answer)
            version = current
    opened = open_complaint(work, number, Action.SUBMIT, discipline=code, answer=answer)
    row = _at_version(work, opened, code, version)
    judge_submission(work, opened, code, answer)
    document = row.draft if answer is None else answer_document(answer)
    if document is None:  # reopened and sent in again unchanged
        document = drafts.last_document(opened, code)
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
    drafts.forget(work, opened, code, before=row.version)
    drafts.move(row, opened)
    tasks = keep_in_step(work, opened.row, code, document)
    said = {"submission": submission.number, **tasks.as_new()}
    conclude(work, opened, old=tasks.as_old(), new=said, raise_version=False)
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
    drafts.move(row, opened)
    if row.draft is not None:
        drafts.remember(work, row)
    accepted_by = work.actor.id if action is Action.ACCEPT else None
    tasks = keep_in_step(work, opened.row, code, submission.answer, by=submission.by, accepted_by=accepted_by)
    said = {"submission": submission.number, **tasks.as_new()}
    conclude(work, opened, old=tasks.as_old(), new=said, raise_version=False)
    if action is Action.ACCEPT:  # which a milestone may have been waiting for
        recompute(work.session, opened.row, work.now)
        recompute_followers(work, opened.row)
    return Done(number=number, version=row.version)


def _at_version(work: Work, opened: Opened, code: DisciplineCode, version: int) -> DisciplineRow:
    row = drafts.row_of(work, opened, code)
    if row.version != version:
        raise Stale(row.version)
    return row


def _last_number(work: Work, opened: Opened, code: DisciplineCode) -> int:
    last = work.session.execute(
        sa.select(sa.func.max(SubmissionRow.number)).where(
            SubmissionRow.complaint_id == opened.row.id, SubmissionRow.code == code
        )
    ).scalar_one()
    return last or 0
