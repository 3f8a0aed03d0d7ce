"""An issued document as a page for reading on a screen: what its PDF says, in its order and wording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eightd.domain.paperwork import DocumentKind
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.reporting.documents.facts import from_json
from eightd.reporting.documents.render import story
from eightd.reporting.eight_d.audience import Audience, for_audience
from eightd.reporting.screen.parts import Part
from eightd.reporting.screen.reading import Reader
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases.documents.issue import frozen_document
from eightd.usecases.errors import NotFound
from eightd.usecases.reports.reading import on_screen, stand_ins


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document on the screen, in parts."""

    number: str
    kind: DocumentKind
    position: int
    language: ReportLanguage
    issued_at: datetime
    zone: str
    content_hash: str
    parts: tuple[Part, ...]


def document_page(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    kind: DocumentKind,
    position: int,
    language: ReportLanguage | None = None,
) -> DocumentPage:
    """Return an issued document for reading, in the language it was issued in where none is asked for.

    Raises NotFound for what is hidden or was not issued.
    """
    with uow.reading() as session:
        frozen = frozen_document(session, actor, number, kind, position)
    document = from_json(frozen.content)
    chosen = ReportLanguage(frozen.language) if language is None else language
    told = story(
        document,
        language=chosen,
        reports=uow.reports,
        pictures=stand_ins(one.sha256 for one in document.report.pictures),
    )
    return DocumentPage(
        number=number,
        kind=kind,
        position=position,
        language=chosen,
        issued_at=frozen.issued_at,
        zone=document.report.zone,
        content_hash=frozen.content_hash,
        parts=Reader(told.sheet.layout).read(told.blocks),
    )


def document_picture(
    uow: UnitOfWork, actor: Actor, *, number: str, kind: DocumentKind, position: int, sha256: str
) -> bytes:
    """Return a picture of a document as JPEG without its metadata; NotFound for one that it does not show."""
    with uow.reading() as session:
        frozen = frozen_document(session, actor, number, kind, position)
    report = from_json(frozen.content).report
    if kind.is_for_customers:
        report = for_audience(report, Audience.CUSTOMER)
    if sha256 not in {picture.sha256 for picture in report.pictures}:
        raise NotFound
    return on_screen(uow, sha256)
