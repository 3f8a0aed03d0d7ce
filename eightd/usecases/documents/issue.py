"""Issue a document beside the 8D report, frozen at issue, and hand out its PDF for ever (procedure 9)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eightd.domain.authority import may
from eightd.domain.paperwork import DocumentKind, hindrance
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.documents import IssuedDocumentRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.reporting.documents.facts import ComplaintDocument, content_hash, from_json, to_json
from eightd.reporting.documents.render import render_document
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases.access import conclude, insist, open_complaint
from eightd.usecases.documents.content import complaint_document
from eightd.usecases.errors import NotAllowed, NotFound
from eightd.usecases.report import ReportFile
from eightd.usecases.report_content import Issue
from eightd.usecases.system_actor import system_order
from eightd.usecases.verb import Done, verb


@verb("document.issue")
def issue_document(
    work: Work, *, number: str, version: int, kind: DocumentKind, language: ReportLanguage
) -> Done:
    """Freeze the document as the next of its kind; ``id`` of the answer is its number.

    Raises NotFound, NotAllowed (also where the kind's own time has not come) or Stale.
    """
    opened = open_complaint(work, number, Action.ISSUE_DOCUMENT, version=version)
    hindered = hindrance(kind, opened.snapshot)
    if hindered is not None:
        raise NotAllowed(hindered)
    last = work.session.execute(
        sa.select(sa.func.max(IssuedDocumentRow.number)).where(
            IssuedDocumentRow.complaint_id == opened.row.id, IssuedDocumentRow.kind == kind.value
        )
    ).scalar_one()
    position = (last or 0) + 1
    issue = Issue(position, ReportKind.FINAL, work.now, work.order.actor_name)
    content = to_json(complaint_document(work.session, opened.row, opened.snapshot, kind, issue))
    row = IssuedDocumentRow(
        complaint_id=opened.row.id,
        kind=kind.value,
        number=position,
        language=language.value,
        content=content,
        content_hash=content_hash(content),
        issued_at=work.now,
        issued_by=work.actor.id,
    )
    work.session.add(row)
    conclude(
        work,
        opened,
        subject=f"{kind.value} {position}",
        new={"document": kind.value, "number": position, "content_hash": row.content_hash},
    )
    return Done(number=number, version=opened.row.version, id=position)


def issued_document(
    uow: UnitOfWork, actor: Actor, *, number: str, kind: DocumentKind, position: int, now: datetime
) -> ReportFile:
    """Return the PDF of an issued document: drawn at the first request, the same bytes ever after.

    Raises NotFound for what is hidden or was not issued.
    """
    with uow.reading() as session:
        row = frozen_document(session, actor, number, kind, position)
    filename = f"{number}-{kind.value.replace('_', '-')}-{position}.pdf"
    if row.sha256:
        return ReportFile(filename, uow.issued.get(row.sha256), row.sha256)
    content = _drawn(uow, from_json(row.content), ReportLanguage(row.language))
    sha256 = uow.issued.put(content)
    with uow.writing(system_order(now)) as work:
        kept = work.session.get_one(IssuedDocumentRow, row.id, with_for_update=True)
        if not kept.sha256:
            kept.sha256, kept.size = sha256, len(content)
        sha256 = kept.sha256
    return ReportFile(filename, uow.issued.get(sha256), sha256)


def preview_document(
    uow: UnitOfWork, actor: Actor, *, number: str, kind: DocumentKind, language: ReportLanguage, now: datetime
) -> ReportFile:
    """Return what the document would look like now, with the draft's watermark; nothing is kept.

    Raises NotFound for what is hidden, NotAllowed where the kind's time has not come.
    """
    with uow.reading() as session:
        loaded = complaints.load(session, number)
        if loaded is None:
            raise NotFound
        insist(may(actor, Action.VIEW, loaded.snapshot))
        insist(may(actor, Action.ISSUE_DOCUMENT, loaded.snapshot))
        hindered = hindrance(kind, loaded.snapshot)
        if hindered is not None:
            raise NotAllowed(hindered)
        document = complaint_document(
            session, loaded.row, loaded.snapshot, kind, Issue(0, ReportKind.FINAL, now, "")
        )
    content = _drawn(uow, document, language)
    return ReportFile(f"{number}-{kind.value.replace('_', '-')}-preview.pdf", content, "")


def frozen_document(
    session: Session, actor: Actor, number: str, kind: DocumentKind, position: int
) -> IssuedDocumentRow:
    """Return an issued document with its content; raises NotFound for what is hidden or was not issued."""
    loaded = complaints.load(session, number)
    if loaded is None:
        raise NotFound
    insist(may(actor, Action.VIEW, loaded.snapshot))
    found = session.execute(
        sa.select(IssuedDocumentRow)
        .where(
            IssuedDocumentRow.complaint_id == loaded.row.id,
            IssuedDocumentRow.kind == kind.value,
            IssuedDocumentRow.number == position,
        )
        .options(undefer(IssuedDocumentRow.content))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _drawn(uow: UnitOfWork, document: ComplaintDocument, language: ReportLanguage) -> bytes:
    pictures = {one.sha256: uow.files.get(one.sha256) for one in document.report.pictures}
    return render_document(document, language=language, reports=uow.reports, pictures=pictures)
