"""The documents issued on a complaint beside its 8D report, and which may be issued now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may
from eightd.domain.paperwork import DocumentKind, hindrance
from eightd.domain.words import Message
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Refused
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.documents import IssuedDocumentRow
from eightd.persistence.tables.people import PlantRow, UserRow


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document that was issued; ``position`` counts those of its kind from 1."""

    kind: DocumentKind
    position: int
    language: str
    content_hash: str
    issued_at: datetime
    issued_by: str


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """What was issued, the newest first, and what keeps each kind from being issued, None where nothing does."""

    number: str
    version: int
    zone: str
    customer: str
    report_language: str
    documents: tuple[DocumentView, ...]
    refused: Message | None
    hindrances: Mapping[DocumentKind, Message | None]


def documents_page(session: Session, actor: Actor, number: str) -> DocumentsPage | None:
    """Return the page; None for what is hidden."""
    loaded = complaints.load(session, number)
    if loaded is None or isinstance(may(actor, Action.VIEW, loaded.snapshot), Refused):
        return None
    outcome = may(actor, Action.ISSUE_DOCUMENT, loaded.snapshot)
    found = session.execute(
        sa.select(IssuedDocumentRow, UserRow.name)
        .join(UserRow, UserRow.id == IssuedDocumentRow.issued_by)
        .where(IssuedDocumentRow.complaint_id == loaded.row.id)
        .order_by(IssuedDocumentRow.id.desc())
    ).all()
    zone = session.get_one(PlantRow, loaded.row.plant_id).zone
    customer = session.get_one(CustomerRow, loaded.row.customer_id).name
    return DocumentsPage(
        number=number,
        version=loaded.row.version,
        zone=zone,
        customer=customer,
        report_language=loaded.row.report_language,
        documents=tuple(_view(row, by) for row, by in found),
        refused=outcome.message if isinstance(outcome, Refused) else None,
        hindrances={kind: hindrance(kind, loaded.snapshot) for kind in DocumentKind},
    )


def _view(row: IssuedDocumentRow, by: str) -> DocumentView:
    return DocumentView(
        kind=DocumentKind(row.kind),
        position=row.number,
        language=row.language,
        content_hash=row.content_hash,
        issued_at=row.issued_at,
        issued_by=by,
    )
