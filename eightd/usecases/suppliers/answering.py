"""What a supplier does by its link, without an account: save, submit under a name, add files (procedure 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.texts import keyed
from eightd.domain.events import EventTag
from eightd.domain.suppliers import answering as rules
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.content import blocking
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.codec import answer_document
from eightd.persistence.repositories.supplier_answers import SupplierAnswers, answers_of
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierDisciplineRow,
    SupplierEvidenceRow,
    SupplierLinkRow,
    SupplierRow,
    SupplierSubmissionRow,
)
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.evidence.check import CheckedUpload
from eightd.usecases.evidence.file import file_evidence, filed_document
from eightd.usecases.suppliers import course
from eightd.usecases.suppliers.link import opens
from eightd.usecases.verb import Done, verb

GUEST = Actor(id=0, roles=frozenset(), plants=frozenset())
"""Who gives the orders here: nobody who has an account, and nobody whom any rule about people lets do anything."""

MOST_FILES = 60
"""Files that a supplier may send for one 8D."""

LONGEST_NAME = 80

NO_NAME = Phrase("supplier_door.no_name", "Please write your name", "请填写您的姓名")
LONG_NAME = Phrase("supplier_door.long_name", "At most {limit} characters", "最多 {limit} 个字符")
NOT_COMPLETE = Phrase(
    "supplier_door.not_complete",
    "{code} cannot be submitted yet; it was not saved. Something is missing:",
    "{code} 暂不能提交，尚未保存。以下内容缺失：",
)
TOO_MANY_FILES = Phrase(
    "supplier_door.too_many_files",
    "At most {limit} files can be sent for one 8D; {left} more are possible",
    "每份 8D 最多可上传 {limit} 个文件，还可上传 {left} 个",
)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the link opens, locked: the complaint, the case, its supplier and its answers."""

    complaint: ComplaintRow
    case: SupplierCaseRow
    supplier: SupplierRow
    answers: SupplierAnswers


@verb("supplier_door.save")
def save(
    work: Work,
    *,
    link_id: int,
    code: DisciplineCode,
    version: int,
    answer: Answer,
    while_typing: bool = False,
) -> Done:
    """Keep what was typed so far; ``version`` is the discipline's as the supplier saw it.

    ``while_typing`` says that nobody pressed anything: then only the first save of a draft is an entry of the record.

    Raises NotFound where the link opens nothing (any more) or the discipline is not asked for, NotAllowed where it
    cannot be written now, Stale where somebody else with the link has saved since.
    """
    opened = _open(work, link_id)
    row = _writable(opened, code)
    written = rules.as_written(keyed(answer))
    if opened.answers.snapshots[code].draft == written:  # also where the answer to an earlier save got lost
        return Done(number=opened.case.number, version=row.version)
    _insist(row, version)
    is_told = not while_typing or row.state is not DisciplineState.DRAFT
    row.draft, row.draft_at = answer_document(written), work.now
    row.state = DisciplineState.DRAFT
    row.version += 1
    if is_told:  # without what it says: a draft is not released to those who read the record
        _named(work, opened, "").record(
            EventTag.SUPPLIER_DRAFT_SAVED,
            complaint_id=opened.complaint.id,
            subject=f"{opened.case.number} {code.value}",
        )
    return Done(number=opened.case.number, version=row.version)


@verb("supplier_door.submit")
def submit(
    work: Work, *, link_id: int, code: DisciplineCode, version: int, answer: Answer, by_name: str
) -> Done:
    """Submit an answer under the name of the person who gives it; every submission is kept.

    What stands saved word for word is submitted whatever version was seen: a save while typing may have been on its
    way when the page was fetched.

    Raises NotFound, Invalid for the name, NotAllowed with everything that is missing, or Stale.
    """
    opened = _open(work, link_id)
    row = _writable(opened, code)
    answer = rules.as_written(keyed(answer))
    if opened.answers.snapshots[code].draft != answer:
        _insist(row, version)
    name, problem = " ".join(by_name.split()), _problem_with(by_name)
    missing = blocking(rules.findings(opened.answers.snapshots, code, answer))
    if missing:
        raise NotAllowed(NOT_COMPLETE.say(code=code.value), (*missing, *([problem] if problem else [])))
    if problem is not None:
        raise Invalid({"by_name": problem})
    submission = SupplierSubmissionRow(
        case_id=opened.case.id,
        code=code,
        number=len(opened.answers.submissions.get(code, ())) + 1,
        answer=answer_document(answer),
        by_name=name,
        at=work.now,
    )
    work.session.add(submission)
    row.draft = None
    row.state = DisciplineState.SUBMITTED
    row.version += 1
    course.follow(work, opened.complaint, opened.case)
    named = _named(work, opened, name)
    named.record(
        EventTag.SUPPLIER_SUBMITTED,
        complaint_id=opened.complaint.id,
        subject=f"{opened.case.number} {code.value}",
        new={"submission": submission.number},
    )
    course.tell_answered(named, opened.complaint, opened.case, code)
    return Done(number=opened.case.number, version=row.version, id=submission.number)


@verb("supplier_door.add_files")
def add_files(
    work: Work,
    *,
    link_id: int,
    code: DisciplineCode | None,
    uploads: Sequence[CheckedUpload],
    caption: str = "",
) -> Done:
    """File what a supplier sends, under a discipline where one is named; customers are not given it until we say so.

    Raises NotFound, NotAllowed once nothing more is asked, or Invalid where there are too many files.
    """
    opened = _open(work, link_id)
    if code is not None and code not in opened.answers.rows:
        raise NotFound
    if not opened.case.state.is_open:
        raise NotAllowed(rules.FINISHED.say())
    left = MOST_FILES - _files_sent(work, opened.case)
    if len(uploads) > left:
        raise Invalid({"files": TOO_MANY_FILES.say(limit=MOST_FILES, left=max(left, 0))})
    rows = [
        file_evidence(
            work,
            opened.complaint,
            upload,
            discipline=code,
            caption=caption,
            by=opened.case.made_by,
            sender=f"{opened.supplier.code} {opened.supplier.name}",
        )
        for upload in uploads
    ]
    for row in rows:
        row.internal = True
        work.session.add(
            SupplierEvidenceRow(case_id=opened.case.id, evidence_id=row.id, code=code, from_supplier=True)
        )
    _named(work, opened, "").record(
        EventTag.SUPPLIER_FILE_ADDED,
        complaint_id=opened.complaint.id,
        subject=opened.case.number if code is None else f"{opened.case.number} {code.value}",
        new={"files": filed_document(rows)},
    )
    return Done(number=opened.case.number, version=opened.case.version, id=rows[-1].id if rows else 0)


def _open(work: Work, link_id: int) -> _Opened:
    """Lock what the link opens, the complaint first as every verb does, then ask whether the link still holds."""
    case_id, complaint_id = work.session.execute(
        sa.select(SupplierCaseRow.id, SupplierCaseRow.complaint_id)
        .join(SupplierLinkRow, SupplierLinkRow.case_id == SupplierCaseRow.id)
        .where(SupplierLinkRow.id == link_id)
    ).one_or_none() or (None, None)
    if case_id is None:
        raise NotFound
    complaint = work.session.get_one(ComplaintRow, complaint_id, with_for_update=True)
    case = work.session.get_one(SupplierCaseRow, case_id, with_for_update=True)
    if opens(work.session, link_id, work.now) is None:
        raise NotFound
    return _Opened(
        complaint,
        case,
        work.session.get_one(SupplierRow, case.supplier_id),
        answers_of(work.session, case.id, lock=True),
    )


def _writable(opened: _Opened, code: DisciplineCode) -> SupplierDisciplineRow:
    row = opened.answers.rows.get(code)
    if row is None:
        raise NotFound
    refused = rules.why_not_writable(opened.case.state, row.state)
    if refused is not None:
        raise NotAllowed(refused)
    return row


def _insist(row: SupplierDisciplineRow, version: int) -> None:
    if row.version != version:
        raise Stale(row.version)


def _problem_with(by_name: str) -> Message | None:
    """Return what is wrong with the name under which something is submitted."""
    if not by_name.strip():
        return NO_NAME.say()
    return LONG_NAME.say(limit=LONGEST_NAME) if len(by_name.strip()) > LONGEST_NAME else None


def _named(work: Work, opened: _Opened, name: str) -> Work:
    """Return the transaction under the supplier's name, for the record; who is signed in meanwhile stands behind it."""
    who = f"供应商 {opened.supplier.code} {name}".strip()
    if work.order.actor_name not in {"", name}:
        who = f"{who} ({work.order.actor_name})"
    return work.ordered(replace(work.order, actor_name=who[:120]))


def _files_sent(work: Work, case: SupplierCaseRow) -> int:
    return work.session.execute(
        sa.select(sa.func.count())
        .select_from(SupplierEvidenceRow)
        .where(SupplierEvidenceRow.case_id == case.id, SupplierEvidenceRow.from_supplier.is_(True))
    ).scalar_one()
