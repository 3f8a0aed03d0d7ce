"""When each milestone is due, contractually and as agreed, with its ledger, and how late it is (procedure 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.instants import as_utc
from eightd.domain.clock.ledger import LedgerEntry, explain
from eightd.domain.clock.profile import MilestoneSpec, Profile, StartEvent
from eightd.domain.clock.starts import Waiting, started_or_waiting
from eightd.domain.clock.stops import ClockStop, running_stop
from eightd.domain.clock.ticks import CLOSE_OF_BUSINESS
from eightd.domain.words import Message

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One milestone's clock; instants in UTC, all None while it waits for its start.

    ``contractual_due_at`` knows no stops, ``due_at`` does. ``paused`` says that a stop is running and holds the
    clock: ``due_at`` is then the date if the stop ended now, and will move on.
    """

    milestone: MilestoneSpec
    waiting_for: Message | None
    waiting_since: datetime | None
    started_at: datetime | None
    contractual_due_at: datetime | None
    due_at: datetime | None
    provisional: bool
    paused: bool
    calendar_ref: str
    ledger: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class DeadlineVerdict:
    """Whether the milestone is met, and by how much it is late on each date; zero where it is in time."""

    is_met: bool
    judged_due_at: datetime | None
    late_by: timedelta
    contractual_late_by: timedelta
    agreed_late_by: timedelta

    @property
    def is_late(self) -> bool:
        """Return True when it is late on the date that is judged."""
        return self.late_by > _NONE


def compute(
    profile: Profile,
    starts: Mapping[StartEvent, datetime | None],
    stops: Sequence[ClockStop],
    *,
    calendar: WorkingCalendar,
    close_of_business: time = CLOSE_OF_BUSINESS,
    zone: tzinfo,
    sample_needed: bool | None,
    now: datetime,
) -> tuple[Deadline, ...]:
    """Return each milestone of the profile, in its order, with its dates and their ledger.

    Working days tick at the plant's close of business of each working day after the day the clock started; the
    nth tick is due. A tick inside a stop, its beginning included and its end not, does not count. Calendar days
    tick the same way on every day; clock hours stand still during stops. A running stop lasts until ``now``.
    ``sample_needed`` False lets what waits for a sample start at the receipt; None has not been decided.
    Raises ImplausibleError for naive instants, OutOfReachError where no date is reached within five years.
    """
    now = as_utc(now)
    running = running_stop(stops, now)
    deadlines = []
    for spec in profile.milestones:
        start = started_or_waiting(spec, starts, sample_needed, zone)
        if isinstance(start, Waiting):
            deadlines.append(
                Deadline(spec, start.message, start.since, None, None, None, False, False, calendar.ref, ())
            )
            continue
        explained = explain(
            spec, start, stops, calendar=calendar, close_of_business=close_of_business, zone=zone, now=now
        )
        deadlines.append(
            Deadline(
                milestone=spec,
                waiting_for=None,
                waiting_since=None,
                started_at=start.at,
                contractual_due_at=explained.contractual_due_at,
                due_at=explained.due_at,
                provisional=explained.provisional,
                paused=spec.stoppable and running is not None and running.from_at <= explained.due_at,
                calendar_ref=calendar.ref,
                ledger=explained.ledger,
            )
        )
    return tuple(deadlines)


def verdict(
    deadline: Deadline, *, met_at: datetime | None, now: datetime, accepts_stops: bool
) -> DeadlineVerdict:
    """Judge a milestone: met at ``met_at``, or still open where that is None and then measured at ``now``.

    The due instant itself is in time. Where the customer does not accept stops the contractual date is judged,
    else the agreed one; both latenesses are given. What has not started is never late.
    """
    at = as_utc(now if met_at is None else met_at)
    judged = deadline.due_at if accepts_stops else deadline.contractual_due_at
    return DeadlineVerdict(
        is_met=met_at is not None,
        judged_due_at=judged,
        late_by=_late_by(judged, at),
        contractual_late_by=_late_by(deadline.contractual_due_at, at),
        agreed_late_by=_late_by(deadline.due_at, at),
    )


def _late_by(due_at: datetime | None, at: datetime) -> timedelta:
    return _NONE if due_at is None else max(_NONE, at - due_at)
