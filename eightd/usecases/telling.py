"""Tells those concerned what a verb has done: a table from events to messages and their recipients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode, Role
from eightd.domain.events import Event, EventTag
from eightd.domain.messages import MessageKind
from eightd.notifications.facts import Facts
from eightd.notifications.recipients import holders_of, standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow, DefectLineRow
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Telling:
    """One message: its kind, who is told, and what the facts say beside the complaint's own."""

    kind: MessageKind
    to: Callable[[Session, ComplaintRow, Event], Iterable[int | None]]
    outcome: str = ""


def _cqe(_session: Session, row: ComplaintRow, _event: Event) -> Iterable[int | None]:
    return (row.cqe_id,)


def sales_of(session: Session, row: ComplaintRow) -> set[int]:
    """Return who speaks with the customer: whoever was given the role, else who registered the complaint."""
    assigned = session.execute(
        sa.select(AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == row.id,
            AssignmentRow.role == Role.SALES,
            AssignmentRow.until_at.is_(None),
        )
    ).scalars()
    return set(assigned) or {row.registered_by}


def _sales(session: Session, row: ComplaintRow, _event: Event) -> Iterable[int | None]:
    return sales_of(session, row)


def _cqe_and_sales(session: Session, row: ComplaintRow, _event: Event) -> Iterable[int | None]:
    return {row.cqe_id} | sales_of(session, row)


def _quality_managers(session: Session, row: ComplaintRow, _event: Event) -> Iterable[int | None]:
    return holders_of(session, Role.QUALITY_MANAGER, row.plant_id, row.customer_id)


def _everybody_answerable(session: Session, row: ComplaintRow, event: Event) -> Iterable[int | None]:
    return set(_cqe_and_sales(session, row, event)) | set(_quality_managers(session, row, event))


def _team(session: Session, row: ComplaintRow, _event: Event) -> Iterable[int | None]:
    return session.execute(
        sa.select(AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == row.id, AssignmentRow.until_at.is_(None)
        )
    ).scalars()


def _authors(session: Session, row: ComplaintRow, event: Event) -> Iterable[int | None]:
    """Return the owner of the event's discipline and who submitted it last."""
    if event.discipline is None:
        return ()
    owner = session.get_one(DisciplineRow, (row.id, event.discipline)).owner_id
    author = session.execute(
        sa.select(SubmissionRow.by)
        .where(SubmissionRow.complaint_id == row.id, SubmissionRow.code == event.discipline)
        .order_by(SubmissionRow.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    return (owner, author)


TELLINGS: Mapping[EventTag, Telling] = {
    EventTag.CONFIRMED_NOT_OURS: Telling(MessageKind.APPROVAL_WANTED, _quality_managers),
    EventTag.EXPLANATION_WRITTEN: Telling(MessageKind.APPROVAL_WANTED, _quality_managers),
    EventTag.NOT_OURS_RETURNED: Telling(MessageKind.RETURNED, _cqe, "not_ours"),
    EventTag.NOT_OURS_APPROVED: Telling(MessageKind.REPORT_ISSUED, _sales, "not_ours"),
    EventTag.SAMPLE_RECEIVED: Telling(MessageKind.SAMPLE_RECEIVED, _team),
    EventTag.CLOCK_RESUMED: Telling(MessageKind.STOP_ENDED, _cqe_and_sales, "resumed"),
    EventTag.INITIAL_REPORT_ISSUED: Telling(MessageKind.REPORT_ISSUED, _sales, "initial"),
    EventTag.PRELIMINARY_REPORT_ISSUED: Telling(MessageKind.REPORT_ISSUED, _sales, "preliminary"),
    EventTag.FINAL_REPORT_ISSUED: Telling(MessageKind.REPORT_ISSUED, _sales, "final"),
    EventTag.REPORT_WITHDRAWN: Telling(MessageKind.REPORT_ISSUED, _cqe_and_sales, "withdrawn"),
    EventTag.INITIAL_REPLY_SENT: Telling(MessageKind.REPLY_SENT, _cqe_and_sales, "initial"),
    EventTag.PRELIMINARY_SENT: Telling(MessageKind.REPLY_SENT, _cqe_and_sales, "preliminary"),
    EventTag.FINAL_REPORT_SENT: Telling(MessageKind.REPLY_SENT, _cqe_and_sales, "final"),
    EventTag.NOT_OURS_REPLIED: Telling(MessageKind.REPLY_SENT, _cqe_and_sales, "not_ours"),
    EventTag.VERDICT_ACCEPTED: Telling(MessageKind.VERDICT, _everybody_answerable, "accepted"),
    EventTag.VERDICT_REJECTED: Telling(MessageKind.VERDICT, _everybody_answerable, "rejected"),
    EventTag.DISCIPLINE_SUBMITTED: Telling(MessageKind.SUBMITTED, _cqe),
    EventTag.DISCIPLINE_RETURNED: Telling(MessageKind.RETURNED, _authors),
    EventTag.DISCIPLINE_REOPENED: Telling(MessageKind.RETURNED, _authors),
    EventTag.DISCIPLINE_ACCEPTED: Telling(MessageKind.ACCEPTED, _authors),
}
"""What each event makes known to whom; an event that is not listed tells nobody. Nobody is told the own deeds."""


def tell_of(work: Work, row: ComplaintRow, events: Iterable[Event]) -> None:
    """Tell those concerned of each event, but not whoever caused it."""
    for event in events:
        telling = TELLINGS.get(event.tag)
        if telling is None:
            continue
        people = {one for one in telling.to(work.session, row, event) if one is not None}
        tell_people(
            work,
            row,
            telling.kind,
            people,
            outcome=telling.outcome,
            reason=event.reason,
            discipline=event.discipline,
        )


def tell_registered(work: Work, row: ComplaintRow, holders: Mapping[Role, int]) -> None:
    """Tell the CQE of a new complaint, and the others what they were given."""
    postbox(work).expect(holders.values(), row.plant_id)
    if row.cqe_id is not None:
        tell_people(work, row, MessageKind.REGISTERED, {row.cqe_id}, role=Role.CQE)
    for role, user_id in holders.items():
        if role is not Role.CQE:
            tell_people(work, row, MessageKind.ASSIGNED, {user_id}, role=role)


def tell_people(
    work: Work,
    row: ComplaintRow,
    kind: MessageKind,
    people: Iterable[int],
    *,
    role: Role | None = None,
    discipline: DisciplineCode | None = None,
    outcome: str = "",
    reason: str = "",
) -> None:
    """Tell people something about a complaint by the order's actor, who is not told; deputies stand in."""
    others = set(people) - {work.actor.id}
    if not others or work.order.silent:
        return
    facts = replace(
        complaint_facts(work.session, row),
        role=role.value if role else "",
        discipline=discipline.value if discipline else "",
        by=work.order.actor_name,
        at=work.now,
        outcome=outcome,
        reason=reason,
    )
    today = work.now.astimezone(ZoneInfo(facts.zone)).date()
    postbox(work).tell(
        kind,
        standing_in(work.session, others, today),
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
    )


def complaint_facts(session: Session, row: ComplaintRow) -> Facts:
    """Return what every message about the complaint says: number, customer, part, worst phenomenon, tier."""
    known: dict[int, Facts] = session.info.setdefault(complaint_facts, {})
    if row.id not in known:
        customer = session.get_one(CustomerRow, row.customer_id)
        worst = session.execute(
            sa.select(DefectLineRow.phenomenon, DefectLineRow.phenomenon_en)
            .where(DefectLineRow.complaint_id == row.id)
            .order_by(DefectLineRow.quantity.desc(), DefectLineRow.position)
            .limit(1)
        ).first()
        known[row.id] = Facts(
            path=f"/complaints/{row.number}",
            zone=session.get_one(PlantRow, row.plant_id).zone,
            number=row.number,
            customer_zh=customer.name,
            customer_en=customer.name_en or customer.name,
            part=session.get_one(PartRow, row.part_id).number,
            phenomenon_zh=worst.phenomenon if worst else "",
            phenomenon_en=(worst.phenomenon_en or worst.phenomenon) if worst else "",
        )
    return replace(known[row.id], tier=row.tier.value)
