"""A complaint's clocks computed from the store: for verbs that move them and pages that explain them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock import due
from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.due import Deadline
from eightd.domain.clock.profile import StartEvent
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.persistence.repositories import rules
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.people import PlantRow


def start_instants(row: ComplaintRow) -> dict[StartEvent, datetime | None]:
    """Return the instants at which clocks of this complaint start."""
    return {
        StartEvent.RECEIVED: row.received_at,
        StartEvent.SAMPLE_RECEIVED: row.sample_received_at,
        StartEvent.CONFIRMED: row.confirmed_at,
        StartEvent.INITIAL_REPLY_SENT: row.initial_reply_sent_at,
        StartEvent.PRELIMINARY_ANALYSIS_SENT: row.preliminary_sent_at,
        StartEvent.FINAL_REPORT_SENT: row.final_sent_at,
        StartEvent.VERDICT_RECEIVED: row.verdict_at,
    }


def clock_stops(session: Session, complaint_id: int) -> tuple[ClockStop, ...]:
    """Return the complaint's stops in order of their beginning, without those withdrawn."""
    rows = session.execute(
        sa.select(ClockStopRow)
        .where(ClockStopRow.complaint_id == complaint_id, ClockStopRow.withdrawn_because == "")
        .order_by(ClockStopRow.from_at)
    ).scalars()
    return tuple(ClockStop(row.from_at, row.to_at, row.reason, row.note) for row in rows)


def implied_stops(row: ComplaintRow) -> tuple[ClockStop, ...]:
    """Return the time in which a sample was awaited, as a stop: what may be stopped waits with it."""
    from_at, until_at = row.sample_wanted_from_at, row.sample_wanted_until_at
    if from_at is None or (until_at is not None and until_at <= from_at):
        return ()
    return (ClockStop(from_at, until_at, StopReason.WAITING_SAMPLE),)


@dataclass(frozen=True, slots=True)
class Clocks:
    """A complaint's milestones with what they were computed by."""

    deadlines: tuple[Deadline, ...]
    calendar: WorkingCalendar
    zone: ZoneInfo
    accepts_stops: bool

    def judged_due_at(self, deadline: Deadline) -> datetime | None:
        """Return the date that lateness is judged on: the agreed, or the contractual without accepted stops."""
        return deadline.due_at if self.accepts_stops else deadline.contractual_due_at

    def is_held(self, deadline: Deadline) -> bool:
        """Return whether a running stop keeps the judged date from coming nearer."""
        return deadline.paused and self.accepts_stops


def clocks(
    session: Session, row: ComplaintRow, now: datetime, calendar: WorkingCalendar | None = None
) -> Clocks:
    """Compute every milestone of a complaint, by the newest calendar unless one is given."""
    plant = session.get_one(PlantRow, row.plant_id)
    customer = session.get_one(CustomerRow, row.customer_id)
    calendar = calendar or rules.calendar_for(session, plant, customer)
    zone = ZoneInfo(plant.zone)
    deadlines = due.compute(
        rules.profile_at(session, row.profile),
        start_instants(row),
        (*clock_stops(session, row.id), *implied_stops(row)),
        calendar=calendar,
        close_of_business=plant.close_of_business,
        zone=zone,
        sample_needed=row.sample_needed,
        now=now,
    )
    return Clocks(deadlines, calendar, zone, customer.accepts_stops)


def compute(
    session: Session, row: ComplaintRow, now: datetime, calendar: WorkingCalendar | None = None
) -> tuple[Deadline, ...]:
    """Compute every milestone of a complaint, by the newest calendar unless one is given."""
    return clocks(session, row, now, calendar).deadlines
