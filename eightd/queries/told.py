"""Who was told what about a complaint, by which way, whether it arrived and whether it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.facts import Facts, from_document
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.messaging import DeliveryMessageRow, DeliveryRow, MessageRow, RelayRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.queries.administration.listing import Page, Place, take_page


@dataclass(frozen=True, slots=True)
class WayView:
    """One way a message went: through which relay, and what became of it."""

    relay: RelayKind
    state: DeliveryState
    sent_at: datetime | None
    not_before_at: datetime
    attempts: int
    fault: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """One message to one person; ``read_at`` None means that it is unread in the inbox."""

    at: datetime
    kind: MessageKind
    facts: Facts
    person: str
    read_at: datetime | None
    ways: tuple[WayView, ...]


@dataclass(frozen=True, slots=True)
class ToldPage:
    """A page of messages about one complaint, the newest first."""

    number: str
    zone: str
    page: Page[ToldView]


def told(session: Session, actor: Actor, number: str, place: Place) -> ToldPage | None:
    """Return who was told what, None for a complaint that is hidden; at most four statements."""
    found = session.execute(
        sa.select(ComplaintRow.id, ComplaintRow.plant_id, ComplaintRow.customer_id, PlantRow.zone)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .where(ComplaintRow.number == number)
    ).one_or_none()
    if found is None or not may_see(actor, found.plant_id, found.customer_id):
        return None
    statement = (
        sa.select(MessageRow.id.label("id"), MessageRow, UserRow.name.label("person"))
        .join(UserRow, UserRow.id == MessageRow.user_id)
        .where(MessageRow.complaint_id == found.id)
    )
    page = take_page(session, statement, (MessageRow.id,), place, descending=True)
    ways = _ways(session, tuple(line.id for line in page.lines))
    return ToldPage(
        number=number,
        zone=found.zone,
        page=page.map(
            lambda line: ToldView(
                at=line.MessageRow.at,
                kind=line.MessageRow.kind,
                facts=from_document(line.MessageRow.facts),
                person=line.person,
                read_at=line.MessageRow.read_at,
                ways=ways.get(line.id, ()),
            )
        ),
    )


def _ways(session: Session, message_ids: tuple[int, ...]) -> dict[int, tuple[WayView, ...]]:
    found = session.execute(
        sa.select(DeliveryMessageRow.message_id, DeliveryRow, RelayRow.kind)
        .join(DeliveryRow, DeliveryRow.id == DeliveryMessageRow.delivery_id)
        .join(RelayRow, RelayRow.id == DeliveryRow.relay_id)
        .where(DeliveryMessageRow.message_id.in_(message_ids))
        .order_by(DeliveryRow.id)
    ).all()
    ways: dict[int, tuple[WayView, ...]] = {}
    for message_id, delivery, kind in found:
        view = WayView(
            relay=kind,
            state=delivery.state,
            sent_at=delivery.sent_at,
            not_before_at=delivery.not_before_at,
            attempts=delivery.attempts,
            fault=delivery.last_error,
        )
        ways[message_id] = (*ways.get(message_id, ()), view)
    return ways
