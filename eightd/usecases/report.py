"""Issue a numbered revision of the 8D report, frozen at issue, and hand out its PDF for ever (procedure 6)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eightd.domain.authority import may
from eightd.domain.check_code import code_of
from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.comparison import changed_places
from eightd.domain.revisions import ordinal, revision_name
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.persistence.dialects import upsert
from eightd.persistence.files import FileStore
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.evidence import RenderedReportRow, RevisionRow
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import EightDDocument, content_hash, from_json, to_json
from eightd.reporting.eight_d.render import render
from eightd.reporting.sheet.wording import Arrangement, ReportLanguage
from eightd.usecases.access import conclude, insist, open_complaint
from eightd.usecases.errors import NotFound
from eightd.usecases.report_content import Issue, report_document, worded
from eightd.usecases.reviewing.submitting import score_report
from eightd.usecases.system_actor import system_order
from eightd.usecases.verb import Done, verb

ISSUE_ACTION = {
    ReportKind.INITIAL: Action.ISSUE_REPORT_INITIAL,
    ReportKind.PRELIMINARY: Action.ISSUE_REPORT_PRELIMINARY,
    ReportKind.FINAL: Action.ISSUE_REPORT_FINAL,
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A PDF with the name it is saved under and its SHA-256."""

    filename: str
    content: bytes
    sha256: str


WITHDRAWN = Phrase("report.withdrawn", "Withdrawn on {date}: no longer valid", "已于 {date} 撤回，不再有效")
_RANDOM_BYTES = 16


def issue_report(
    uow: UnitOfWork,
    order: Order,
    *,
    number: str,
    version: int,
    kind: ReportKind,
    language: ReportLanguage,
    arrangement: Arrangement = Arrangement.STACKED,
) -> Done:
    """Freeze what is accepted as the next revision; ``id`` of the answer is the revision's number."""
    return _issue(
        uow,
        order,
        number=number,
        version=version,
        kind=kind,
        language=language,
        arrangement=arrangement,
        public_url=uow.public_url,
    )


@verb("report.issue")
def _issue(
    work: Work,
    *,
    number: str,
    version: int,
    kind: ReportKind,
    language: ReportLanguage,
    arrangement: Arrangement,
    public_url: str,
) -> Done:
    opened = open_complaint(work, number, ISSUE_ACTION[kind], version=version)
    row = opened.row
    issued = _issued(work.session, row.id)
    revision = issued[-1][0] + 1 if issued else 1
    code = code_of(secrets.token_bytes(_RANDOM_BYTES))
    issue = Issue(
        revision,
        kind,
        work.now,
        work.order.actor_name,
        name=worded(revision_name(kind, ordinal([*issued, (revision, kind)], revision))),
        check_code=code,
        check_url=check_address(public_url, code),
        arrangement=arrangement,
    )
    document = report_document(work.session, row, opened.snapshot, issue)
    before = _before(work.session, row.id)
    if before is not None:
        document = replace(document, changed_places=_changed(before, document))
    frozen = RevisionRow(
        complaint_id=row.id,
        number=revision,
        kind=kind,
        language=language.value,
        content=to_json(document),
        content_hash=content_hash(document),
        issued_at=work.now,
        issued_by=work.actor.id,
        arrangement=arrangement.value,
        check_code=code,
    )
    work.session.add(frozen)
    score_report(work, opened)
    conclude(
        work,
        opened,
        subject=f"revision {revision}",
        new={"revision": revision, "content_hash": frozen.content_hash, "language": language.value},
    )
    return Done(number=number, version=row.version, id=revision)


def check_address(public_url: str, code: str) -> str:
    """Return where the code is confirmed, empty where nobody but this machine would get there."""
    return f"{public_url}/check/{code}" if public_url else ""


def _issued(session: Session, complaint_id: int) -> list[tuple[int, ReportKind]]:
    found = session.execute(
        sa.select(RevisionRow.number, RevisionRow.kind)
        .where(RevisionRow.complaint_id == complaint_id)
        .order_by(RevisionRow.number)
    )
    return [(number, kind) for number, kind in found]


def _before(session: Session, complaint_id: int) -> EightDDocument | None:
    """Return what the newest revision says that holds, None where there is none."""
    content = session.execute(
        sa.select(RevisionRow.content)
        .where(RevisionRow.complaint_id == complaint_id, RevisionRow.withdrawn_at.is_(None))
        .order_by(RevisionRow.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if content is None else from_json(content)


def _changed(before: EightDDocument, document: EightDDocument) -> dict[DisciplineCode, tuple[str, ...]]:
    """Return what the document says otherwise than the one before, by discipline; a discipline that is new is not."""
    places = {
        code: changed_places(before.answers[code], answer)
        for code, answer in document.answers.items()
        if code in before.answers
    }
    return {code: changed for code, changed in places.items() if changed}


def issued_report(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    revision: int | None,
    language: ReportLanguage | None,
    audience: Audience,
    now: datetime,
) -> ReportFile:
    """Return the PDF of an issued revision: the same bytes for ever, until it is withdrawn.

    ``revision`` None is the newest that holds, ``language`` None the one it was issued in. The first request for a
    language and audience draws it from the frozen content and keeps the bytes by hash; later ones read
    them back. Raises NotFound for what is hidden or was not issued.
    """
    with uow.reading() as session:
        frozen = frozen_revision(session, actor, number, revision)
    chosen = ReportLanguage(frozen.language) if language is None else language
    return kept_report(uow, frozen, number=number, language=chosen, audience=audience, now=now)


def kept_report(
    uow: UnitOfWork,
    frozen: RevisionRow,
    *,
    number: str,
    language: ReportLanguage,
    audience: Audience,
    now: datetime,
) -> ReportFile:
    """Return the PDF of a revision whose content was read; the caller has asked whether it may be seen.

    Of one that was withdrawn it is drawn with that said on every page, and not kept: what was sent stays what it was.
    """
    filename = f"{number}-r{frozen.number}-{language.value}-{audience.value}"
    document = from_json(frozen.content)
    if frozen.withdrawn_at is not None:
        day = frozen.withdrawn_at.astimezone(ZoneInfo(document.zone)).date().isoformat()
        said = replace(document, withdrawn=worded(WITHDRAWN.say(date=day)))
        content = _drawn(uow, said, language, audience, digest=frozen.content_hash)
        return ReportFile(f"{filename}-withdrawn.pdf", content, hashlib.sha256(content).hexdigest())
    filename += ".pdf"
    with uow.reading() as session:
        kept = session.get(RenderedReportRow, (frozen.id, language.value, audience.value))
    if kept is not None:
        return ReportFile(filename, uow.issued.get(kept.sha256), kept.sha256)
    content = _drawn(uow, document, language, audience, digest=frozen.content_hash)
    if uow.seal is not None:
        content = uow.seal(content, now, document.zone)
    sha256 = uow.issued.put(content)
    with uow.writing(system_order(now)) as work:
        work.session.execute(
            upsert(work.session, RenderedReportRow)
            .values(
                revision_id=frozen.id,
                language=language.value,
                audience=audience.value,
                sha256=sha256,
                size=len(content),
                at=now,
            )
            .on_conflict_do_nothing()
        )
        kept = work.session.get_one(RenderedReportRow, (frozen.id, language.value, audience.value))
    return ReportFile(filename, uow.issued.get(kept.sha256), kept.sha256)


def report_as_sent(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    revision: int,
    language: ReportLanguage,
    audience: Audience,
) -> ReportFile:
    """Return the PDF of a withdrawn revision as it was before, for people inside who must know what was sent.

    Raises NotFound for what is hidden, and where no such PDF was made before the withdrawal.
    """
    with uow.reading() as session:
        frozen = frozen_revision(session, actor, number, revision)
        kept = session.get(RenderedReportRow, (frozen.id, language.value, audience.value))
    if kept is None:
        raise NotFound
    filename = f"{number}-r{frozen.number}-{language.value}-{audience.value}-as-sent.pdf"
    return ReportFile(filename, uow.issued.get(kept.sha256), kept.sha256)


def preview_report(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    language: ReportLanguage,
    audience: Audience,
    now: datetime,
    arrangement: Arrangement = Arrangement.STACKED,
) -> ReportFile:
    """Return what the final report would look like now, with a watermark; nothing is kept."""
    with uow.reading() as session:
        loaded = complaints.load(session, number)
        if loaded is None:
            raise NotFound
        insist(may(actor, Action.VIEW, loaded.snapshot))
        issue = Issue(0, ReportKind.FINAL, now, "", arrangement=arrangement)
        document = report_document(session, loaded.row, loaded.snapshot, issue)
    content = _drawn(uow, document, language, audience)
    return ReportFile(f"{number}-preview.pdf", content, "")


def frozen_revision(session: Session, actor: Actor, number: str, revision: int | None) -> RevisionRow:
    """Return a revision with its content, None the newest that holds; raises NotFound for what is hidden or missing."""
    loaded = complaints.load(session, number)
    if loaded is None:
        raise NotFound
    insist(may(actor, Action.VIEW, loaded.snapshot))
    statement = sa.select(RevisionRow).where(RevisionRow.complaint_id == loaded.row.id)
    if revision is not None:
        statement = statement.where(RevisionRow.number == revision)
    else:
        statement = statement.where(RevisionRow.withdrawn_at.is_(None))
    newest = statement.order_by(RevisionRow.number.desc()).limit(1).options(undefer(RevisionRow.content))
    frozen = session.execute(newest).scalar_one_or_none()
    if frozen is None:
        raise NotFound
    return frozen


def _drawn(
    uow: UnitOfWork,
    document: EightDDocument,
    language: ReportLanguage,
    audience: Audience,
    *,
    digest: str = "",
) -> bytes:
    return render(
        document,
        language=language,
        audience=audience,
        reports=uow.reports,
        pictures=contents(uow.files, (one.sha256 for one in document.pictures)),
        attachments=contents(uow.files, (one.sha256 for one in document.attachments)),
        digest=digest,
    )


def contents(files: FileStore, named: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of the files of these hashes."""
    return {sha256: files.get(sha256) for sha256 in named}
