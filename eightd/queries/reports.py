"""The report revisions issued, across all complaints that the actor may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.queries.administration.listing import Page, Place, take_page


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What the list is narrowed by; ``sent`` None shows both."""

    text: str = ""
    kind: ReportKind | None = None
    sent: bool | None = None


@dataclass(frozen=True, slots=True)
class IssuedReportView:
    """One revision; ``sent_at`` is when it was first sent, None where it was not."""

    id: int
    number: str
    customer: str
    zone: str
    revision: int
    kind: ReportKind
    language: str
    issued_at: datetime
    issued_by: str
    content_hash: str
    sent_at: datetime | None
    recipient: str
    withdrawn_at: datetime | None = None


def reports(session: Session, actor: Actor, narrowed: ReportFilter, place: Place) -> Page[IssuedReportView]:
    """Return a page of revisions, newest first, in two statements and one for where to go on."""
    seen = scope(actor)
    statement = (
        sa.select(
            RevisionRow.id.label("id"), RevisionRow, ComplaintRow.number, CustomerRow.name, PlantRow.zone
        )
        .add_columns(UserRow.name.label("issuer"))
        .join(ComplaintRow, ComplaintRow.id == RevisionRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .join(UserRow, UserRow.id == RevisionRow.issued_by)
        .where(ComplaintRow.plant_id.in_(seen.plants))
    )
    if seen.customers is not None:
        statement = statement.where(ComplaintRow.customer_id.in_(seen.customers))
    if narrowed.kind is not None:
        statement = statement.where(RevisionRow.kind == narrowed.kind)
    if narrowed.sent is not None:
        sent = sa.select(SendingRow.id).where(SendingRow.revision_id == RevisionRow.id).exists()
        statement = statement.where(sent if narrowed.sent else ~sent)
    for word in narrowed.text.split():
        searched = (ComplaintRow.number, CustomerRow.name, CustomerRow.code)
        statement = statement.where(sa.or_(*(column.icontains(word, autoescape=True) for column in searched)))
    page = take_page(session, statement, (RevisionRow.id,), place, descending=True)
    sendings = _first_sendings(session, [row.id for row in page.lines])
    return page.map(
        lambda row: IssuedReportView(
            id=row.id,
            number=row.number,
            customer=row.name,
            zone=row.zone,
            revision=row.RevisionRow.number,
            kind=row.RevisionRow.kind,
            language=row.RevisionRow.language,
            issued_at=row.RevisionRow.issued_at,
            issued_by=row.issuer,
            content_hash=row.RevisionRow.content_hash,
            sent_at=sendings[row.id].sent_at if row.id in sendings else None,
            recipient=sendings[row.id].recipient if row.id in sendings else "",
            withdrawn_at=row.RevisionRow.withdrawn_at,
        )
    )


def _first_sendings(session: Session, ids: list[int]) -> dict[int, SendingRow]:
    found: dict[int, SendingRow] = {}
    statement = sa.select(SendingRow).where(SendingRow.revision_id.in_(ids)).order_by(SendingRow.sent_at)
    for row in session.execute(statement).scalars():
        if row.revision_id is not None:
            found.setdefault(row.revision_id, row)
    return found
