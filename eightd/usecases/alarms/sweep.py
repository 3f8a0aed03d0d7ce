"""Raise every alarm whose instant has come, each once, also after the program was down (procedure 4: escalation).

The next alarm of each deadline is stored and indexed. A sweep takes those that have come, computes them again and
moves each with a compare-and-swap before anybody is told, all in one transaction per slice: two sweeps, a restart or
a jump of the clock raise nothing twice and leave nothing out. (healthchecks' sendalerts is the model.)
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from eightd.domain.clock.chain import Alarm, AlarmKind
from eightd.domain.clock.due import Deadline
from eightd.domain.errors import OutOfReachError
from eightd.domain.events import EventTag
from eightd.domain.messages import DeliveryState, MessageKind
from eightd.notifications.recipients import Stand, standing_in
from eightd.notifications.tell import Hold, postbox
from eightd.persistence.dialects import upsert
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.repositories.deadlines import Clocks, clocks
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.persistence.tables.messaging import AlarmRow, DeliveryRow
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.roster import Roster
from eightd.usecases.alarms.setting import set_alarm
from eightd.usecases.alarms.tasks import task_alarms
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order
from eightd.usecases.telling import complaint_facts

SLICE = 40
"""How many deadlines one transaction looks at: no other writer waits longer than that takes, well below a second."""

_FEW = 3
"""Up to so many alarms at once leave as messages of their own; more are one message per person."""

_LATE = timedelta(minutes=10)
"""An alarm raised so long after its instant was missed: it leaves together with the others that were."""

_HELD = timedelta(minutes=2)
"""How long a bundle waits for the rest of its sweep, should the sweep not live to let it go."""

_TRY_AGAIN = timedelta(minutes=30)
"""How long a complaint waits that cannot be computed; what it should have raised meanwhile comes then."""

_KINDS = {
    AlarmKind.REMINDER: MessageKind.REMINDER,
    AlarmKind.DUE: MessageKind.DUE,
    AlarmKind.OVERDUE: MessageKind.OVERDUE,
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: alarms raised, and deadlines and actions it looked at."""

    raised: int
    seen: int


def sweep(services: Services, *, until_told: int | None = None) -> Swept:
    """Raise the alarms that have come, the oldest first; ``until_told`` ends the sweep after so many slices.

    The instant is read once, so that a sweep ends. More than a few alarms, and those that were missed while the
    program was down, leave as one message per person when the sweep is through.
    """
    now = services.clock()
    hold = Hold(now + _HELD) if _is_storm(services, now) else None
    raised = seen = slices = 0
    while until_told is None or slices < until_told:
        slices += 1
        with services.uow.writing(system_order(now)) as work:
            slice_seen, slice_raised = _slice(work, hold)
        seen += slice_seen
        raised += slice_raised
        if slice_seen < SLICE:
            break
    while until_told is None or slices < until_told:
        slices += 1
        with services.uow.writing(system_order(now)) as work:
            slice_seen, slice_raised = task_alarms(work, hold, SLICE)
        seen += slice_seen
        raised += slice_raised
        if slice_seen < SLICE:
            break
    with services.uow.writing(system_order(now)) as work:
        raised += _stops(work, hold)
        if hold is not None:
            _let_go(work, hold)
    return Swept(raised, seen)


def _is_storm(services: Services, now: datetime) -> bool:
    """Return whether more alarms have come than anybody should get one by one, or some come late."""
    with services.uow.reading() as session:
        oldest = [
            at
            for column in (DeadlineRow.next_alarm_at, TaskRow.next_alarm_at)
            for at in session.execute(
                sa.select(column).where(column <= now).order_by(column).limit(_FEW + 1)
            ).scalars()
        ]
    return len(oldest) > _FEW or any(at is not None and at < now - _LATE for at in oldest)


def _slice(work: Work, hold: Hold | None) -> tuple[int, int]:
    """Look at the deadlines whose alarms came first; return how many there were, and how many alarms were raised.

    On PostgreSQL a complaint that somebody is writing to is passed over; the next sweep finds it.
    """
    found = work.session.execute(
        sa.select(DeadlineRow, ComplaintRow)
        .join(ComplaintRow, ComplaintRow.id == DeadlineRow.complaint_id)
        .where(DeadlineRow.next_alarm_at <= work.now)
        .order_by(DeadlineRow.next_alarm_at, DeadlineRow.complaint_id, DeadlineRow.position)
        .limit(SLICE)
        .with_for_update(of=ComplaintRow, skip_locked=True)
    ).all()
    computed: dict[int, Clocks | None] = {}
    roster = Roster(work)
    raised = 0
    for kept, row in found:
        if row.id not in computed:
            computed[row.id] = _clocks(work, row)
        raised += _look_at(work, row, kept, computed[row.id], roster, hold)
    return len(found), raised


def _clocks(work: Work, row: ComplaintRow) -> Clocks | None:
    """Compute the complaint's clocks, None where that cannot be done: it must not keep others from their alarms."""
    try:
        return clocks(work.session, row, work.now)
    except (StoreBusyError, DBAPIError):
        raise
    except OutOfReachError as unreachable:
        _log.error("no alarms for %s: %s", row.number, unreachable)
    except Exception:  # noqa: BLE001 - logged whole; whatever it is, it is wrong with this complaint alone
        _log.exception("no alarms for %s", row.number)
    return None


def _look_at(
    work: Work,
    row: ComplaintRow,
    kept: DeadlineRow,
    computed: Clocks | None,
    roster: Roster,
    hold: Hold | None,
) -> int:
    """Compute one deadline again, move its next alarm, and raise those that have come; return how many."""
    seen_at, seen_due_at = kept.next_alarm_at, kept.alarm_due_at
    deadline = next(
        (one for one in computed.deadlines if one.milestone.name == kept.milestone) if computed else iter(()),
        None,
    )
    if computed is None or deadline is None:
        next_at = work.now + _TRY_AGAIN if computed is None else None
        _swap(work, kept, seen_at, next_at, kept.alarm_told_at)
        return 0
    work.session.expunge(kept)  # computed on a copy: the store is changed by the swap alone
    left = set_alarm(kept, deadline, computed, now=work.now, is_open=row.is_open)
    come = [alarm for alarm in left if alarm.at <= work.now]
    next_at = left[len(come)].at if len(come) < len(left) else None
    if not _swap(work, kept, seen_at, next_at, come[-1].at if come else kept.alarm_told_at):
        return 0
    if kept.alarm_due_at != seen_due_at and seen_due_at is not None:
        _log.info("%s %s is due at %s now", row.number, kept.milestone, kept.alarm_due_at)
    today = work.now.astimezone(computed.zone).date()
    due_at = computed.judged_due_at(deadline)
    return sum(
        _raise(work, row, deadline, due_at, alarm, roster.stands(row, deadline, alarm, today), hold)
        for alarm in come
    )


def _swap(
    work: Work,
    kept: DeadlineRow,
    seen_at: datetime | None,
    next_at: datetime | None,
    told_at: datetime | None,
) -> bool:
    """Move the next alarm where nobody has moved it since it was read; return whether that was so."""
    swapped = work.session.execute(
        sa.update(DeadlineRow)
        .where(
            DeadlineRow.complaint_id == kept.complaint_id,
            DeadlineRow.milestone == kept.milestone,
            DeadlineRow.next_alarm_at == seen_at,
        )
        .values(next_alarm_at=next_at, alarm_told_at=told_at, alarm_due_at=kept.alarm_due_at)
        .returning(DeadlineRow.complaint_id)
        .execution_options(synchronize_session=False)
    )
    return swapped.first() is not None


def _raise(
    work: Work,
    row: ComplaintRow,
    deadline: Deadline,
    due_at: datetime | None,
    alarm: Alarm,
    stands: tuple[Stand, ...],
    hold: Hold | None,
) -> int:
    """Tell of one alarm unless it was told already for this due instant; return how many were raised."""
    entry = {
        "complaint_id": row.id,
        "milestone": deadline.milestone.name,
        "due_at": due_at,
        "step": alarm.step,
        "kind": alarm.kind,
        "at": alarm.at,
        "raised_at": work.now,
        "recipients": [stand.user_id for stand in stands],
    }
    insert = upsert(work.session, AlarmRow).values(**entry).on_conflict_do_nothing()
    if work.session.execute(insert.returning(AlarmRow.step)).first() is None:
        return 0
    title = deadline.milestone.title
    facts = replace(
        complaint_facts(work.session, row),
        path=f"/complaints/{row.number}#deadlines",
        milestone=deadline.milestone.name,
        milestone_zh=title.text("zh"),
        milestone_en=title.text("en"),
        due_at=due_at,
        contractual_due_at=deadline.contractual_due_at,
        alarm_at=alarm.at,
        at=work.now,
    )
    told = postbox(work).tell(
        _KINDS[alarm.kind],
        stands,
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
        due_at=due_at,
        duty=True,
        hold=hold,
    )
    work.record(
        EventTag.ALARM_RAISED,
        complaint_id=row.id,
        subject=deadline.milestone.name,
        new={
            "kind": alarm.kind.value,
            "at": alarm.at.isoformat(),
            "due_at": None if due_at is None else due_at.isoformat(),
            "told": list(told),
        },
    )
    return 1


def _stops(work: Work, hold: Hold | None) -> int:
    """Tell of running stops whose agreed end has passed; each agreed end is told once."""
    ended = work.session.execute(
        sa.select(ClockStopRow, ComplaintRow)
        .join(ComplaintRow, ComplaintRow.id == ClockStopRow.complaint_id)
        .where(ClockStopRow.end_alarm_at <= work.now)
        .order_by(ClockStopRow.end_alarm_at)
        .limit(SLICE)
        .with_for_update(of=ClockStopRow, skip_locked=True)
    ).all()
    raised = 0
    for stop, row in ended:
        agreed, stop.end_alarm_at = stop.end_alarm_at, None
        if stop.to_at is not None or not row.is_open:
            continue
        facts = replace(
            complaint_facts(work.session, row),
            path=f"/complaints/{row.number}#deadlines",
            outcome="agreed_end",
            reason=stop.note,
            due_at=agreed,
            at=work.now,
        )
        people = {stop.by} | ({row.cqe_id} if row.cqe_id is not None else set())
        postbox(work).tell(
            MessageKind.STOP_ENDED,
            standing_in(work.session, people, work.now.astimezone(ZoneInfo(facts.zone)).date()),
            facts,
            plant_id=row.plant_id,
            complaint_id=row.id,
            due_at=agreed,
            duty=True,
            hold=hold,
        )
        raised += 1
    return raised


def _let_go(work: Work, hold: Hold) -> None:
    """Let the bundles of this sweep leave now."""
    work.session.execute(
        sa.update(DeliveryRow)
        .where(
            DeliveryRow.state == DeliveryState.WAITING,
            DeliveryRow.is_alarm,
            DeliveryRow.not_before_at > work.now,
            DeliveryRow.not_before_at <= hold.until_at,
            DeliveryRow.attempts == 0,
        )
        .values(not_before_at=work.now)
        .execution_options(synchronize_session=False)
    )
