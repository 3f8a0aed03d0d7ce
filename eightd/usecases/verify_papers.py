"""What verification asks of issued reports and documents beyond their own hash: codes, withdrawals, kept files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.events import EventTag
from eightd.domain.words import Message, Phrase
from eightd.persistence.files import FileStore
from eightd.persistence.tables.documents import IssuedDocumentRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.record import AuditRow

Whose = Callable[[Session, int], Message]

CODE_OTHER = Phrase(
    "verify.code_other",
    "Report revision {revision} of {whose}: its check code is not the one it was issued with",
    "{whose}的报告第 {revision} 版：核对代码与签发时不一致",
)
WITHDRAWAL_OTHER = Phrase(
    "verify.withdrawal_other",
    "Report revision {revision} of {whose}: whether it was withdrawn is not what the record says",
    "{whose}的报告第 {revision} 版：撤回状态与记录不一致",
)
DOCUMENT_CHANGED = Phrase(
    "verify.document_changed",
    "Document {kind} {number} of {whose}: its content was changed after issue",
    "{whose}的文件 {kind} {number}：签发后内容被更改",
)
DOCUMENT_FILE = Phrase(
    "verify.document_file",
    "Document {kind} {number} of {whose}: its PDF is missing or was changed",
    "{whose}的文件 {kind} {number}：PDF 缺失或被更改",
)


def code_flaw(session: Session, row: RevisionRow, whose: Whose) -> Message | None:
    """Return what is wrong where a revision's code is not the one frozen in its content; older ones have none."""
    frozen = json.loads(row.content).get("check_code", "")
    if frozen == (row.check_code or ""):
        return None
    return CODE_OTHER.say(revision=row.number, whose=whose(session, row.complaint_id))


def withdrawal_flaw(session: Session, row: RevisionRow, whose: Whose) -> Message | None:
    """Return what is wrong where a revision is withdrawn otherwise than the record tells."""
    told = session.execute(
        sa.select(AuditRow.at).where(
            AuditRow.complaint_id == row.complaint_id,
            AuditRow.tag == EventTag.REPORT_WITHDRAWN.value,
            AuditRow.subject == f"revision {row.number}",
        )
    ).scalars()
    if list(told) == ([] if row.withdrawn_at is None else [row.withdrawn_at]):
        return None
    return WITHDRAWAL_OTHER.say(revision=row.number, whose=whose(session, row.complaint_id))


def document_flaw(
    session: Session, row: IssuedDocumentRow, issued: FileStore, whose: Whose
) -> Message | None:
    """Return what is wrong with a document beside the report: its content, or the PDF made of it."""
    found: Iterable[Phrase] = (
        phrase
        for phrase, is_wrong in (
            (DOCUMENT_CHANGED, hashlib.sha256(row.content).hexdigest() != row.content_hash),
            (DOCUMENT_FILE, bool(row.sha256) and not issued.is_intact(row.sha256)),
        )
        if is_wrong
    )
    flaw = next(iter(found), None)
    if flaw is None:
        return None
    return flaw.say(kind=row.kind, number=row.number, whose=whose(session, row.complaint_id))
