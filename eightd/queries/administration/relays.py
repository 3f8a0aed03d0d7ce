"""Relays as an administrator keeps them; what they sign in with never leaves the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.messages import DeliveryState, RelayKind
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories.deliveries import kept_in
from eightd.persistence.tables.messaging import DeliveryRow, RelayRow
from eightd.persistence.tables.people import PlantRow


@dataclass(frozen=True, slots=True)
class RelayLineView:
    """One relay in the list; ``plant`` is empty where it serves every plant without one of its own."""

    id: int
    kind: RelayKind
    name: str
    plant: str
    active: bool
    last_sent_at: datetime | None
    last_error_at: datetime | None
    last_error: str
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class RelayView:
    """One relay with everything that may be shown and changed."""

    id: int
    kind: RelayKind
    name: str
    plant_id: int | None
    settings: Mapping[str, Any]
    has_secret: bool
    cap_per_hour: int
    active: bool
    version: int


def relays(session: Session, actor: Actor) -> tuple[RelayLineView, ...]:
    """Return the relays of the actor's plants and of all plants, in two statements."""
    unfinished = (DeliveryState.WAITING, DeliveryState.LEASED, DeliveryState.DEAD)
    counts: dict[tuple[int, bool], int] = {}
    for relay_id, state, number in session.execute(
        sa.select(DeliveryRow.relay_id, DeliveryRow.state, sa.func.count())
        .join(RelayRow, RelayRow.id == DeliveryRow.relay_id)
        .where(DeliveryRow.state.in_(unfinished), kept_in(actor.plants))
        .group_by(DeliveryRow.relay_id, DeliveryRow.state)
    ):
        key = (relay_id, state is DeliveryState.DEAD)
        counts[key] = counts.get(key, 0) + number
    rows = session.execute(
        sa.select(RelayRow, PlantRow.code)
        .outerjoin(PlantRow, PlantRow.id == RelayRow.plant_id)
        .where(_kept_by(actor))
        .order_by(PlantRow.code.nulls_first(), RelayRow.name, RelayRow.id)
    )
    return tuple(
        RelayLineView(
            id=row.id,
            kind=row.kind,
            name=row.name,
            plant=plant or "",
            active=row.active,
            last_sent_at=row.last_sent_at,
            last_error_at=row.last_error_at,
            last_error=row.last_error,
            waiting=counts.get((row.id, False), 0),
            dead=counts.get((row.id, True), 0),
        )
        for row, plant in rows
    )


def relay(session: Session, actor: Actor, relay_id: int) -> RelayView | None:
    """Return one relay, None for one of a foreign plant."""
    row = session.execute(
        sa.select(RelayRow).where(RelayRow.id == relay_id, _kept_by(actor))
    ).scalar_one_or_none()
    if row is None:
        return None
    return RelayView(
        id=row.id,
        kind=row.kind,
        name=row.name,
        plant_id=row.plant_id,
        settings=row.settings,
        has_secret=bool(row.secret),
        cap_per_hour=row.cap_per_hour,
        active=row.active,
        version=row.version,
    )


def names(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return id and name of the relays to filter by."""
    return tuple(
        (id_, name)
        for id_, name in session.execute(
            sa.select(RelayRow.id, RelayRow.name).where(_kept_by(actor)).order_by(RelayRow.name, RelayRow.id)
        )
    )


def _kept_by(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(RelayRow.plant_id.in_(actor.plants), RelayRow.plant_id.is_(None))
