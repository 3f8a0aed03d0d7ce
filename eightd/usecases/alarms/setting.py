"""Set a deadline's next alarm whenever its dates may have moved (procedure 4: escalation)."""

from __future__ import annotations

from datetime import datetime

from eightd.domain.clock.chain import Alarm, alarms
from eightd.domain.clock.due import Deadline
from eightd.persistence.repositories.deadlines import Clocks
from eightd.persistence.tables.deadline import DeadlineRow


def set_alarm(
    kept: DeadlineRow, deadline: Deadline, clocks: Clocks, *, now: datetime, is_open: bool
) -> tuple[Alarm, ...]:
    """Keep the instant of the next alarm, None while nothing can fall due; return the alarms still to be raised.

    A due instant that is new begins its alarms anew, with the latest that should have been heard by now: whoever
    hears that a milestone is overdue need not be reminded that it will be. Otherwise those go on that lie after
    the last one raised, by whichever chain the complaint goes now.
    """
    judged = clocks.judged_due_at(deadline)
    if not is_open or kept.met_at is not None or judged is None or clocks.is_held(deadline):
        kept.next_alarm_at = None
        return ()
    found = alarms(
        deadline.milestone.alarm_chain,
        judged,
        calendar=clocks.calendar,
        zone=clocks.zone,
        started_at=deadline.started_at or judged,
    )
    if kept.alarm_due_at != judged:
        kept.alarm_due_at, kept.alarm_told_at = judged, _passed_over(found, now)
    told_at = kept.alarm_told_at
    left = tuple(alarm for alarm in found if told_at is None or alarm.at > told_at)
    kept.next_alarm_at = left[0].at if left else None
    return left


def _passed_over(found: tuple[Alarm, ...], now: datetime) -> datetime | None:
    """Return the instant of the last alarm that need not be raised any more, None where there is none."""
    past = [alarm.at for alarm in found if alarm.at <= now]
    return past[-2] if len(past) > 1 else None
