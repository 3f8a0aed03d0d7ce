"""Mailboxes as an administrator keeps them; what they are opened with never leaves the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.correspondence import MailboxRow
from eightd.persistence.tables.people import PlantRow


@dataclass(frozen=True, slots=True)
class MailboxView:
    """A mailbox; ``last_error`` is empty since it could be read again."""

    id: int
    name: str
    plant_id: int
    plant: str
    settings: Mapping[str, Any]
    has_password: bool
    active: bool
    last_read_at: datetime | None
    last_error_at: datetime | None
    last_error: str
    version: int


def mailboxes(session: Session, actor: Actor, language: Language | str) -> tuple[MailboxView, ...]:
    """Return the mailboxes of the actor's plants, by plant and name; they are few."""
    rows = session.execute(
        sa.select(MailboxRow, PlantRow.code)
        .join(PlantRow, PlantRow.id == MailboxRow.plant_id)
        .where(MailboxRow.plant_id.in_(sorted(actor.plants)))
        .order_by(PlantRow.code, MailboxRow.name, MailboxRow.id)
    )
    return tuple(_view(row, code, str(language)) for row, code in rows)


def mailbox(session: Session, actor: Actor, mailbox_id: int, language: Language | str) -> MailboxView | None:
    """Return one mailbox, None for one of a foreign plant."""
    return next((one for one in mailboxes(session, actor, language) if one.id == mailbox_id), None)


def _view(row: MailboxRow, plant: str, language: str) -> MailboxView:
    chinese, _, english = row.last_error.partition("\n")
    return MailboxView(
        id=row.id,
        name=row.name,
        plant_id=row.plant_id,
        plant=plant,
        settings=row.settings,
        has_password=bool(row.secret),
        active=row.active,
        last_read_at=row.last_read_at,
        last_error_at=row.last_error_at,
        last_error=english if language == Language.EN and english else chinese,
        version=row.version,
    )
