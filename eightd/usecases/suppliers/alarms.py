"""Reminders and alarms of suppliers' cases: the chain of milestones, raised by the same sweep (procedure 4).

Each of a case's promises has the standard chain's alarms. The supplier is written to where there is a mail server and
a link that holds; the SQE, then the CQE's lead, then the quality manager hear of what is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.chain import Alarm, AlarmKind, alarms, standard_chain
from eightd.domain.suppliers.due import WorkingDays
from eightd.persistence.repositories.supplier_dates import working_days
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierPromiseRow

_CHAIN = standard_chain(hourly=False)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PromiseAlarm:
    """One alarm of one promise."""

    promise: SupplierPromiseRow
    alarm: Alarm


def alarms_of(session: Session, case: SupplierCaseRow, days: WorkingDays) -> list[PromiseAlarm]:
    """Return every alarm of the case's promises that were not kept yet, the earliest first."""
    if not case.is_open:
        return []
    owed = session.execute(
        sa.select(SupplierPromiseRow)
        .where(SupplierPromiseRow.case_id == case.id, SupplierPromiseRow.met_at.is_(None))
        .order_by(SupplierPromiseRow.due_at, SupplierPromiseRow.id)
    ).scalars()
    found = [
        PromiseAlarm(promise, alarm)
        for promise in owed
        for alarm in alarms(
            _CHAIN, promise.due_at, calendar=days.calendar, zone=days.zone, started_at=_LONG_AGO
        )
    ]
    return sorted(found, key=lambda one: (one.alarm.at, one.promise.id, one.alarm.step))


def left_of(case: SupplierCaseRow, found: list[PromiseAlarm]) -> list[PromiseAlarm]:
    """Return the alarms that are still to be raised."""
    told_at = case.alarm_told_at
    return [one for one in found if told_at is None or one.alarm.at > told_at]


def set_alarm(session: Session, complaint: ComplaintRow, case: SupplierCaseRow, *, now: datetime) -> None:
    """Keep when the case's next alarm comes, whenever its dates or its answers have changed.

    Reminders of the time before are left out; of several alarms that should have been heard by now the latest comes.
    """
    found = alarms_of(session, case, working_days(session, complaint))
    missed = [
        one.alarm.at for one in found if one.alarm.at <= now and one.alarm.kind is not AlarmKind.REMINDER
    ]
    if case.alarm_told_at is None or not missed or case.alarm_told_at < missed[-1]:
        case.alarm_told_at = missed[-1] - timedelta(microseconds=1) if missed else now
    left = left_of(case, found)
    case.next_alarm_at = left[0].alarm.at if left else None
