"""Which open deadlines another version of a calendar would move, before it is saved (procedure 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.profile import Profile
from eightd.domain.clock.stops import ClockStop
from eightd.domain.clock.ticks import DueInstants, due_instants
from eightd.domain.words import Message
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import open_complaints, rules
from eightd.persistence.repositories.deadlines import implied_stops, start_instants
from eightd.persistence.tables.catalogue import CalendarRow, CustomerRow, DayValue
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.persistence.tables.people import PlantRow

LISTED = 500
"""Moves that are listed one by one; those beyond are counted."""


@dataclass(frozen=True, slots=True)
class MoveView:
    """One open deadline that would move, in the zone of its plant; dates are None while its clock waits."""

    number: str
    customer: str
    customer_en: str
    milestone: Message
    zone: str
    old_contractual_due_at: datetime
    contractual_due_at: datetime
    old_due_at: datetime
    due_at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class MovesView:
    """What would move; ``elsewhere`` are deadlines of plants and customers that are not the actor's.

    ``count`` is how many of the actor's move, also those that are not listed; ``settled`` are deadlines that
    stay where they are and are provisional no longer, wherever they belong.
    """

    open_complaints: int
    count: int
    moves: tuple[MoveView, ...]
    elsewhere: int
    settled: int


def calendar_from(
    name: str,
    number: int,
    country: str,
    days_off: Mapping[str, DayValue],
    days_on: Mapping[str, DayValue],
    final_years: Sequence[int] = (),
) -> WorkingCalendar:
    """Return the calendar that a version with these days would be, as ``CalendarRow`` keeps them."""
    return rules.working_calendar(
        CalendarRow(
            name=name,
            number=number,
            country=country,
            days_off=dict(days_off),
            days_on=dict(days_on),
            final_years=list(final_years),
        )
    )


def newest_calendar(session: Session, name: str) -> WorkingCalendar | None:
    """Return the newest version of a calendar to look at, None where there is none of that name."""
    row = session.execute(
        sa.select(CalendarRow).where(CalendarRow.name == name).order_by(CalendarRow.number.desc()).limit(1)
    ).scalar_one_or_none()
    return None if row is None else rules.working_calendar(row)


def moves(session: Session, actor: Actor, calendar: WorkingCalendar, now: datetime) -> MovesView:
    """Compute every open complaint that goes by the calendar's name with this calendar and the present one.

    Both dates are compared; a milestone that was met does not move. Four queries for each slice of complaints,
    however many there are in it.
    """
    present = newest_calendar(session, calendar.name)
    if present is None:
        return MovesView(0, 0, (), 0, 0)
    books = _Books(session)
    found: list[MoveView] = []
    total = count = elsewhere = settled = 0
    for rows in open_complaints.slices(session, open_complaints.going_by(calendar.name)):
        total += len(rows)
        for row, milestone, old, new in books.unmet(rows, present, calendar, now):
            if (old.contractual_due_at, old.due_at) == (new.contractual_due_at, new.due_at):
                settled += old.provisional and not new.provisional
            elif not _is_theirs(actor, row):
                elsewhere += 1
            else:
                count += 1
                if len(found) < LISTED:
                    found.append(books.view(row, milestone, old, new))
    return MovesView(total, count, tuple(found), elsewhere, settled)


@dataclass(frozen=True, slots=True)
class _Plant:
    zone: str
    close_of_business: time


class _Books:
    """What the complaints of many slices have in common, read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._profiles: dict[str, Profile] = {}
        self._plants = {
            id_: _Plant(zone, close)
            for id_, zone, close in session.execute(
                sa.select(PlantRow.id, PlantRow.zone, PlantRow.close_of_business)
            )
        }
        self._customers: dict[int, tuple[str, str]] = {}

    def unmet(
        self, rows: Sequence[ComplaintRow], present: WorkingCalendar, other: WorkingCalendar, now: datetime
    ) -> Iterator[tuple[ComplaintRow, Message, DueInstants, DueInstants]]:
        """Yield each running milestone that is not met with its dates by both calendars."""
        ids = [row.id for row in rows]
        unmet = set(
            self._session.execute(
                sa.select(DeadlineRow.complaint_id, DeadlineRow.milestone).where(
                    DeadlineRow.complaint_id.in_(ids), DeadlineRow.met_at.is_(None)
                )
            ).all()
        )
        stops = self._stops(ids)
        self._read_customers({row.customer_id for row in rows})
        for row in rows:
            profile = self._profile(row.profile)
            old, new = (
                self._instants(row, profile, stops.get(row.id, ()), calendar, now)
                for calendar in (present, other)
            )
            for spec, was, becomes in zip(profile.milestones, old, new, strict=True):
                if was is not None and becomes is not None and (row.id, spec.name) in unmet:
                    yield row, spec.title, was, becomes

    def view(self, row: ComplaintRow, milestone: Message, old: DueInstants, new: DueInstants) -> MoveView:
        """Return a move as the preview shows it."""
        name, name_en = self._customers[row.customer_id]
        return MoveView(
            number=row.number,
            customer=name,
            customer_en=name_en or name,
            milestone=milestone,
            zone=self._plants[row.plant_id].zone,
            old_contractual_due_at=old.contractual_due_at,
            contractual_due_at=new.contractual_due_at,
            old_due_at=old.due_at,
            due_at=new.due_at,
            provisional=new.provisional,
        )

    def _instants(
        self,
        row: ComplaintRow,
        profile: Profile,
        stops: Sequence[ClockStop],
        calendar: WorkingCalendar,
        now: datetime,
    ) -> tuple[DueInstants | None, ...]:
        plant = self._plants[row.plant_id]
        return due_instants(
            profile,
            start_instants(row),
            (*stops, *implied_stops(row)),
            calendar=calendar,
            close_of_business=plant.close_of_business,
            zone=ZoneInfo(plant.zone),
            sample_needed=row.sample_needed,
            now=now,
        )

    def _profile(self, ref: str) -> Profile:
        if ref not in self._profiles:
            self._profiles[ref] = rules.profile_at(self._session, ref)
        return self._profiles[ref]

    def _read_customers(self, ids: set[int]) -> None:
        missing = ids - self._customers.keys()
        if missing:
            found = sa.select(CustomerRow.id, CustomerRow.name, CustomerRow.name_en).where(
                CustomerRow.id.in_(missing)
            )
            self._customers.update({id_: (name, en) for id_, name, en in self._session.execute(found)})

    def _stops(self, ids: list[int]) -> dict[int, list[ClockStop]]:
        stops: dict[int, list[ClockStop]] = {}
        rows = self._session.execute(
            sa.select(ClockStopRow)
            .where(ClockStopRow.complaint_id.in_(ids), ClockStopRow.withdrawn_because == "")
            .order_by(ClockStopRow.from_at)
        ).scalars()
        for row in rows:
            stops.setdefault(row.complaint_id, []).append(
                ClockStop(row.from_at, row.to_at, row.reason, row.note)
            )
        return stops


def _is_theirs(actor: Actor, row: ComplaintRow) -> bool:
    return row.plant_id in actor.plants and (actor.customers is None or row.customer_id in actor.customers)
