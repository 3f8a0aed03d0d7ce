"""Which complaints the log holds: what the actor may see, narrowed as the board is, to plants and to days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.complaint import Stage
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import search
from eightd.persistence.repositories.desk import ANY_ROLE
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow, DeskRow
from eightd.persistence.tables.people import PlantRow
from eightd.queries import board_walk
from eightd.queries.board_walk import Clock, Filters
from eightd.queries.filters import Extent

_C = ComplaintRow.__table__.c
_ALL = Filters(extent=Extent.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilters:
    """What was asked for; an empty set and None ask for nothing in particular.

    ``listed`` is what the board may be narrowed to. The days of receipt are dates of each complaint's plant,
    both included.
    """

    listed: Filters = _ALL
    stages: frozenset[Stage] = frozenset()
    plants: frozenset[int] = frozenset()
    received_from_on: date | None = None
    received_until_on: date | None = None


EVERYTHING = LogFilters()


def chosen(session: Session, actor: Actor, filters: LogFilters, clock: Clock) -> sa.ScalarResult[int]:
    """Return the ids of the complaints that the actor sees and that were asked for, in no order."""
    statement, bound = _statement(session, actor, filters, clock)
    return session.execute(statement, bound).scalars()


def count(session: Session, actor: Actor, filters: LogFilters, clock: Clock) -> int:
    """Return how many complaints that are."""
    statement, bound = _statement(session, actor, filters, clock)
    return session.execute(sa.select(sa.func.count()).select_from(statement.subquery()), bound).scalar_one()


def _statement(
    session: Session, actor: Actor, filters: LogFilters, clock: Clock
) -> tuple[sa.Select[int], dict[str, Any]]:
    listed = filters.listed
    found = search.find(session, listed.text) if listed.text else None
    wanted = [
        *board_walk.within(ComplaintRow.metadata.tables["complaint"], scope(actor)),
        *_narrowed(listed),
        *_of_log(session, filters),
    ]
    if listed.mine:
        wanted.append(_C.id.in_(_held(actor, listed)))
    if found is not None:
        wanted.append(_C.id.in_(found.matches()) if found.is_walked else found.holds(_C.id))
    elif listed.text.strip():
        wanted.append(sa.false())  # nothing but punctuation: there is nothing to find
    return sa.select(_C.id).where(*wanted), {**clock.bound(), **(found.bound() if found else {})}


def _narrowed(listed: Filters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if listed.extent is not Extent.ALL:
        wanted.append(_C.is_open.is_(listed.extent is Extent.OPEN))
    if listed.tier is not None:
        wanted.append(_C.tier == listed.tier)
    if listed.stage is not None:
        wanted.append(_C.stage == listed.stage)
    if listed.customer_id is not None:
        wanted.append(_C.customer_id == listed.customer_id)
    if listed.standing is not None:
        wanted += board_walk.standing_is(listed.standing)
    return wanted


def _of_log(session: Session, filters: LogFilters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.stages:
        wanted.append(_C.stage.in_(sorted(filters.stages)))
    if filters.plants:
        wanted.append(_C.plant_id.in_(sorted(filters.plants)))
    if filters.received_from_on is not None or filters.received_until_on is not None:
        wanted.append(_received(session, filters))
    return wanted


def _held(actor: Actor, listed: Filters) -> sa.Select[int]:
    """Return the complaints that are the actor's, as the board means it: on the desk, or else by assignment."""
    selves = sorted({actor.id, *actor.deputy_for})
    if listed.is_by_due_date:
        return sa.select(DeskRow.complaint_id).where(
            DeskRow.user_id.in_(selves), DeskRow.role == (listed.role or ANY_ROLE)
        )
    held = sa.select(AssignmentRow.complaint_id).where(
        AssignmentRow.user_id.in_(selves), AssignmentRow.until_at.is_(None)
    )
    return held if listed.role is None else held.where(AssignmentRow.role == listed.role)


def _received(session: Session, filters: LogFilters) -> sa.ColumnElement[bool]:
    """Turn plant-local dates into instants, plant by plant: the same day begins at different instants."""
    zones: Mapping[int, str] = {
        row.id: row.zone for row in session.execute(sa.select(PlantRow.id, PlantRow.zone))
    }
    return sa.or_(
        sa.false(),
        *(
            sa.and_(_C.plant_id == plant_id, *_between(ZoneInfo(zone), filters))
            for plant_id, zone in sorted(zones.items())
        ),
    )


def _between(zone: ZoneInfo, filters: LogFilters) -> list[sa.ColumnElement[bool]]:
    bounds: list[sa.ColumnElement[bool]] = []
    if filters.received_from_on is not None:
        bounds.append(_C.received_at >= _midnight(filters.received_from_on, zone))
    if filters.received_until_on is not None:
        bounds.append(_C.received_at < _midnight(filters.received_until_on + timedelta(days=1), zone))
    return bounds


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone).astimezone(UTC)
