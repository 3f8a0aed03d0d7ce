"""What one person was told, newest first; of complaints the person may see no more, not even which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see
from eightd.domain.messages import ALARMS, MessageKind
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.facts import Facts, from_document
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.queries.administration.listing import Page, Place, take_page


class Part(StrEnum):
    """Which messages are shown."""

    ALL = "all"
    UNREAD = "unread"
    ALARMS = "alarms"


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message; ``facts`` is None where its complaint is hidden from the reader now."""

    id: int
    kind: MessageKind
    at: datetime
    read: bool
    facts: Facts | None


@dataclass(frozen=True, slots=True)
class InboxView:
    """A page of messages; ``newest`` is the newest message's id when the page was made, 0 of an empty inbox."""

    page: Page[MessageView]
    newest: int


def inbox(session: Session, actor: Actor, part: Part, place: Place) -> InboxView:
    """Return a page of the actor's messages in at most four statements."""
    statement = _statement(actor)
    if part is Part.UNREAD:
        statement = statement.where(MessageRow.read_at.is_(None))
    elif part is Part.ALARMS:
        statement = statement.where(MessageRow.kind.in_(sorted(ALARMS)))
    page = take_page(session, statement, (MessageRow.id,), place, descending=True)
    newest = session.execute(
        sa.select(sa.func.max(MessageRow.id)).where(MessageRow.user_id == actor.id)
    ).scalar_one()
    return InboxView(Page(_views(session, actor, page.lines), page.before, page.after), newest or 0)


def message(session: Session, actor: Actor, message_id: int) -> MessageView | None:
    """Return one of the actor's messages, None for anybody else's."""
    rows = session.execute(_statement(actor).where(MessageRow.id == message_id)).all()
    return next(iter(_views(session, actor, tuple(rows))), None)


def _statement(actor: Actor) -> sa.Select[int, MessageRow, int, int]:
    return (
        sa.select(MessageRow.id.label("id"), MessageRow, ComplaintRow.plant_id, ComplaintRow.customer_id)
        .outerjoin(ComplaintRow, ComplaintRow.id == MessageRow.complaint_id)
        .where(MessageRow.user_id == actor.id)
    )


def _views(
    session: Session, actor: Actor, rows: tuple[sa.Row[int, MessageRow, int, int], ...]
) -> tuple[MessageView, ...]:
    told = {row.id: from_document(row.MessageRow.facts) for row in rows}
    visible = _visible(session, actor, told)
    shown = []
    for row in rows:
        message_row: MessageRow = row.MessageRow
        facts: Facts | None = told[row.id]
        if message_row.complaint_id is not None and not may_see(actor, row.plant_id, row.customer_id):
            facts = None
        elif facts is not None and facts.items:
            kept = tuple(item for item in facts.items if not item.number or visible.get(item.number))
            facts = replace(facts, items=kept)
        shown.append(
            MessageView(row.id, message_row.kind, message_row.at, message_row.read_at is not None, facts)
        )
    return tuple(shown)


def _visible(session: Session, actor: Actor, told: Mapping[int, Facts]) -> Mapping[str, bool]:
    """Return of each complaint that a digest names whether the actor may see it."""
    numbers = {item.number for facts in told.values() for item in facts.items if item.number}
    if not numbers:
        return {}
    found = session.execute(
        sa.select(ComplaintRow.number, ComplaintRow.plant_id, ComplaintRow.customer_id).where(
            ComplaintRow.number.in_(sorted(numbers))
        )
    )
    return {number: may_see(actor, plant_id, customer_id) for number, plant_id, customer_id in found}
