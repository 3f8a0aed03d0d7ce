"""Deadlines of one complaint as people read them: both dates, lateness, and the stops (procedure 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock import due
from eightd.domain.clock.due import Deadline
from eightd.domain.clock.profile import MilestoneSpec, StartEvent, Unit
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.domain.words import Message
from eightd.persistence.repositories import rules
from eightd.persistence.repositories.deadlines import implied_stops, start_instants
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.queries.case import Case

SOON = timedelta(hours=24)
"""An open deadline closer than this is called soon."""


class Lateness(StrEnum):
    """How a milestone stands on the date that is judged."""

    OVERDUE = "overdue"
    SOON = "soon"
    ON_TIME = "on_time"
    MET = "met"
    MET_LATE = "met_late"
    WAITING = "waiting"
    STOPPED = "stopped"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """One milestone. ``judged_due_at`` is the agreed date, or the contractual where stops are not accepted.

    ``late_by`` and ``left`` are measured on the judged date, at ``met_at`` or now; zero where there is none.
    """

    milestone: str
    title: Message
    waiting_for: Message | None
    started_at: datetime | None
    contractual_due_at: datetime | None
    agreed_due_at: datetime | None
    judged_due_at: datetime | None
    met_at: datetime | None
    late_by: timedelta
    left: timedelta
    lateness: Lateness
    paused: bool
    provisional: bool
    calendar: str
    late_reason: str

    @property
    def is_late(self) -> bool:
        """Return whether it was met late or is overdue, so that a reason may be given."""
        return self.lateness in (Lateness.OVERDUE, Lateness.MET_LATE)


@dataclass(frozen=True, slots=True)
class StopView:
    """One stop of the clocks, still running where ``to_at`` is None."""

    id: int
    from_at: datetime
    to_at: datetime | None
    agreed_until_at: datetime | None
    reason: StopReason
    note: str
    by: str
    resumed_by: str
    evidence_id: int | None
    withdrawn_because: str


def stored_deadlines(session: Session, case: Case) -> Mapping[str, DeadlineRow]:
    """Return the deadlines as last kept, by milestone."""
    rows = session.execute(sa.select(DeadlineRow).where(DeadlineRow.complaint_id == case.row.id)).scalars()
    return {row.milestone: row for row in rows}


def compute(session: Session, case: Case, now: datetime) -> tuple[Deadline, ...]:
    """Compute every milestone now: a running stop moves its date every day, so what was kept is not enough."""
    return due.compute(
        rules.profile_at(session, case.row.profile),
        start_instants(case.row),
        (
            *(
                ClockStop(stop.from_at, stop.to_at, stop.reason, stop.note)
                for stop in case.stops
                if not stop.withdrawn_because
            ),
            *implied_stops(case.row),
        ),
        calendar=rules.calendar_for(session, case.plant, case.customer),
        close_of_business=case.plant.close_of_business,
        zone=ZoneInfo(case.plant.zone),
        sample_needed=case.row.sample_needed,
        now=now,
    )


def deadline_views(session: Session, case: Case, now: datetime) -> tuple[DeadlineView, ...]:
    """Return every milestone in the profile's order, in three statements; those of a profile it has left come last."""
    stored = stored_deadlines(session, case)
    return tuple(
        deadline_view(case, deadline, stored.get(deadline.milestone.name), now)
        for deadline in with_former(compute(session, case, now), stored)
    )


def with_former(computed: tuple[Deadline, ...], stored: Mapping[str, DeadlineRow]) -> tuple[Deadline, ...]:
    """Return the deadlines, and after them what was met under a profile that the complaint has left since."""
    names = {one.milestone.name for one in computed}
    former = sorted((row for name, row in stored.items() if name not in names), key=lambda row: row.position)
    return computed + tuple(
        Deadline(
            milestone=MilestoneSpec(
                row.milestone, 1, Unit.CALENDAR_DAYS, StartEvent.RECEIVED, stoppable=False,
                title_en=row.title_en, title_zh=row.title_zh,
            ),
            waiting_for=None,
            waiting_since=None,
            started_at=row.started_at,
            contractual_due_at=row.contractual_due_at,
            due_at=row.due_at,
            provisional=row.provisional,
            paused=False,
            calendar_ref=row.calendar,
            ledger=(),
        )
        for row in former
    )  # fmt: skip


def deadline_view(case: Case, deadline: Deadline, kept: DeadlineRow | None, now: datetime) -> DeadlineView:
    """Put what was kept when a milestone was met before what would be computed today."""
    met_at = kept.met_at if kept is not None else None
    dates: Deadline | DeadlineRow = kept if kept is not None and met_at is not None else deadline
    judged = dates.due_at if case.customer.accepts_stops else dates.contractual_due_at
    at = met_at or now
    distance = judged - at if judged is not None else timedelta(0)
    return DeadlineView(
        milestone=deadline.milestone.name,
        title=deadline.milestone.title,
        waiting_for=None if met_at else deadline.waiting_for,
        started_at=dates.started_at,
        contractual_due_at=dates.contractual_due_at,
        agreed_due_at=dates.due_at,
        judged_due_at=judged,
        met_at=met_at,
        late_by=max(timedelta(0), -distance),
        left=max(timedelta(0), distance),
        lateness=_lateness(case, judged, met_at, distance, paused=deadline.paused),
        paused=deadline.paused and met_at is None,
        provisional=dates.provisional,
        calendar=kept.calendar if kept is not None and met_at is not None else deadline.calendar_ref,
        late_reason=kept.late_reason if kept is not None else "",
    )


def stop_views(case: Case, people: Mapping[int, str]) -> tuple[StopView, ...]:
    """Return the stops in order of their beginning."""
    return tuple(
        StopView(
            id=stop.id,
            from_at=stop.from_at,
            to_at=stop.to_at,
            agreed_until_at=stop.agreed_until_at,
            reason=stop.reason,
            note=stop.note,
            by=people.get(stop.by, ""),
            resumed_by=people.get(stop.resumed_by or 0, ""),
            evidence_id=stop.evidence_id,
            withdrawn_because=stop.withdrawn_because,
        )
        for stop in case.stops
    )


def _lateness(
    case: Case, judged: datetime | None, met_at: datetime | None, distance: timedelta, *, paused: bool
) -> Lateness:
    late = distance < timedelta(0)
    if met_at is not None:
        return Lateness.MET_LATE if late else Lateness.MET
    if not case.row.is_open:
        return Lateness.NONE
    if judged is None:
        return Lateness.WAITING
    if late:
        return Lateness.OVERDUE
    if paused and case.customer.accepts_stops:
        return Lateness.STOPPED
    return Lateness.SOON if distance <= SOON else Lateness.ON_TIME
