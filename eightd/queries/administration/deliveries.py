"""The outbox as an administrator looks after it: what waits, what left lately, what was given up and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see
from eightd.domain.correspondence import OutsidePurpose, ReplyKind
from eightd.domain.messages import DeliveryState, MessageKind
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.facts import Facts, from_document
from eightd.persistence.repositories.deliveries import kept_in
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import (
    DeliveryMessageRow,
    DeliveryRow,
    MessageRow,
    OutsideMailRow,
    RelayRow,
)
from eightd.persistence.tables.people import UserRow
from eightd.queries.administration.listing import Page, Place, take_page


class Shown(StrEnum):
    """Which deliveries are shown."""

    DEAD = "dead"
    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"

    @property
    def states(self) -> tuple[DeliveryState, ...]:
        """Return the states that count as this; what is being sent is still waiting to have left."""
        if self is Shown.WAITING:
            return (DeliveryState.WAITING, DeliveryState.LEASED)
        return (DeliveryState(self.value),)


@dataclass(frozen=True, slots=True)
class SaidView:
    """What a delivery says. ``facts`` and ``subject`` only where the reader may see the complaint."""

    number: str
    kind: MessageKind | None
    reply: ReplyKind | None
    subject: str
    facts: Facts | None
    outside: OutsidePurpose | None = None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery; ``said`` holds one entry for each message that leaves with it, ``fault`` the newest failure."""

    id: int
    relay: str
    state: DeliveryState
    address: str
    person: str
    said: tuple[SaidView, ...]
    made_at: datetime
    not_before_at: datetime
    sent_at: datetime | None
    attempts: int
    fault: str
    is_alarm: bool
    message_uid: str


def deliveries(
    session: Session, actor: Actor, shown: Shown, place: Place, *, relay_id: int | None = None
) -> Page[DeliveryView]:
    """Return a page of deliveries, the newest first, in at most five statements."""
    statement = (
        sa.select(DeliveryRow.id.label("id"), DeliveryRow, RelayRow.name, UserRow.name.label("person"))
        .join(RelayRow, RelayRow.id == DeliveryRow.relay_id)
        .outerjoin(UserRow, UserRow.id == DeliveryRow.user_id)
        .where(DeliveryRow.state.in_(shown.states), kept_in(actor.plants))
    )
    if relay_id is not None:
        statement = statement.where(DeliveryRow.relay_id == relay_id)
    page = take_page(session, statement, (DeliveryRow.id,), place, descending=True)
    rows: list[DeliveryRow] = [found.DeliveryRow for found in page.lines]
    told = _messages(session, actor, [row.id for row in rows])
    replies = _replies(session, actor, [row.reply_id for row in rows if row.reply_id is not None])
    outside = _outside(
        session, actor, [row.outside_mail_id for row in rows if row.outside_mail_id is not None]
    )

    def written(row: DeliveryRow) -> SaidView | None:
        return replies.get(row.reply_id or 0) or outside.get(row.outside_mail_id or 0)

    return page.map(
        lambda found: _view(
            found.DeliveryRow, found.name, found.person or "", told, written(found.DeliveryRow)
        )
    )


def _view(
    row: DeliveryRow,
    relay: str,
    person: str,
    told: Mapping[int, list[SaidView]],
    written: SaidView | None,
) -> DeliveryView:
    said = told.get(row.id, []) if written is None else [written]
    return DeliveryView(
        id=row.id,
        relay=relay,
        state=row.state,
        address=row.address,
        person=person,
        said=tuple(said),
        made_at=row.made_at,
        not_before_at=row.not_before_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        fault=row.last_error,
        is_alarm=row.is_alarm,
        message_uid=row.message_uid,
    )


def _messages(session: Session, actor: Actor, ids: list[int]) -> dict[int, list[SaidView]]:
    if not ids:
        return {}
    found: dict[int, list[SaidView]] = {}
    for delivery_id, kind, facts, number, plant_id, customer_id in session.execute(
        sa.select(
            DeliveryMessageRow.delivery_id,
            MessageRow.kind,
            MessageRow.facts,
            ComplaintRow.number,
            ComplaintRow.plant_id,
            ComplaintRow.customer_id,
        )
        .join(MessageRow, MessageRow.id == DeliveryMessageRow.message_id)
        .outerjoin(ComplaintRow, ComplaintRow.id == MessageRow.complaint_id)
        .where(DeliveryMessageRow.delivery_id.in_(ids))
        .order_by(MessageRow.id)
    ):
        visible = number is not None and may_see(actor, plant_id, customer_id)
        found.setdefault(delivery_id, []).append(
            SaidView(number or "", kind, None, "", from_document(facts) if visible else None)
        )
    return found


def _replies(session: Session, actor: Actor, ids: list[int]) -> dict[int, SaidView]:
    if not ids:
        return {}
    return {
        reply_id: SaidView(number, None, kind, subject if may_see(actor, plant_id, customer_id) else "", None)
        for reply_id, kind, subject, number, plant_id, customer_id in session.execute(
            sa.select(
                ReplyRow.id,
                ReplyRow.kind,
                ReplyRow.subject,
                ComplaintRow.number,
                ComplaintRow.plant_id,
                ComplaintRow.customer_id,
            )
            .join(ComplaintRow, ComplaintRow.id == ReplyRow.complaint_id)
            .where(ReplyRow.id.in_(ids))
        )
    }


def _outside(session: Session, actor: Actor, ids: list[int]) -> dict[int, SaidView]:
    if not ids:
        return {}
    return {
        mail_id: SaidView(
            number, None, None, subject if may_see(actor, plant_id, customer_id) else "", None, purpose
        )
        for mail_id, purpose, subject, number, plant_id, customer_id in session.execute(
            sa.select(
                OutsideMailRow.id,
                OutsideMailRow.purpose,
                OutsideMailRow.subject,
                ComplaintRow.number,
                ComplaintRow.plant_id,
                ComplaintRow.customer_id,
            )
            .join(ComplaintRow, ComplaintRow.id == OutsideMailRow.complaint_id)
            .where(OutsideMailRow.id.in_(ids))
        )
    }
