"""Judge a supplier's 8D: each answer accepted or returned with a reason, then the whole accepted with a score."""

from __future__ import annotations

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.events import EventTag
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.labels import STATE_LABELS
from eightd.persistence.repositories.supplier_answers import ACCEPTED, RETURNED
from eightd.persistence.tables.suppliers import SupplierDisciplineRow, SupplierSubmissionRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.suppliers.asking import REQUIRED, TOO_LONG
from eightd.usecases.suppliers.course import follow
from eightd.usecases.suppliers.letters import write
from eightd.usecases.suppliers.opening import OpenedCase, open_case
from eightd.usecases.suppliers.wording import Letter
from eightd.usecases.verb import Done, verb

SCORES = (0, 1, 2, 3)
"""What a supplier's 8D may be worth: not usable, weak, good, exemplary."""

NOT_ANSWERED = Phrase(
    "supplier_judge.not_answered",
    "{code} cannot be judged while it is: {state}",
    "{code} 处于“{state}”时不能评定",
)
NOT_ALL = Phrase(
    "supplier_judge.not_all",
    "The whole is accepted once every answer is; still open: {codes}",
    "所有步骤接受后才能整体接受；尚缺：{codes}",
)
NO_SCORE = Phrase("supplier_judge.no_score", "Please choose a score", "请选择评分")

_LONGEST_REASON = 4000


@verb("supplier.accept")
def accept_answer(work: Work, *, number: str, code: DisciplineCode, version: int, note: str = "") -> Done:
    """Accept the newest submission of one discipline of the case ``number``; ``version`` is the discipline's.

    Raises NotFound, NotAllowed, Stale or Invalid.
    """
    opened, row = _open(work, number, code, version)
    if row.state is not DisciplineState.SUBMITTED:
        raise NotAllowed(NOT_ANSWERED.say(code=code.value, state=STATE_LABELS[row.state].say()))
    _judge(work, opened, row, ACCEPTED, note)
    row.state = DisciplineState.ACCEPTED
    row.version += 1
    follow(work, opened.complaint.row, opened.row)
    conclude(
        work,
        opened.complaint,
        subject=f"{opened.row.number} {code.value}",
        new={"note": note.strip()} if note.strip() else None,
        raise_version=False,
    )
    return Done(number=number, version=row.version)


@verb("supplier.return")
def return_answer(work: Work, *, number: str, code: DisciplineCode, version: int, reason: str) -> Done:
    """Return an answer to the supplier with a reason, also one accepted before; it becomes the draft to go on from.

    The supplier is written to where that can be done. Raises NotFound, NotAllowed, Stale or Invalid.
    """
    opened, row = _open(work, number, code, version)
    if row.state not in (DisciplineState.SUBMITTED, DisciplineState.ACCEPTED):
        raise NotAllowed(NOT_ANSWERED.say(code=code.value, state=STATE_LABELS[row.state].say()))
    if not reason.strip():
        raise Invalid({"reason": REQUIRED.say()})
    submission = _judge(work, opened, row, RETURNED, reason)
    row.state = DisciplineState.RETURNED
    row.draft, row.draft_at = submission.answer, work.now
    row.version += 1
    follow(work, opened.complaint.row, opened.row)
    written = write(
        work, opened.complaint.row, opened.row, Letter.RETURNED, code=code.value, reason=reason.strip()
    )
    work.record(
        EventTag.SUPPLIER_RETURNED,
        complaint_id=opened.row.complaint_id,
        subject=f"{opened.row.number} {code.value}",
        new={"supplier_written_to": written},
        reason=reason.strip(),
    )
    return Done(number=number, version=row.version)


@verb("supplier.accept_case")
def accept_case(work: Work, *, number: str, version: int, score: int | None, note: str = "") -> Done:
    """Accept the whole 8D with a score of 0 to 3; nothing more is asked of the supplier. ``version`` is the case's.

    Raises NotFound, NotAllowed while an answer is not accepted, Stale or Invalid.
    """
    opened = open_case(work, number, Action.JUDGE_SUPPLIER, version=version)
    case = opened.row
    missing = work.session.execute(
        sa.select(SupplierDisciplineRow.code)
        .where(
            SupplierDisciplineRow.case_id == case.id,
            SupplierDisciplineRow.state != DisciplineState.ACCEPTED,
        )
        .order_by(SupplierDisciplineRow.code)
    ).scalars()
    codes = ", ".join(code.value for code in missing)
    if codes:
        raise NotAllowed(NOT_ALL.say(codes=codes))
    if score not in SCORES:
        raise Invalid({"score": NO_SCORE.say()})
    if len(note.strip()) > _LONGEST_REASON:
        raise Invalid({"note": TOO_LONG.say(limit=_LONGEST_REASON)})
    case.state, case.is_open, case.next_alarm_at = SupplierCaseState.ACCEPTED, False, None
    case.score, case.score_note = score, note.strip()
    case.accepted_at, case.accepted_by = work.now, work.actor.id
    case.version += 1
    written = write(work, opened.complaint.row, case, Letter.ACCEPTED)
    conclude(
        work,
        opened.complaint,
        subject=case.number,
        new={"supplier_written_to": written},
        raise_version=False,
    )
    work.record(
        EventTag.SUPPLIER_SCORED,
        complaint_id=case.complaint_id,
        subject=case.number,
        new={"score": score, "note": case.score_note},
    )
    return Done(number=number, version=case.version)


def _open(
    work: Work, number: str, code: DisciplineCode, version: int
) -> tuple[OpenedCase, SupplierDisciplineRow]:
    opened = open_case(work, number, Action.JUDGE_SUPPLIER)
    row = work.session.get(SupplierDisciplineRow, (opened.row.id, code), with_for_update=True)
    if row is None:
        raise NotFound
    if row.version != version:
        raise Stale(row.version)
    return opened, row


def _judge(
    work: Work, opened: OpenedCase, row: SupplierDisciplineRow, verdict: str, reason: str
) -> SupplierSubmissionRow:
    """Write the verdict on the newest submission and return it. Raises Invalid for a text that is too long."""
    if len(reason.strip()) > _LONGEST_REASON:
        raise Invalid({"reason": TOO_LONG.say(limit=_LONGEST_REASON)})
    submission = work.session.execute(
        sa.select(SupplierSubmissionRow)
        .where(SupplierSubmissionRow.case_id == opened.row.id, SupplierSubmissionRow.code == row.code)
        .order_by(SupplierSubmissionRow.number.desc())
        .limit(1)
    ).scalar_one()
    submission.verdict = verdict
    submission.verdict_by, submission.verdict_at = work.actor.id, work.now
    submission.verdict_reason = reason.strip()
    return submission
