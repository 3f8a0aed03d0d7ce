"""The morning's list: what is overdue, due today and waiting on each person's desk (procedure 4: escalation)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.clock.profile import shown_title
from eightd.domain.messages import MessageKind, next_digest
from eightd.domain.tasks import TaskState
from eightd.domain.words import Language, Message
from eightd.notifications.facts import Facts
from eightd.notifications.recipients import Stand
from eightd.notifications.tell import postbox
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DeskRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.messaging import UserMessagingRow
from eightd.persistence.tables.people import PlantRow, UserPlantRow, UserRow
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.tasks import task_facts
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order

MORNING = time(8)
"""When the digest comes to a person who has said nothing else, in the zone of the person's first plant."""

MOST_LINES = 50
_SLICE = 20
_DAY = timedelta(days=1)


def send_digests(services: Services) -> int:
    """Tell everybody whose morning has come what is on the desk; return how many were told.

    A morning that was missed while the program was down is made up for once.
    """
    told = 0
    now = services.clock()
    _introduce(services, now)
    while True:
        with services.uow.writing(system_order(now)) as work:
            rows = work.session.execute(
                sa.select(UserMessagingRow)
                .where(UserMessagingRow.next_digest_at <= now)
                .order_by(UserMessagingRow.next_digest_at)
                .limit(_SLICE)
                .with_for_update(skip_locked=True)
            ).scalars()
            found = list(rows)
            for row in found:
                row.next_digest_at = next_digest(now, row.digest_time or MORNING, ZoneInfo(row.zone))
                told += _tell(work, row)
        if len(found) < _SLICE:
            return told


def _introduce(services: Services, now: datetime) -> None:
    """Give everybody who has said nothing yet the usual morning, in the zone of the first plant."""
    strangers = (
        sa.select(UserRow.id, sa.func.min(UserPlantRow.plant_id))
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .outerjoin(UserMessagingRow, UserMessagingRow.user_id == UserRow.id)
        .where(UserRow.active, UserMessagingRow.user_id.is_(None))
        .group_by(UserRow.id)
        .limit(_SLICE)
    )
    with services.uow.reading() as session:
        if session.execute(strangers).first() is None:
            return
    with services.uow.writing(system_order(now)) as work:
        for user_id, plant_id in work.session.execute(strangers).all():
            zone = work.session.get_one(PlantRow, plant_id).zone
            work.session.add(
                UserMessagingRow(
                    user_id=user_id,
                    zone=zone,
                    digest_time=MORNING,
                    next_digest_at=next_digest(now, MORNING, ZoneInfo(zone)),
                    chat_names={},
                )
            )


def _tell(work: Work, row: UserMessagingRow) -> int:
    """Tell one person what is open on the desk; nobody is told that nothing is."""
    zone = ZoneInfo(row.zone)
    until = datetime.combine(work.now.astimezone(zone).date() + _DAY, time(0), zone)
    judged = sa.case((CustomerRow.accepts_stops, DeadlineRow.due_at), else_=DeadlineRow.contractual_due_at)
    on_desk = sa.select(DeskRow.complaint_id).where(DeskRow.user_id == row.user_id, DeskRow.role == "")
    open_ones = (
        sa.select(DeadlineRow, ComplaintRow, CustomerRow, PartRow.number, PlantRow.zone)
        .join(ComplaintRow, ComplaintRow.id == DeadlineRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .where(
            ComplaintRow.id.in_(on_desk),
            ComplaintRow.is_open,
            DeadlineRow.met_at.is_(None),
            judged < until,
            sa.or_(~DeadlineRow.paused, ~CustomerRow.accepts_stops),
        )
        .order_by(judged, DeadlineRow.complaint_id)
        .limit(MOST_LINES)
    )
    items = [
        Facts(
            path=f"/complaints/{complaint.number}#deadlines",
            zone=plant_zone,
            number=complaint.number,
            customer_zh=customer.name,
            customer_en=customer.name_en or customer.name,
            part=part,
            tier=complaint.tier.value,
            milestone=deadline.milestone,
            milestone_zh=_title(deadline).text(Language.ZH),
            milestone_en=_title(deadline).text(Language.EN),
            due_at=deadline.due_at if customer.accepts_stops else deadline.contractual_due_at,
            contractual_due_at=deadline.contractual_due_at,
            kind=_kind(deadline, customer, work.now).value,
        )
        for deadline, complaint, customer, part, plant_zone in work.session.execute(open_ones).all()
    ]
    items += _tasks(work, row.user_id, until)
    if not items:
        return 0
    plant = work.session.execute(
        sa.select(sa.func.min(UserPlantRow.plant_id)).where(UserPlantRow.user_id == row.user_id)
    ).scalar_one()
    facts = Facts(path="/", zone=row.zone, at=work.now, items=tuple(items), outcome="morning")
    told = postbox(work).tell(
        MessageKind.DIGEST, (Stand(row.user_id, frozenset({row.user_id})),), facts, plant_id=plant
    )
    return len(told)


def _tasks(work: Work, user_id: int, until: datetime) -> list[Facts]:
    """Return the person's own actions that are overdue or due that day."""
    mine = (
        sa.select(TaskRow, ComplaintRow)
        .join(ComplaintRow, ComplaintRow.id == TaskRow.complaint_id)
        .where(TaskRow.owner_id == user_id, TaskRow.state == TaskState.OPEN, TaskRow.due_at < until)
        .order_by(TaskRow.due_at, TaskRow.id)
        .limit(MOST_LINES)
    )
    return [
        replace(
            task_facts(work.session, complaint, task),
            kind=(MessageKind.TASK_OVERDUE if task.due_at < work.now else MessageKind.TASK_DUE).value,
        )
        for task, complaint in work.session.execute(mine).all()
    ]


def _title(deadline: DeadlineRow) -> Message:
    return shown_title(deadline.milestone, deadline.title_en, deadline.title_zh)


def _kind(deadline: DeadlineRow, customer: CustomerRow, now: datetime) -> MessageKind:
    judged = deadline.due_at if customer.accepts_stops else deadline.contractual_due_at
    return MessageKind.OVERDUE if judged is not None and judged < now else MessageKind.DUE
