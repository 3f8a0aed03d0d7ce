"""Alarms of the disciplines' actions: the chain of milestones, set with every change and raised by the same sweep.

An action falls due at the plant's close of business. Its reminders, its overdue alarms and those who hear them
are the standard chain's; an action without an owner is its discipline's owner's and the CQE's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.chain import Alarm, AlarmKind, alarms, standard_chain
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.tasks import due_instant
from eightd.notifications.facts import Facts
from eightd.notifications.recipients import Stand
from eightd.notifications.tell import Hold, postbox
from eightd.persistence.dialects import upsert
from eightd.persistence.repositories import rules
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import NOTHING_DUE_AT
from eightd.persistence.tables.messaging import AlarmRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.roster import Roster
from eightd.usecases.telling import complaint_facts

KINDS = {
    AlarmKind.REMINDER: MessageKind.TASK_REMINDER,
    AlarmKind.DUE: MessageKind.TASK_DUE,
    AlarmKind.OVERDUE: MessageKind.TASK_OVERDUE,
}
_CHAIN = standard_chain(hourly=False)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timetable:
    """By what an action's instants are computed: working days, the plant's zone, its close of business."""

    calendar: WorkingCalendar
    zone: ZoneInfo
    close_of_business: time

    def alarms_of(self, task: TaskRow) -> tuple[Alarm, ...]:
        """Return every alarm of the action, the earliest first."""
        return alarms(_CHAIN, task.due_at, calendar=self.calendar, zone=self.zone, started_at=_LONG_AGO)


def timetable_of(session: Session, row: ComplaintRow) -> Timetable:
    """Return by what the actions of a complaint are timed, by the newest calendar."""
    plant = session.get_one(PlantRow, row.plant_id)
    customer = session.get_one(CustomerRow, row.customer_id)
    calendar = rules.calendar_for(session, plant, customer)
    return Timetable(calendar, ZoneInfo(plant.zone), plant.close_of_business)


def set_task_alarm(task: TaskRow, timetable: Timetable, *, now: datetime, silent: bool) -> None:
    """Keep when the action falls due and when its next alarm comes, whenever its day or its state has changed.

    Reminders of the time before are left out, of several alarms that should have been heard by now the latest
    comes. A ``silent`` order takes in what happened long ago: nobody heard those alarms, the first sweep begins
    with the latest.
    """
    due_at = due_instant(task.due_on, timetable.close_of_business, timetable.zone)
    task.due_at = due_at or NOTHING_DUE_AT
    if due_at is None or not task.state.is_owed:
        task.next_alarm_at = None
        return
    found = timetable.alarms_of(task)
    missed = [alarm.at for alarm in found if alarm.at <= now and alarm.kind is not AlarmKind.REMINDER]
    task.alarm_told_at = None if silent else (missed[-1] - timedelta(microseconds=1) if missed else now)
    left = _left(task, found)
    task.next_alarm_at = left[0].at if left else None


def _left(task: TaskRow, found: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    """Return the alarms that are still to be raised."""
    told_at = task.alarm_told_at
    return tuple(alarm for alarm in found if told_at is None or alarm.at > told_at)


def task_alarms(work: Work, hold: Hold | None, limit: int) -> tuple[int, int]:
    """Look at the actions whose alarms came first; return how many there were, and how many alarms were raised.

    On PostgreSQL a complaint that somebody is writing to is passed over; the next sweep finds it.
    """
    found = work.session.execute(
        sa.select(TaskRow, ComplaintRow)
        .join(ComplaintRow, ComplaintRow.id == TaskRow.complaint_id)
        .where(TaskRow.next_alarm_at <= work.now)
        .order_by(TaskRow.next_alarm_at, TaskRow.id)
        .limit(limit)
        .with_for_update(of=ComplaintRow, skip_locked=True)
    ).all()
    timetables: dict[tuple[int, int], Timetable] = {}
    roster = Roster(work)
    raised = 0
    for task, row in found:
        where = (row.plant_id, row.customer_id)
        if where not in timetables:
            timetables[where] = timetable_of(work.session, row)
        raised += _look_at(work, row, task, timetables[where], roster, hold)
    return len(found), raised


def _look_at(
    work: Work, row: ComplaintRow, task: TaskRow, timetable: Timetable, roster: Roster, hold: Hold | None
) -> int:
    """Compute the action's alarms again, move its next one, raise those that have come; return how many."""
    seen_at = task.next_alarm_at
    left = _left(task, timetable.alarms_of(task)) if task.state.is_owed else ()
    come = [alarm for alarm in left if alarm.at <= work.now]
    next_at = left[len(come)].at if len(come) < len(left) else None
    if not _swap(work, task, seen_at, next_at, come[-1].at if come else task.alarm_told_at):
        return 0
    if task.alarm_told_at is None:  # nobody has heard any: the latest says it all
        come = come[-1:]
    today = work.now.astimezone(timetable.zone).date()
    owners = roster.task_owners(row, task)
    return sum(
        _raise(work, row, task, alarm, roster.hearing(row, owners, alarm, today), hold) for alarm in come
    )


def _swap(
    work: Work, task: TaskRow, seen_at: datetime | None, next_at: datetime | None, told_at: datetime | None
) -> bool:
    """Move the next alarm where nobody has moved it since it was read; return whether that was so."""
    swapped = work.session.execute(
        sa.update(TaskRow)
        .where(TaskRow.id == task.id, TaskRow.next_alarm_at == seen_at)
        .values(next_alarm_at=next_at, alarm_told_at=told_at)
        .returning(TaskRow.id)
        .execution_options(synchronize_session=False)
    )
    return swapped.first() is not None


def _raise(
    work: Work,
    row: ComplaintRow,
    task: TaskRow,
    alarm: Alarm,
    stands: tuple[Stand, ...],
    hold: Hold | None,
) -> int:
    """Tell of one alarm unless it was told already for this due instant; return how many were raised."""
    entry = {
        "complaint_id": row.id,
        "milestone": f"task:{task.id}",
        "due_at": task.due_at,
        "step": alarm.step,
        "kind": alarm.kind,
        "at": alarm.at,
        "raised_at": work.now,
        "recipients": [stand.user_id for stand in stands],
    }
    insert = upsert(work.session, AlarmRow).values(**entry).on_conflict_do_nothing()
    if work.session.execute(insert.returning(AlarmRow.step)).first() is None:
        return 0
    facts = replace(task_facts(work.session, row, task), alarm_at=alarm.at, at=work.now)
    told = postbox(work).tell(
        KINDS[alarm.kind],
        stands,
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
        due_at=task.due_at,
        duty=True,
        hold=hold,
    )
    work.record(
        EventTag.ALARM_RAISED,
        complaint_id=row.id,
        subject=task.code.value,
        new={
            "kind": KINDS[alarm.kind].value,
            "task": task.what,
            "at": alarm.at.isoformat(),
            "due_at": task.due_at.isoformat(),
            "told": list(told),
        },
    )
    return 1


def task_facts(session: Session, row: ComplaintRow, task: TaskRow) -> Facts:
    """Return what every message about an action says."""
    return replace(
        complaint_facts(session, row),
        path=f"/complaints/{row.number}/tasks/{task.id}",
        discipline=task.code.value,
        task=task.what,
        due_at=None if task.due_at == NOTHING_DUE_AT else task.due_at,
    )
