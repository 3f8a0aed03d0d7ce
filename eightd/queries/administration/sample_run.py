"""What a profile would make of an example: a complaint received on a Monday, its sample on the Wednesday after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock import due
from eightd.domain.clock.chain import Alarm, AlarmKind, Recipient, alarms
from eightd.domain.clock.met import MetBy
from eightd.domain.clock.profile import MilestoneSpec, Profile, StartEvent
from eightd.domain.errors import OutOfReachError
from eightd.domain.words import Message
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import rules
from eightd.persistence.tables.catalogue import CalendarRow
from eightd.persistence.tables.people import PlantRow

_MORNING = time(9)
_HAPPENS = {
    MetBy.INITIAL_REPLY: StartEvent.INITIAL_REPLY_SENT,
    MetBy.PRELIMINARY_ANALYSIS: StartEvent.PRELIMINARY_ANALYSIS_SENT,
    MetBy.FINAL_REPORT: StartEvent.FINAL_REPORT_SENT,
    MetBy.VERDICT_ACCEPTED: StartEvent.VERDICT_RECEIVED,
}


@dataclass(frozen=True, slots=True)
class SampleLineView:
    """One milestone of the example; dates are None where nothing in it starts the clock."""

    title: Message
    starts_at: StartEvent
    started_at: datetime | None
    due_at: datetime | None
    reminders: tuple[Alarm, ...]
    escalation: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class SampleRunView:
    """The example by the calendar of the actor's first plant, in its zone."""

    zone: str
    calendar: str
    received_at: datetime
    sample_at: datetime
    lines: tuple[SampleLineView, ...]


def sample_run(session: Session, actor: Actor, profile: Profile, now: datetime) -> SampleRunView | None:
    """Follow the example through the profile, every answer given at the last moment; None without a plant."""
    plant = session.execute(
        sa.select(PlantRow).where(PlantRow.id.in_(actor.plants)).order_by(PlantRow.code).limit(1)
    ).scalar_one_or_none()
    if plant is None:
        return None
    calendar = rules.working_calendar(
        session.execute(
            sa.select(CalendarRow)
            .where(CalendarRow.name == plant.calendar)
            .order_by(CalendarRow.number.desc())
            .limit(1)
        ).scalar_one()
    )
    zone = ZoneInfo(plant.zone)
    today = now.astimezone(zone).date()
    monday = datetime.combine(today + timedelta(days=7 - today.weekday()), _MORNING, zone)
    starts: dict[StartEvent, datetime | None] = {
        StartEvent.RECEIVED: monday,
        StartEvent.CONFIRMED: monday,
        StartEvent.SAMPLE_RECEIVED: monday + timedelta(days=2),
    }

    def line(spec: MilestoneSpec) -> SampleLineView:
        try:
            (deadline,) = due.compute(
                Profile(profile.name, 1, (spec,)),
                starts,
                (),
                calendar=calendar,
                close_of_business=plant.close_of_business,
                zone=zone,
                sample_needed=True,
                now=monday,
            )
        except OutOfReachError:
            return SampleLineView(spec.title, spec.starts_at, None, None, (), ())
        if deadline.due_at is None or deadline.started_at is None:
            return SampleLineView(spec.title, spec.starts_at, None, None, (), ())
        if spec.wants in _HAPPENS:
            starts.setdefault(_HAPPENS[spec.wants], deadline.due_at)
        raised = alarms(
            spec.alarm_chain, deadline.due_at, calendar=calendar, zone=zone, started_at=deadline.started_at
        )
        return SampleLineView(
            spec.title,
            spec.starts_at,
            deadline.started_at,
            deadline.due_at,
            tuple(one for one in raised if one.kind is AlarmKind.REMINDER),
            tuple(_in_order(one) for one in raised if one.kind is AlarmKind.OVERDUE),
        )

    return SampleRunView(
        plant.zone,
        calendar.ref,
        monday,
        monday + timedelta(days=2),
        tuple(line(spec) for spec in profile.milestones),
    )


def _in_order(alarm: Alarm) -> Alarm:
    return replace(alarm, to=tuple(one for one in Recipient if one in alarm.to))
