"""What another version of a deadline profile would mean for open complaints, before anybody decides (procedure 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see
from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.profile import MilestoneSpec, Profile, from_document
from eightd.domain.clock.stops import ClockStop
from eightd.domain.clock.ticks import DueInstants, due_instants
from eightd.domain.complaint import Tier
from eightd.domain.words import Message
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import open_complaints, rules
from eightd.persistence.repositories.deadlines import implied_stops, start_instants
from eightd.persistence.repositories.meeting import Course, courses
from eightd.persistence.tables.catalogue import CustomerRow, ProfileRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.persistence.tables.people import PlantRow

LISTED = 200
"""Complaints that a preview lists one by one, those that would become overdue first; the others are counted."""


class Change(StrEnum):
    """What becomes of one milestone."""

    MOVED = "moved"
    ADDED = "added"
    DROPPED = "dropped"
    MET = "met"  # owed now, or by the new version only, and answered already


@dataclass(frozen=True, slots=True)
class MoveView:
    """One milestone that would change; dates are None while its clock waits and where there is no such milestone.

    ``newly_overdue`` goes by the date that the customer judges.
    """

    milestone: Message
    change: Change
    old: DueInstants | None
    new: DueInstants | None
    newly_overdue: bool


@dataclass(frozen=True, slots=True)
class EffectView:
    """What would change in one complaint; instants are shown in ``zone``."""

    id: int
    number: str
    customer: str
    customer_en: str
    tier: Tier
    profile: str
    zone: str
    moves: tuple[MoveView, ...]

    @property
    def newly_overdue(self) -> int:
        """Return how many milestones would become overdue."""
        return sum(move.newly_overdue for move in self.moves)


@dataclass(frozen=True, slots=True)
class EffectsView:
    """What would change in all of them: complaints that are the actor's in numbers, the first of them one by one.

    ``changed`` of ``complaints`` would change, in ``deadlines`` milestones; ``newly_overdue`` counts milestones;
    ``elsewhere`` are open complaints of plants and customers that are not the actor's.
    """

    complaints: int
    changed: int
    deadlines: int
    newly_overdue: int
    elsewhere: int
    listed: tuple[EffectView, ...]


@dataclass(frozen=True, slots=True)
class ProfileChoice:
    """A version that a complaint may be moved to."""

    ref: str
    pace: Message


def choices(session: Session, present: str) -> tuple[ProfileChoice, ...]:
    """Return the newest version of every profile, the complaint's own name first; not the one it goes by."""
    newest: dict[str, ProfileRow] = {}
    for row in session.execute(sa.select(ProfileRow).order_by(ProfileRow.name, ProfileRow.number)).scalars():
        newest[row.name] = row
    own = present.rpartition("@")[0]
    profiles = [from_document(row.document) for row in newest.values()]
    profiles.sort(key=lambda one: (one.name != own, one.name))
    return tuple(ProfileChoice(one.ref, one.pace) for one in profiles if one.ref != present)


def effect(session: Session, actor: Actor, number: str, ref: str, now: datetime) -> EffectView | None:
    """Return what a version would mean for one complaint, nothing where ``ref`` is empty.

    None for what is hidden or does not exist.
    """
    row = session.execute(sa.select(ComplaintRow).where(ComplaintRow.number == number)).scalar_one_or_none()
    if row is None or not may_see(actor, row.plant_id, row.customer_id):
        return None
    name, _, digits = (ref or row.profile).rpartition("@")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    kept = session.execute(
        sa.select(ProfileRow).where(ProfileRow.name == name, ProfileRow.number == int(digits))
    ).scalar_one_or_none()
    if kept is None:
        return None
    return next(_Books(session, now).effects([row], from_document(kept.document)))


def effects(session: Session, actor: Actor, profile: Profile, now: datetime) -> EffectsView:
    """Compute every open complaint that goes by another version of the profile's name as this version would have it.

    Reads in slices: seven statements for each, however many complaints are in it, and no more than a slice is held.
    """
    books = _Books(session, now)
    urgent: list[EffectView] = []
    others: list[EffectView] = []
    complaints = changed = deadlines = newly_overdue = elsewhere = 0
    for rows in open_complaints.slices(session, running_by(session, profile)):
        own = [row for row in rows if is_theirs(actor, row)]
        elsewhere += len(rows) - len(own)
        complaints += len(own)
        for one in books.effects(own, profile):
            if not one.moves:
                continue
            changed += 1
            deadlines += len(one.moves)
            newly_overdue += one.newly_overdue
            listed = urgent if one.newly_overdue else others
            if len(listed) < LISTED:
                listed.append(one)
    return EffectsView(
        complaints, changed, deadlines, newly_overdue, elsewhere, tuple([*urgent, *others][:LISTED])
    )


def running_by(session: Session, profile: Profile) -> sa.ColumnElement[bool]:
    """Return the condition on complaints that go by another version of the profile's name."""
    numbers = session.execute(sa.select(ProfileRow.number).where(ProfileRow.name == profile.name)).scalars()
    refs = [f"{profile.name}@{number}" for number in numbers if number != profile.version]
    return ComplaintRow.profile.in_(refs)


def is_theirs(actor: Actor, row: ComplaintRow) -> bool:
    """Return whether the complaint belongs to a plant and a customer of the actor's."""
    return row.plant_id in actor.plants and (actor.customers is None or row.customer_id in actor.customers)


class _Books:
    """What the complaints of many slices have in common, read once."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._profiles: dict[str, Profile] = {}
        self._plants: dict[int, PlantRow] = {}
        self._customers: dict[int, CustomerRow] = {}
        self._calendars: dict[str, WorkingCalendar] = {}

    def effects(self, rows: Sequence[ComplaintRow], profile: Profile) -> Iterator[EffectView]:
        """Yield what the profile would mean for each of the complaints, in their order."""
        ids = [row.id for row in rows]
        if not ids:
            return
        self._read(rows)
        stops, met = self._stops(ids), self._met(ids)
        known = courses(self._session, rows, [spec.wants for spec in profile.milestones])
        for row in rows:
            customer = self._customers[row.customer_id]
            yield EffectView(
                id=row.id,
                number=row.number,
                customer=customer.name,
                customer_en=customer.name_en or customer.name,
                tier=row.tier,
                profile=row.profile,
                zone=self._plants[row.plant_id].zone,
                moves=tuple(
                    self._moves(
                        row, profile, stops.get(row.id, ()), met.get(row.id, frozenset()), known[row.id]
                    )
                ),
            )

    def _moves(
        self,
        row: ComplaintRow,
        profile: Profile,
        stops: Sequence[ClockStop],
        met: frozenset[str],
        course: Course,
    ) -> Iterator[MoveView]:
        """Compare what is owed now with what would be; what was met keeps its dates."""
        present = self._profile(row.profile)
        was = self._dates(row, present, stops)
        becomes = self._dates(row, profile, stops)
        for name, (spec, new) in becomes.items():
            if name in met:
                continue
            old = was[name][1] if name in was else None
            if course.met_at(spec.wants) is not None:
                yield MoveView(spec.title, Change.MET, old, new, newly_overdue=False)
            elif name not in was:
                late = self._is_late(row, new)
                yield MoveView(spec.title, Change.ADDED, None, new, newly_overdue=late)
            elif _both(old) != _both(new):
                late = self._is_late(row, new) and not self._is_late(row, old)
                yield MoveView(spec.title, Change.MOVED, old, new, newly_overdue=late)
        for name, (spec, old) in was.items():
            if name not in becomes and name not in met:
                yield MoveView(spec.title, Change.DROPPED, old, None, newly_overdue=False)

    def _is_late(self, row: ComplaintRow, dates: DueInstants | None) -> bool:
        if dates is None:
            return False
        accepts_stops = self._customers[row.customer_id].accepts_stops
        return (dates.due_at if accepts_stops else dates.contractual_due_at) < self._now

    def _dates(
        self, row: ComplaintRow, profile: Profile, stops: Sequence[ClockStop]
    ) -> Mapping[str, tuple[MilestoneSpec, DueInstants | None]]:
        plant, customer = self._plants[row.plant_id], self._customers[row.customer_id]
        found = due_instants(
            profile,
            start_instants(row),
            (*stops, *implied_stops(row)),
            calendar=self._calendar(plant, customer),
            close_of_business=plant.close_of_business,
            zone=ZoneInfo(plant.zone),
            sample_needed=row.sample_needed,
            now=self._now,
        )
        return {spec.name: (spec, dates) for spec, dates in zip(profile.milestones, found, strict=True)}

    def _profile(self, ref: str) -> Profile:
        if ref not in self._profiles:
            self._profiles[ref] = rules.profile_at(self._session, ref)
        return self._profiles[ref]

    def _calendar(self, plant: PlantRow, customer: CustomerRow) -> WorkingCalendar:
        name = customer.calendar or plant.calendar
        if name not in self._calendars:
            self._calendars[name] = rules.calendar_for(self._session, plant, customer)
        return self._calendars[name]

    def _read(self, rows: Iterable[ComplaintRow]) -> None:
        plants = {row.plant_id for row in rows} - self._plants.keys()
        customers = {row.customer_id for row in rows} - self._customers.keys()
        if plants:
            for plant in self._session.execute(sa.select(PlantRow).where(PlantRow.id.in_(plants))).scalars():
                self._plants[plant.id] = plant
        if customers:
            wanted = sa.select(CustomerRow).where(CustomerRow.id.in_(customers))
            for customer in self._session.execute(wanted).scalars():
                self._customers[customer.id] = customer

    def _met(self, ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
        statement = sa.select(DeadlineRow.complaint_id, DeadlineRow.milestone).where(
            DeadlineRow.complaint_id.in_(ids), DeadlineRow.met_at.is_not(None)
        )
        found: dict[int, set[str]] = {}
        for complaint_id, milestone in self._session.execute(statement):
            found.setdefault(complaint_id, set()).add(milestone)
        return {complaint_id: frozenset(names) for complaint_id, names in found.items()}

    def _stops(self, ids: Sequence[int]) -> Mapping[int, list[ClockStop]]:
        rows = self._session.execute(
            sa.select(ClockStopRow)
            .where(ClockStopRow.complaint_id.in_(ids), ClockStopRow.withdrawn_because == "")
            .order_by(ClockStopRow.from_at)
        ).scalars()
        stops: dict[int, list[ClockStop]] = {}
        for row in rows:
            stop = ClockStop(row.from_at, row.to_at, row.reason, row.note)
            stops.setdefault(row.complaint_id, []).append(stop)
        return stops


def _both(dates: DueInstants | None) -> tuple[datetime, datetime] | None:
    return None if dates is None else (dates.contractual_due_at, dates.due_at)
