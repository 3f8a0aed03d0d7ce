"""What falls due on one person's desk, for the person's own calendar; rights are looked up at every fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.clock.profile import shown_title
from eightd.domain.words import Language, Message
from eightd.persistence.audit import chain_of
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DeskRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.messaging import UserMessagingRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditHeadRow, AuditRow
from eightd.queries.people import actor_of

MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class DueView:
    """One milestone that is open and can fall due.

    ``sequence`` and ``changed_at`` are those of the newest entry in the complaint's record, where whatever moves a
    date is written; the customer's version counts as well, for which date is judged is a matter of the customer.
    """

    complaint_id: int
    number: str
    milestone: str
    title: Message
    customer: str
    customer_en: str
    part: str
    due_at: datetime
    provisional: bool
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FeedView:
    """A person's calendar."""

    name: str
    language: Language
    events: tuple[DueView, ...]


def feed(session: Session, user_id: int, epoch: int, now: datetime) -> FeedView | None:
    """Return what is due on a person's desk in four statements; None where this address is not the person's (now).

    Left out are milestones that were met, wait for their start, or are held by a stop that the customer accepts:
    their dates would move with every day. What the person may not see (any more) is not there.
    """
    if epoch < 1:
        return None
    person = session.execute(
        sa.select(UserRow.name, UserRow.language)
        .join(UserMessagingRow, UserMessagingRow.user_id == UserRow.id)
        .where(UserRow.id == user_id, UserRow.active, UserMessagingRow.feed_epoch == epoch)
    ).one_or_none()
    if person is None:
        return None
    seen = scope(actor_of(session, user_id, now.date()))
    judged = sa.case((CustomerRow.accepts_stops, DeadlineRow.due_at), else_=DeadlineRow.contractual_due_at)
    statement = (
        sa.select(
            ComplaintRow.id,
            ComplaintRow.number,
            DeadlineRow,
            CustomerRow.name.label("customer"),
            CustomerRow.name_en.label("customer_en"),
            CustomerRow.version.label("customer_version"),
            PartRow.number.label("part"),
            judged.label("judged_due_at"),
        )
        .select_from(DeskRow)
        .join(ComplaintRow, ComplaintRow.id == DeskRow.complaint_id)
        .join(DeadlineRow, DeadlineRow.complaint_id == ComplaintRow.id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .where(
            DeskRow.user_id == user_id,
            DeskRow.role == "",
            ComplaintRow.is_open,
            ComplaintRow.plant_id.in_(seen.plants),
            DeadlineRow.met_at.is_(None),
            judged.is_not(None),
            sa.or_(~DeadlineRow.paused, ~CustomerRow.accepts_stops),
        )
        .order_by(judged, ComplaintRow.id, DeadlineRow.position)
        .limit(MOST_EVENTS)
    )
    if seen.customers is not None:
        statement = statement.where(ComplaintRow.customer_id.in_(seen.customers))
    rows = session.execute(statement).all()
    changes = _changes(session, sorted({row.id for row in rows}))
    events = []
    for row in rows:
        deadline: DeadlineRow = row.DeadlineRow
        sequence, changed_at = changes[chain_of(row.id)]
        events.append(
            DueView(
                complaint_id=row.id,
                number=row.number,
                milestone=deadline.milestone,
                title=shown_title(deadline.milestone, deadline.title_en, deadline.title_zh),
                customer=row.customer,
                customer_en=row.customer_en or row.customer,
                part=row.part,
                due_at=row.judged_due_at,
                provisional=deadline.provisional,
                sequence=sequence + row.customer_version,
                changed_at=changed_at,
            )
        )
    return FeedView(person.name, person.language, tuple(events))


def _changes(session: Session, complaint_ids: list[int]) -> dict[str, tuple[int, datetime]]:
    """Return the number and the instant of the newest entry of each complaint's record."""
    if not complaint_ids:
        return {}
    found = session.execute(
        sa.select(AuditHeadRow.chain, AuditHeadRow.sequence, AuditRow.at)
        .join(
            AuditRow,
            sa.and_(AuditRow.chain == AuditHeadRow.chain, AuditRow.sequence == AuditHeadRow.sequence),
        )
        .where(AuditHeadRow.chain.in_([chain_of(one) for one in complaint_ids]))
    )
    return {chain: (sequence, at) for chain, sequence, at in found}
