"""Remind suppliers and tell our own people of what they owe: each alarm once, also after the program was down.

The next alarm of each case is stored and indexed; the sweep computes it again and moves it with a compare-and-swap
before anybody is written to, all in one transaction per slice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from eightd.domain.clock.chain import AlarmKind
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.suppliers.due import MILESTONE_LABELS, SupplierMilestone
from eightd.notifications.tell import postbox
from eightd.persistence.dialects import upsert
from eightd.persistence.repositories.supplier_dates import working_days
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.messaging import AlarmRow
from eightd.persistence.tables.suppliers import SupplierCaseRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.roster import Roster
from eightd.usecases.services import Services
from eightd.usecases.suppliers.alarms import PromiseAlarm, alarms_of, left_of
from eightd.usecases.suppliers.course import case_facts, people_of
from eightd.usecases.suppliers.letters import write
from eightd.usecases.suppliers.wording import Letter
from eightd.usecases.system_actor import system_order

SLICE = 20
"""How many cases one transaction looks at."""

_LETTERS = {
    AlarmKind.REMINDER: Letter.REMINDER,
    AlarmKind.DUE: Letter.DUE,
    AlarmKind.OVERDUE: Letter.OVERDUE,
}
_KINDS = {
    AlarmKind.DUE: MessageKind.SUPPLIER_DUE,
    AlarmKind.OVERDUE: MessageKind.SUPPLIER_OVERDUE,
}


def is_anybody_to_remind(services: Services) -> bool:
    """Return whether the alarm of any case has come."""
    with services.uow.reading() as session:
        come = sa.select(SupplierCaseRow.id).where(SupplierCaseRow.next_alarm_at <= services.clock())
        return session.execute(come.limit(1)).first() is not None


def remind_suppliers(services: Services) -> int:
    """Raise the alarms of suppliers' cases that have come, the oldest first; return how many were raised."""
    now = services.clock()
    raised = 0
    while True:
        with services.uow.writing(system_order(now)) as work:
            seen, some = _slice(work)
        raised += some
        if seen < SLICE:
            return raised


def _slice(work: Work) -> tuple[int, int]:
    """Look at the cases whose alarms came first; on PostgreSQL complaints being written to are passed over."""
    found = work.session.execute(
        sa.select(SupplierCaseRow, ComplaintRow)
        .join(ComplaintRow, ComplaintRow.id == SupplierCaseRow.complaint_id)
        .where(SupplierCaseRow.next_alarm_at <= work.now)
        .order_by(SupplierCaseRow.next_alarm_at, SupplierCaseRow.id)
        .limit(SLICE)
        .with_for_update(of=ComplaintRow, skip_locked=True)
    ).all()
    roster = Roster(work)
    return len(found), sum(_look_at(work, complaint, case, roster) for case, complaint in found)


def _look_at(work: Work, complaint: ComplaintRow, case: SupplierCaseRow, roster: Roster) -> int:
    """Compute the case's alarms again, move its next one, raise those that have come; return how many.

    Of several that have come for one promise the latest says it all.
    """
    seen_at = case.next_alarm_at
    days = working_days(work.session, complaint)
    left = left_of(case, alarms_of(work.session, case, days))
    come = [one for one in left if one.alarm.at <= work.now]
    next_at = left[len(come)].alarm.at if len(come) < len(left) else None
    told_at = come[-1].alarm.at if come else case.alarm_told_at
    if not _swap(work, case, seen_at, next_at, told_at):
        return 0
    latest = {one.promise.id: one for one in come}
    today = work.now.astimezone(days.zone).date()
    people = people_of(work, complaint, case)
    return sum(_raise(work, complaint, case, one, roster, people, today) for one in latest.values())


def _swap(
    work: Work,
    case: SupplierCaseRow,
    seen_at: datetime | None,
    next_at: datetime | None,
    told_at: datetime | None,
) -> bool:
    """Move the next alarm where nobody has moved it since it was read; return whether that was so."""
    swapped = work.session.execute(
        sa.update(SupplierCaseRow)
        .where(SupplierCaseRow.id == case.id, SupplierCaseRow.next_alarm_at == seen_at)
        .values(next_alarm_at=next_at, alarm_told_at=told_at)
        .returning(SupplierCaseRow.id)
        .execution_options(synchronize_session=False)
    )
    return swapped.first() is not None


def _raise(
    work: Work,
    complaint: ComplaintRow,
    case: SupplierCaseRow,
    one: PromiseAlarm,
    roster: Roster,
    people: frozenset[int],
    today: date,
) -> int:
    """Write to the supplier and tell our own people, unless this alarm was raised before; return how many were."""
    alarm, promise = one.alarm, one.promise
    stands = roster.hearing(complaint, people, alarm, today)
    entry = {
        "complaint_id": complaint.id,
        "milestone": f"supplier:{promise.id}",
        "due_at": promise.due_at,
        "step": alarm.step,
        "kind": alarm.kind,
        "at": alarm.at,
        "raised_at": work.now,
        "recipients": [stand.user_id for stand in stands],
    }
    insert = upsert(work.session, AlarmRow).values(**entry).on_conflict_do_nothing()
    if work.session.execute(insert.returning(AlarmRow.step)).first() is None:
        return 0
    what = MILESTONE_LABELS[SupplierMilestone(promise.milestone)].say().text(case.language)
    written = write(work, complaint, case, _LETTERS[alarm.kind], due_at=promise.due_at, what=what)
    told: tuple[int, ...] = ()
    if alarm.kind is not AlarmKind.REMINDER or not written:
        told = postbox(work).tell(
            _KINDS.get(alarm.kind, MessageKind.SUPPLIER_DUE),
            stands,
            replace(case_facts(work, complaint, case), due_at=promise.due_at, alarm_at=alarm.at),
            plant_id=complaint.plant_id,
            complaint_id=complaint.id,
            due_at=promise.due_at,
            duty=True,
        )
    work.record(
        EventTag.ALARM_RAISED,
        complaint_id=complaint.id,
        subject=case.number,
        new={
            "kind": _KINDS.get(alarm.kind, MessageKind.SUPPLIER_DUE).value,
            "at": alarm.at.isoformat(),
            "due_at": promise.due_at.isoformat(),
            "told": list(told),
            "supplier_written_to": written,
        },
    )
    return 1
