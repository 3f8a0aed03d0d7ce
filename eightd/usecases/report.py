"""Issue a numbered revision of the 8D report, frozen at issue, and hand out its PDF for ever (procedure 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eightd.domain.authority import may
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.persistence.dialects import upsert
from eightd.persistence.files import FileStore
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.evidence import RenderedReportRow, RevisionRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import EightDDocument, content_hash, from_json, to_json
from eightd.reporting.eight_d.render import render
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases.access import conclude, insist, open_complaint
from eightd.usecases.errors import NotFound
from eightd.usecases.report_content import Issue, report_document
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


@verb("report.issue")
def issue_report(
    work: Work, *, number: str, version: int, kind: ReportKind, language: ReportLanguage
) -> Done:
    """Freeze what is accepted as the next revision; ``id`` of the answer is the revision's number."""
    opened = open_complaint(work, number, ISSUE_ACTION[kind], version=version)
    row = opened.row
    last = work.session.execute(
        sa.select(sa.func.max(RevisionRow.number)).where(RevisionRow.complaint_id == row.id)
    ).scalar_one()
    revision = (last or 0) + 1
    document = report_document(
        work.session, row, opened.snapshot, Issue(revision, kind, work.now, work.order.actor_name)
    )
    frozen = RevisionRow(
        complaint_id=row.id,
        number=revision,
        kind=kind,
        language=language.value,
        content=to_json(document),
        content_hash=content_hash(document),
        issued_at=work.now,
        issued_by=work.actor.id,
    )
    work.session.add(frozen)
    conclude(
        work,
        opened,
        subject=f"revision {revision}",
        new={"revision": revision, "content_hash": frozen.content_hash, "language": language.value},
    )
    return Done(number=number, version=row.version, id=revision)


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
    """Return the PDF of an issued revision: the same bytes for ever.

    ``revision`` None is the newest, ``language`` None the one it was issued in. The first request for a
    language and audience draws it from the frozen content and keeps the bytes by hash; later ones read
    them back. Raises NotFound for what is hidden or was not issued.
    """
    with uow.reading() as session:
        frozen = _frozen(session, actor, number, revision)
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
    """Return the PDF of a revision whose content was read; the caller has asked whether it may be seen."""
    with uow.reading() as session:
        kept = session.get(RenderedReportRow, (frozen.id, language.value, audience.value))
    filename = f"{number}-r{frozen.number}-{language.value}-{audience.value}.pdf"
    if kept is not None:
        return ReportFile(filename, uow.issued.get(kept.sha256), kept.sha256)
    content = _drawn(uow, from_json(frozen.content), language, audience)
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


def preview_report(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    language: ReportLanguage,
    audience: Audience,
    now: datetime,
) -> ReportFile:
    """Return what the final report would look like now, with a watermark; nothing is kept."""
    with uow.reading() as session:
        loaded = complaints.load(session, number)
        if loaded is None:
            raise NotFound
        insist(may(actor, Action.VIEW, loaded.snapshot))
        document = report_document(session, loaded.row, loaded.snapshot, Issue(0, ReportKind.FINAL, now, ""))
    content = _drawn(uow, document, language, audience)
    return ReportFile(f"{number}-preview.pdf", content, "")


def _frozen(session: Session, actor: Actor, number: str, revision: int | None) -> RevisionRow:
    loaded = complaints.load(session, number)
    if loaded is None:
        raise NotFound
    insist(may(actor, Action.VIEW, loaded.snapshot))
    statement = sa.select(RevisionRow).where(RevisionRow.complaint_id == loaded.row.id)
    if revision is not None:
        statement = statement.where(RevisionRow.number == revision)
    newest = statement.order_by(RevisionRow.number.desc()).limit(1).options(undefer(RevisionRow.content))
    frozen = session.execute(newest).scalar_one_or_none()
    if frozen is None:
        raise NotFound
    return frozen


def _drawn(uow: UnitOfWork, document: EightDDocument, language: ReportLanguage, audience: Audience) -> bytes:
    files: FileStore = uow.files
    pictures = {picture.sha256: files.get(picture.sha256) for picture in document.pictures}
    return render(document, language=language, audience=audience, reports=uow.reports, pictures=pictures)
