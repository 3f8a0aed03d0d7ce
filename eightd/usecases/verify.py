"""Verify that nothing recorded, filed or issued was changed, removed or lost, and name the first thing that was.

In this order: every chain of the record with its signed head, kept heads where they are given, a chain for
every complaint, every evidence file, every report revision and the record's word about it, every PDF made.
The store is read in short slices, so that nobody waits for a long walk.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, undefer

from eightd.domain.authority import may, may_see
from eightd.domain.events import EventTag
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import audit
from eightd.persistence.audit import SYSTEM_CHAIN, Flaw
from eightd.persistence.files import FileStore
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.documents import IssuedDocumentRow
from eightd.persistence.tables.evidence import EvidenceRow, RenderedReportRow, RevisionRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditHeadRow, AuditRow
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.usecases import verify_papers as papers
from eightd.usecases.access import insist
from eightd.usecases.kept_heads import KeptHead
from eightd.usecases.verb import Done, verb

_SLICE = 200
_LOOKS = 3

_SYSTEM = Phrase("verify.system", "administration", "系统管理")
_COMPLAINT = Phrase("verify.complaint", "complaint {number}", "客诉 {number}")
_HIDDEN = Phrase("verify.hidden", "a complaint that you may not see", "您无权查看的客诉")
_CHAIN = Phrase("verify.chain", "chain {chain}", "记录链 {chain}")
_ENTRY = Phrase(
    "verify.entry", "Record of {whose}, entry {sequence}: {what}", "{whose}的记录第 {sequence} 条：{what}"
)
_WHOLE = Phrase("verify.whole", "Record of {whose}: {what}", "{whose}的记录：{what}")
_WHAT = {
    "entry missing": Phrase("verify.missing", "the entry is missing", "该条缺失"),
    "does not follow the entry before it": Phrase(
        "verify.order", "it does not follow the entry before it", "与前一条不衔接"
    ),
    "content changed after it was written": Phrase(
        "verify.changed", "its content was changed after it was written", "写入后内容被更改"
    ),
    "head missing": Phrase("verify.head_missing", "its signed head is missing", "缺少签名的链首"),
    "entries after this one are missing": Phrase(
        "verify.tail", "this entry and those after it are missing", "该条及其后的记录缺失"
    ),
    "signature of the head does not match": Phrase(
        "verify.signature", "the signature of its head does not match", "链首签名不符"
    ),
}
_NO_CHAIN = Phrase("verify.no_chain", "there is none at all", "完全缺失")
_NOT_AS_KEPT = Phrase(
    "verify.not_as_kept",
    "it is not the one in the kept heads, or missing",
    "与留存的链首不一致或缺失",
)
_KEPT_FORGED = Phrase(
    "verify.kept_forged",
    "the kept head was not signed by this installation",
    "留存的链首并非本系统签名",
)
_FILE_LOST = Phrase(
    "verify.file_lost", "Evidence “{name}” of {whose}: the file is missing", "{whose}的证据“{name}”：文件缺失"
)
_FILE_CHANGED = Phrase(
    "verify.file_changed",
    "Evidence “{name}” of {whose}: the file was changed",
    "{whose}的证据“{name}”：文件被更改",
)
_REVISION_CHANGED = Phrase(
    "verify.revision_changed",
    "Report revision {revision} of {whose}: its content was changed after issue",
    "{whose}的报告第 {revision} 版：签发后内容被更改",
)
_REVISION_OTHER = Phrase(
    "verify.revision_other",
    "Report revision {revision} of {whose}: it is not the one that the record says was issued",
    "{whose}的报告第 {revision} 版：与签发记录不一致",
)
_REVISION_LOST = Phrase(
    "verify.revision_lost",
    "Report revision {revision} of {whose}: it was issued but is missing",
    "{whose}的报告第 {revision} 版：已签发但缺失",
)
_PDF_LOST = Phrase(
    "verify.pdf_lost",
    "Report revision {revision} of {whose}: its PDF ({language}, {audience}) is missing",
    "{whose}的报告第 {revision} 版：PDF（{language}，{audience}）缺失",
)
_PDF_CHANGED = Phrase(
    "verify.pdf_changed",
    "Report revision {revision} of {whose}: its PDF ({language}, {audience}) was changed",
    "{whose}的报告第 {revision} 版：PDF（{language}，{audience}）被更改",
)
_MAIL_LOST = Phrase(
    "verify.mail_lost",
    "Reply {message_id} of {whose}: the mail as it was sent is missing",
    "{whose}的回复 {message_id}：已发邮件缺失",
)
_MAIL_CHANGED = Phrase(
    "verify.mail_changed",
    "Reply {message_id} of {whose}: the mail as it was sent was changed",
    "{whose}的回复 {message_id}：已发邮件被更改",
)
_SOUND = Phrase(
    "verify.sound",
    "{chains} chains, {entries} entries, {files} evidence files, {reports} reports: sound",
    "{chains} 条记录链、{entries} 条记录、{files} 个证据文件、{reports} 份报告：完好",
)

_ISSUES = (EventTag.INITIAL_REPORT_ISSUED, EventTag.PRELIMINARY_REPORT_ISSUED, EventTag.FINAL_REPORT_ISSUED)


@dataclass(frozen=True, slots=True)
class Verification:
    """What was walked until the end or the first flaw; ``flaw`` None means that all of it is sound.

    ``reports`` counts revisions and the PDFs made of them. ``system_sound`` False means that the chain of
    administration itself is what is wrong.
    """

    chains: int
    entries: int
    files: int
    reports: int
    flaw: Message | None
    system_sound: bool = True

    @property
    def message(self) -> Message:
        """Return the flaw, or how much was found sound."""
        if self.flaw is not None:
            return self.flaw
        return _SOUND.say(chains=self.chains, entries=self.entries, files=self.files, reports=self.reports)


class _Found(Exception):  # noqa: N818 - it ends the walk, it is no error
    """The first flaw, in words."""

    def __init__(self, message: Message, *, in_system: bool = False) -> None:
        super().__init__()
        self.message = message
        self.in_system = in_system


def verify(uow: UnitOfWork, order: Order, heads: Sequence[KeptHead] = ()) -> Verification:
    """Walk everything, and leave an entry of the outcome on the chain of administration.

    No entry is added to that chain while it is itself what is wrong: it would hide a cut. Raises NotFound for
    those who may not verify.
    """
    insist(may(order.actor, Action.VERIFY_AUDIT))
    found = walk(uow, order.actor, heads)
    if found.system_sound:
        _record_verification(uow, order, found=found)
    return found


@verb("audit.verify")
def _record_verification(work: Work, *, found: Verification) -> Done:
    work.record(
        EventTag.AUDIT_VERIFIED,
        new={
            "sound": found.flaw is None,
            "chains": found.chains,
            "entries": found.entries,
            "files": found.files,
            "reports": found.reports,
            **({} if found.flaw is None else {"flaw": found.flaw.text("en")}),
        },
    )
    return Done()


def walk(uow: UnitOfWork, actor: Actor | None, heads: Sequence[KeptHead] = ()) -> Verification:
    """Walk everything and change nothing; complaints hidden from the actor are not named, None sees all."""
    walker = _Walker(uow, actor)
    flaw, system_sound = None, True
    try:
        walker.chains()
        walker.kept_heads(heads)
        walker.complaints()
        walker.evidence()
        walker.revisions()
        walker.issues()
        walker.pdfs()
        walker.documents()
        walker.mails()
    except _Found as found:
        flaw, system_sound = found.message, not found.in_system
    return Verification(
        chains=walker.chain_count,
        entries=walker.entry_count,
        files=walker.file_count,
        reports=walker.report_count,
        flaw=flaw,
        system_sound=system_sound,
    )


class _Walker:
    """Counts what it has found sound, and stops at the first flaw."""

    def __init__(self, uow: UnitOfWork, actor: Actor | None) -> None:
        self._uow = uow
        self._actor = actor
        self.chain_count = self.entry_count = self.file_count = self.report_count = 0

    def chains(self) -> None:
        """Walk every chain to its signed head."""
        with self._uow.reading() as session:
            names = list(audit.chains(session))
            is_installed = session.execute(sa.select(UserRow.id).limit(1)).first() is not None
        if SYSTEM_CHAIN in names:
            names.remove(SYSTEM_CHAIN)
            names.insert(0, SYSTEM_CHAIN)  # first: what is found elsewhere will be written down on it
        elif is_installed:
            raise _Found(_WHOLE.say(whose=_SYSTEM.say(), what=_NO_CHAIN.say()), in_system=True)
        for start in range(0, len(names), _SLICE):
            with self._uow.reading() as session:
                for name in names[start : start + _SLICE]:
                    self._chain(session, name)

    def _chain(self, session: Session, name: str) -> None:
        flaw = None
        for _ in range(_LOOKS):  # an entry may be added between reading the chain and reading its head
            flaw = audit.verify_chain(session, name, self._uow.signing_key)
            if flaw is None:
                break
            session.rollback()
        if flaw is not None:
            raise _Found(self._in_words(session, flaw), in_system=name == SYSTEM_CHAIN)
        head = session.get(AuditHeadRow, name)
        self.chain_count += 1
        self.entry_count += 0 if head is None else head.sequence

    def kept_heads(self, heads: Sequence[KeptHead]) -> None:
        """Compare with heads that were kept elsewhere: their entries must be there, as they were then."""
        for start in range(0, len(heads), _SLICE):
            with self._uow.reading() as session:
                for kept in heads[start : start + _SLICE]:
                    self._kept_head(session, kept)

    def _kept_head(self, session: Session, kept: KeptHead) -> None:
        expected = audit.sign(kept.chain, kept.sequence, kept.hash, self._uow.signing_key)
        what = None
        if not hmac.compare_digest(expected, kept.signature):
            what = _KEPT_FORGED
        else:
            found = session.execute(
                sa.select(AuditRow.hash).where(
                    AuditRow.chain == kept.chain, AuditRow.sequence == kept.sequence
                )
            ).scalar_one_or_none()
            if found != kept.hash:
                what = _NOT_AS_KEPT
        if what is not None:
            whose = self._whose_chain(session, kept.chain)
            in_system = kept.chain == SYSTEM_CHAIN and what is _NOT_AS_KEPT
            raise _Found(
                _ENTRY.say(whose=whose, sequence=kept.sequence, what=what.say()), in_system=in_system
            )

    def complaints(self) -> None:
        """Insist that every complaint has a chain: its registration stands there."""
        with self._uow.reading() as session:
            chain = sa.literal("complaint:") + sa.cast(ComplaintRow.id, sa.String)
            lonely = session.execute(
                sa.select(ComplaintRow.id)
                .where(~sa.select(AuditHeadRow.chain).where(AuditHeadRow.chain == chain).exists())
                .order_by(ComplaintRow.id)
                .limit(1)
            ).scalar_one_or_none()
            if lonely is not None:
                raise _Found(_WHOLE.say(whose=self._whose(session, lonely), what=_NO_CHAIN.say()))

    def evidence(self) -> None:
        """Compare every evidence file with the hash it was filed under."""
        for session, row in self._rows(EvidenceRow, EvidenceRow.id):
            if not self._uow.files.is_intact(row.sha256):
                phrase = _FILE_LOST if _is_lost(self._uow.files, row.sha256) else _FILE_CHANGED
                raise _Found(phrase.say(name=row.filename, whose=self._whose(session, row.complaint_id)))
            self.file_count += 1

    def revisions(self) -> None:
        """Compare every revision's frozen content with its hash."""
        for session, row in self._rows(RevisionRow, RevisionRow.id, undefer(RevisionRow.content)):
            if hashlib.sha256(row.content).hexdigest() != row.content_hash:
                whose = self._whose(session, row.complaint_id)
                raise _Found(_REVISION_CHANGED.say(revision=row.number, whose=whose))
            for asked in (papers.code_flaw, papers.withdrawal_flaw):
                if flaw := asked(session, row, self._whose):
                    raise _Found(flaw)
            self.report_count += 1

    def documents(self) -> None:
        """Compare every document beside the reports, and its PDF, with their hashes."""
        content = undefer(IssuedDocumentRow.content)
        for session, row in self._rows(IssuedDocumentRow, IssuedDocumentRow.id, content):
            if flaw := papers.document_flaw(session, row, self._uow.issued, self._whose):
                raise _Found(flaw)
            self.report_count += 1

    def issues(self) -> None:
        """Compare what the record says was issued with the revisions there are."""
        after = 0
        while True:
            with self._uow.reading() as session:
                entries = session.execute(
                    sa.select(AuditRow.id, AuditRow.complaint_id, AuditRow.new)
                    .where(AuditRow.id > after, AuditRow.tag.in_([tag.value for tag in _ISSUES]))
                    .order_by(AuditRow.id)
                    .limit(_SLICE)
                ).all()
                for _, complaint_id, new in entries:
                    self._issue(session, complaint_id, new or {})
            if len(entries) < _SLICE:
                return
            after = entries[-1].id

    def _issue(self, session: Session, complaint_id: int | None, new: dict[str, Any]) -> None:
        if complaint_id is None or "revision" not in new:
            return
        found = session.execute(
            sa.select(RevisionRow.content_hash).where(
                RevisionRow.complaint_id == complaint_id, RevisionRow.number == new["revision"]
            )
        ).scalar_one_or_none()
        if found != new.get("content_hash"):
            phrase = _REVISION_LOST if found is None else _REVISION_OTHER
            raise _Found(phrase.say(revision=new["revision"], whose=self._whose(session, complaint_id)))

    def pdfs(self) -> None:
        """Compare every PDF that was made with the hash it is kept under."""
        for session, row in self._rows(RevisionRow, RevisionRow.id):
            made = session.execute(
                sa.select(RenderedReportRow).where(RenderedReportRow.revision_id == row.id)
            ).scalars()
            for pdf in made:
                if not self._uow.issued.is_intact(pdf.sha256):
                    phrase = _PDF_LOST if _is_lost(self._uow.issued, pdf.sha256) else _PDF_CHANGED
                    raise _Found(
                        phrase.say(
                            revision=row.number,
                            whose=self._whose(session, row.complaint_id),
                            language=pdf.language,
                            audience=pdf.audience,
                        )
                    )
                self.report_count += 1

    def mails(self) -> None:
        """Compare every reply that was released with the hash its mail is kept under."""
        for session, row in self._rows(ReplyRow, ReplyRow.id):
            if row.sha256 and not self._uow.issued.is_intact(row.sha256):
                phrase = _MAIL_LOST if _is_lost(self._uow.issued, row.sha256) else _MAIL_CHANGED
                whose = self._whose(session, row.complaint_id)
                raise _Found(phrase.say(message_id=row.message_uid, whose=whose))

    def _rows(
        self, table: Any, key: InstrumentedAttribute[int], *options: Any
    ) -> Iterator[tuple[Session, Any]]:
        """Yield every row with the session of its slice, by id."""
        after = 0
        while True:
            with self._uow.reading() as session:
                statement = sa.select(table).where(key > after).order_by(key).limit(_SLICE).options(*options)
                rows = session.execute(statement).scalars().all()
                session.expunge_all()
                session.rollback()  # hashing files takes longer than a reader should hold up writers
                for row in rows:
                    yield session, row
            if len(rows) < _SLICE:
                return
            after = rows[-1].id

    def _in_words(self, session: Session, flaw: Flaw) -> Message:
        whose = self._whose_chain(session, flaw.chain)
        what = _WHAT[flaw.what].say()
        if flaw.sequence == 0:
            return _WHOLE.say(whose=whose, what=what)
        return _ENTRY.say(whose=whose, sequence=flaw.sequence, what=what)

    def _whose_chain(self, session: Session, chain: str) -> Message:
        if chain == SYSTEM_CHAIN:
            return _SYSTEM.say()
        kind, _, complaint_id = chain.partition(":")
        if kind == "complaint" and complaint_id.isdigit():
            return self._whose(session, int(complaint_id))
        return _CHAIN.say(chain=chain)

    def _whose(self, session: Session, complaint_id: int) -> Message:
        row = session.get(ComplaintRow, complaint_id)
        if row is None:
            return _CHAIN.say(chain=audit.chain_of(complaint_id))
        if self._actor is not None and not may_see(self._actor, row.plant_id, row.customer_id):
            return _HIDDEN.say()
        return _COMPLAINT.say(number=row.number)


def _is_lost(files: FileStore, sha256: str) -> bool:
    return not files.path(sha256).exists()
