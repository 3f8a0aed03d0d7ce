"""The levels of the reviewer's rules as the administrator keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.reviewer.findings import Level
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories.reviewing import FIRST_VERSION, VERSION_RULE
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.reviewing import ReviewSettingRow
from eightd.queries.administration.customers import seen_by


@dataclass(frozen=True, slots=True)
class LevelsView:
    """What a plant, or one customer there, sets: ``own`` by rule, and what the plant sets beneath it."""

    plant_id: int
    plant: str
    customer_id: int | None
    customer: str
    version: int
    own: Mapping[str, Level]
    plants: Mapping[str, Level]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A plant, or a customer that has levels of its own there."""

    id: int
    code: str
    name: str
    name_en: str


def plants(session: Session, actor: Actor) -> tuple[PlaceView, ...]:
    """Return the actor's plants."""
    rows = session.execute(
        sa.select(PlantRow).where(PlantRow.id.in_(actor.plants)).order_by(PlantRow.code)
    ).scalars()
    return tuple(PlaceView(row.id, row.code, row.name, row.name_en or row.name) for row in rows)


def customers_with_levels(session: Session, actor: Actor, plant_id: int) -> tuple[PlaceView, ...]:
    """Return the customers that have levels of their own at the plant."""
    rows = session.execute(
        sa.select(CustomerRow)
        .where(
            seen_by(actor),
            CustomerRow.id.in_(
                sa.select(ReviewSettingRow.customer_id).where(
                    ReviewSettingRow.plant_id == plant_id, ReviewSettingRow.rule != VERSION_RULE
                )
            ),
        )
        .order_by(CustomerRow.code)
    ).scalars()
    return tuple(PlaceView(row.id, row.code, row.name, row.name_en or row.name) for row in rows)


def levels(session: Session, actor: Actor, plant_id: int, customer_id: int | None) -> LevelsView | None:
    """Return what is set; None for a plant or customer that the actor may not see."""
    plant = session.get(PlantRow, plant_id) if plant_id in actor.plants else None
    customer = None
    if customer_id is not None:
        customer = session.execute(
            sa.select(CustomerRow).where(CustomerRow.id == customer_id, seen_by(actor))
        ).scalar_one_or_none()
    if plant is None or (customer is None) != (customer_id is None):
        return None
    rows = session.execute(
        sa.select(ReviewSettingRow).where(
            ReviewSettingRow.plant_id == plant_id,
            sa.or_(ReviewSettingRow.customer_id.is_(None), ReviewSettingRow.customer_id == customer_id),
        )
    ).scalars()
    by_whom: dict[int | None, dict[str, ReviewSettingRow]] = {}
    for row in rows:
        by_whom.setdefault(row.customer_id, {})[row.rule] = row
    whose = by_whom.get(customer_id, {})
    head = whose.get(VERSION_RULE)
    return LevelsView(
        plant_id=plant.id,
        plant=plant.name,
        customer_id=customer_id,
        customer="" if customer is None else customer.name,
        version=FIRST_VERSION if head is None else head.version,
        own={rule: row.level for rule, row in whose.items() if rule != VERSION_RULE},
        plants={} if customer_id is None else _levels(by_whom.get(None, {})),
    )


def _levels(rows: Mapping[str, ReviewSettingRow]) -> dict[str, Level]:
    return {rule: row.level for rule, row in rows.items() if rule != VERSION_RULE}
