"""Mails that were read: the inbox of sales, one mail, its files, and what a registration takes from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import Allowed, PlantSubject, may
from eightd.domain.correspondence import MailKind, MailState
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.files import FileMissingError, FileStore
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import IncomingMailRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.queries.administration.listing import Page, Place, containing, take_page


@dataclass(frozen=True, slots=True)
class MailFilter:
    """What the list is narrowed by; ``state`` None shows every state."""

    state: MailState | None = MailState.OPEN
    text: str = ""


@dataclass(frozen=True, slots=True)
class MailLineView:
    """A mail in the list; ``number`` of the complaint it belongs to, empty for none."""

    id: int
    kind: MailKind
    state: MailState
    from_name: str
    from_address: str
    subject: str
    received_at: datetime
    customer: str
    number: str
    files: int
    hint: str


@dataclass(frozen=True, slots=True)
class MailFileView:
    """A file of a mail; ``note`` says why it is no evidence, empty where it may be."""

    place: int
    filename: str
    media_type: str
    size: int
    note: str
    is_filed: bool


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail with all that is known of it; instants are shown on the clock of ``zone``."""

    id: int
    version: int
    kind: MailKind
    state: MailState
    from_name: str
    from_address: str
    subject: str
    text: str
    quoted: str
    sent_at: datetime | None
    received_at: datetime
    read_at: datetime
    zone: str
    plant_id: int
    customer_code: str
    customer: str
    number: str
    hints: tuple[str, ...]
    files: tuple[MailFileView, ...]
    note: str
    handled_by: str
    handled_at: datetime | None
    sha256: str


@dataclass(frozen=True, slots=True)
class MailContent:
    """Bytes to be saved, and under which name."""

    filename: str
    content: bytes


def mails(
    session: Session, actor: Actor, narrowed: MailFilter, place: Place, language: Language | str
) -> Page[MailLineView]:
    """Return a page of mails, newest first, in two statements at most."""
    m = IncomingMailRow
    statement = (
        sa.select(
            m.id.label("id"), m.kind, m.state, m.from_name, m.from_address, m.subject, m.received_at,
            m.attachments, m.hints, CustomerRow.name, CustomerRow.name_en, ComplaintRow.number,
        )
        .outerjoin(CustomerRow, CustomerRow.id == m.customer_id)
        .outerjoin(ComplaintRow, ComplaintRow.id == m.complaint_id)
        .where(seen_by(actor))
    )  # fmt: skip
    if narrowed.state is not None:
        statement = statement.where(m.state == narrowed.state)
    if narrowed.text:
        statement = statement.where(containing(narrowed.text, m.from_name, m.from_address, m.subject))
    page = take_page(session, statement, (m.id,), place, descending=True)
    return page.map(lambda row: _line(row, str(language)))


def waiting(session: Session, actor: Actor) -> int:
    """Return how many mails wait for the actor, a hundred at most; one look into the index of the inbox."""
    found = sa.select(IncomingMailRow.id).where(seen_by(actor), IncomingMailRow.state == MailState.OPEN)
    return session.execute(sa.select(sa.func.count()).select_from(found.limit(100).subquery())).scalar_one()


def mail(session: Session, actor: Actor, mail_id: int, language: Language | str) -> MailView | None:
    """Return one mail, None where there is none or the actor may not see it."""
    found = session.execute(
        sa.select(
            IncomingMailRow, PlantRow.zone, CustomerRow.code, CustomerRow.name, CustomerRow.name_en,
            ComplaintRow.number, UserRow.name.label("person"),
        )
        .join(PlantRow, PlantRow.id == IncomingMailRow.plant_id)
        .outerjoin(CustomerRow, CustomerRow.id == IncomingMailRow.customer_id)
        .outerjoin(ComplaintRow, ComplaintRow.id == IncomingMailRow.complaint_id)
        .outerjoin(UserRow, UserRow.id == IncomingMailRow.handled_by)
        .where(IncomingMailRow.id == mail_id, seen_by(actor))
    ).one_or_none()  # fmt: skip
    if found is None:
        return None
    row: IncomingMailRow = found[0]
    return MailView(
        id=row.id,
        version=row.version,
        kind=row.kind,
        state=row.state,
        from_name=row.from_name,
        from_address=row.from_address,
        subject=row.subject,
        text=row.text,
        quoted=row.quoted,
        sent_at=row.sent_at,
        received_at=row.received_at,
        read_at=row.read_at,
        zone=found.zone,
        plant_id=row.plant_id,
        customer_code=found.code or "",
        customer=_named(found.name, found.name_en, str(language)),
        number=found.number or "",
        hints=tuple(_said(hint, str(language)) for hint in row.hints),
        files=_files(row, str(language)),
        note=row.note,
        handled_by=found.person or "",
        handled_at=row.handled_at,
        sha256=row.sha256,
    )


def mail_file(
    session: Session, files: FileStore, actor: Actor, mail_id: int, place: int
) -> MailContent | None:
    """Return one file of a mail as it came; None where there is none or the actor may not see the mail."""
    row = _visible(session, actor, mail_id)
    if row is None or not 0 <= place < len(row.attachments):
        return None
    return _content(files, row.attachments[place]["filename"], row.attachments[place]["sha256"])


def raw_mail(session: Session, files: FileStore, actor: Actor, mail_id: int) -> MailContent | None:
    """Return the mail as it came; None where there is none or the actor may not see it."""
    row = _visible(session, actor, mail_id)
    return None if row is None else _content(files, f"mail-{row.id}.eml", row.sha256)


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on mails that exist for the actor: of plants where the actor handles mail.

    Who is limited to some customers sees only mails that are known to be theirs.
    """
    plants = [
        plant
        for plant in sorted(actor.plants)
        if isinstance(may(actor, Action.HANDLE_MAIL, PlantSubject(plant)), Allowed)
    ]
    of_plants = IncomingMailRow.plant_id.in_(plants)
    if actor.customers is None:
        return of_plants
    return sa.and_(of_plants, IncomingMailRow.customer_id.in_(sorted(actor.customers)))


def _visible(session: Session, actor: Actor, mail_id: int) -> IncomingMailRow | None:
    return session.execute(
        sa.select(IncomingMailRow).where(IncomingMailRow.id == mail_id, seen_by(actor))
    ).scalar_one_or_none()


def _content(files: FileStore, filename: str, sha256: str) -> MailContent | None:
    try:
        return MailContent(filename, files.get(sha256))
    except FileMissingError:
        return None


def _line(row: Any, language: str) -> MailLineView:
    return MailLineView(
        id=row.id,
        kind=row.kind,
        state=row.state,
        from_name=row.from_name,
        from_address=row.from_address,
        subject=row.subject,
        received_at=row.received_at,
        customer=_named(row.name, row.name_en, language),
        number=row.number or "",
        files=len(row.attachments),
        hint=_said(row.hints[0], language) if row.hints else "",
    )


def _files(row: IncomingMailRow, language: str) -> tuple[MailFileView, ...]:
    return tuple(
        MailFileView(
            place=place,
            filename=one["filename"],
            media_type=one["media_type"],
            size=one["size"],
            note=_said(one["note"], language).removeprefix(f"{one['filename']}: ") if one.get("note") else "",
            is_filed=bool(one.get("evidence_id")),
        )
        for place, one in enumerate(row.attachments)
    )


def _named(name: str | None, name_en: str | None, language: str) -> str:
    return (name_en or name or "") if language == Language.EN else (name or "")


def _said(both: Mapping[str, str], language: str) -> str:
    return " ".join((both.get(language) or both.get("zh", "")).split())
