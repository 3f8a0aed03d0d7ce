"""Which complaints a list shows: what the actor may see, narrowed by what was asked for; board and log alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.complaint import Role, Stage, Tier
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import search
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.queries.deadlines import SOON, Lateness

FAR = datetime(8000, 1, 1, tzinfo=UTC)
"""Nothing is due beyond: complaints whose open milestones all wait are sorted after this."""


class Extent(StrEnum):
    """Which part of all complaints a list is about."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What was asked for; an empty set, None or empty text asks for nothing in particular.

    ``role`` asks for complaints on which the actor, or somebody the actor stands in for, holds this role now;
    ``mine`` for any role. ``lateness`` is one of overdue, soon, on time and waiting, of the milestone due
    next. ``received_from_on`` and ``received_until_on`` are dates of each complaint's plant, both included.
    """

    extent: Extent = Extent.ALL
    tiers: frozenset[Tier] = frozenset()
    stages: frozenset[Stage] = frozenset()
    customers: frozenset[int] = frozenset()
    plants: frozenset[int] = frozenset()
    role: Role | None = None
    mine: bool = False
    lateness: Lateness | None = None
    text: str = ""
    received_from_on: date | None = None
    received_until_on: date | None = None


EVERYTHING = Filters()


def visible(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on complaints that the actor may see; they match none where the actor sees none."""
    seen = scope(actor)
    conditions: list[sa.ColumnElement[bool]] = [ComplaintRow.plant_id.in_(sorted(seen.plants))]
    if seen.customers is not None:
        conditions.append(ComplaintRow.customer_id.in_(sorted(seen.customers)))
    return conditions


def conditions(
    session: Session, actor: Actor, filters: Filters, now: datetime
) -> list[sa.ColumnElement[bool]]:
    """Return what a complaint must meet to be in the list: visible to the actor and as asked for."""
    wanted = visible(actor)
    if filters.extent is not Extent.ALL:
        wanted.append(ComplaintRow.is_open.is_(filters.extent is Extent.OPEN))
    if filters.tiers:
        wanted.append(ComplaintRow.tier.in_(sorted(filters.tiers)))
    if filters.stages:
        wanted.append(ComplaintRow.stage.in_(sorted(filters.stages)))
    if filters.customers:
        wanted.append(ComplaintRow.customer_id.in_(sorted(filters.customers)))
    if filters.plants:
        wanted.append(ComplaintRow.plant_id.in_(sorted(filters.plants)))
    if filters.mine or filters.role is not None:
        wanted.append(_held(actor, filters.role))
    if filters.lateness is not None:
        wanted.extend(_standing(filters.lateness, now))
    if filters.received_from_on is not None or filters.received_until_on is not None:
        wanted.append(_received(session, filters))
    found = search.matching(session, filters.text)
    if found is not None:
        wanted.append(ComplaintRow.id.in_(found))
    elif filters.text.strip():
        wanted.append(sa.false())  # nothing but punctuation: there is nothing to find
    return wanted


def _held(actor: Actor, role: Role | None) -> sa.ColumnElement[bool]:
    held = sa.exists().where(
        AssignmentRow.complaint_id == ComplaintRow.id,
        AssignmentRow.until_at.is_(None),
        AssignmentRow.user_id.in_(sorted(actor.deputy_for | {actor.id})),
    )
    return held if role is None else held.where(AssignmentRow.role == role)


def _standing(lateness: Lateness, now: datetime) -> list[sa.ColumnElement[bool]]:
    due_at = ComplaintRow.sort_due_at
    is_open = ComplaintRow.is_open.is_(True)
    match lateness:
        case Lateness.OVERDUE:
            return [is_open, due_at < now]
        case Lateness.SOON:
            return [is_open, due_at >= now, due_at <= now + SOON]
        case Lateness.ON_TIME:
            return [is_open, due_at > now + SOON, due_at < FAR]
        case Lateness.WAITING:
            return [is_open, due_at >= FAR]
        case _:
            raise ValueError(f"a list cannot be asked for {lateness.value}")


def _received(session: Session, filters: Filters) -> sa.ColumnElement[bool]:
    """Turn plant-local dates into instants, plant by plant: the same day begins at different instants."""
    zones: Mapping[int, str] = dict(session.execute(sa.select(PlantRow.id, PlantRow.zone)).all())
    return sa.or_(
        sa.false(),
        *(
            sa.and_(ComplaintRow.plant_id == plant_id, *_between(ZoneInfo(zone), filters))
            for plant_id, zone in sorted(zones.items())
        ),
    )


def _between(zone: ZoneInfo, filters: Filters) -> list[sa.ColumnElement[bool]]:
    bounds: list[sa.ColumnElement[bool]] = []
    if filters.received_from_on is not None:
        bounds.append(ComplaintRow.received_at >= _midnight(filters.received_from_on, zone))
    if filters.received_until_on is not None:
        after = filters.received_until_on + timedelta(days=1)
        bounds.append(ComplaintRow.received_at < _midnight(after, zone))
    return bounds


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone).astimezone(UTC)
