"""Set a deadline's next alarm whenever its dates may have moved (procedure 4: escalation)."""

from __future__ import annotations

from datetime import datetime

from eightd.domain.clock.chain import Alarm, alarms
from eightd.domain.clock.due import Deadline
from eightd.persistence.repositories.deadlines import Clocks
from eightd.persistence.tables.deadline import DeadlineRow


def alarms_of(deadline: Deadline, clocks: Clocks, due_at: datetime) -> tuple[Alarm, ...]:
    """Return every alarm of a running milestone for the due instant that is judged."""
    return alarms(
        deadline.milestone.alarm_chain,
        due_at,
        calendar=clocks.calendar,
        zone=clocks.zone,
        started_at=deadline.started_at or due_at,
    )


def set_alarm(
    kept: DeadlineRow, deadline: Deadline, clocks: Clocks, *, now: datetime, is_open: bool
) -> tuple[Alarm, ...]:
    """Keep the instant of the next alarm, None while nothing can fall due; return all alarms of the due instant.

    A due instant that is new begins its alarms anew, with the latest that should have been heard by now: whoever
    hears that a milestone is overdue need not be reminded that it will be.
    """
    judged = clocks.judged_due_at(deadline)
    if not is_open or kept.met_at is not None or judged is None or clocks.is_held(deadline):
        kept.next_alarm_at = None
        return ()
    found = alarms_of(deadline, clocks, judged)
    if kept.alarm_due_at != judged:
        kept.alarm_due_at, kept.alarm_step = judged, _first_step(found, now)
    kept.next_alarm_at = found[kept.alarm_step].at if kept.alarm_step < len(found) else None
    return found


def _first_step(found: tuple[Alarm, ...], now: datetime) -> int:
    return max((alarm.step for alarm in found if alarm.at <= now), default=0)
