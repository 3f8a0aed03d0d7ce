"""What finance and the quality manager keep for a plant: exchange rates and approval limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.cost.approvals import Limits
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.domain.workflow.table import PLANT_ROLES
from eightd.persistence.repositories.money import limits_of
from eightd.persistence.tables.money import ExchangeRateRow
from eightd.persistence.tables.people import PlantRow
from eightd.queries.board import named

MOST_RATES = 200
"""How many rates a page lists, the newest first."""


@dataclass(frozen=True, slots=True)
class PlantView:
    """A plant and the currency it adds up in."""

    id: int
    code: str
    name: str
    currency: str
    zone: str


@dataclass(frozen=True, slots=True)
class RateView:
    """A rate into the plant's currency; ``holds`` says that it is the newest of its currency."""

    currency: str
    from_on: date
    rate: Decimal
    holds: bool


def plants(
    session: Session, actor: Actor, language: Language | str, action: Action = Action.SET_APPROVALS
) -> tuple[PlantView, ...]:
    """Return the plants in which the actor has the right, by code; none without it."""
    if not actor.roles & PLANT_ROLES[action]:
        return ()
    found = session.execute(
        sa.select(PlantRow).where(PlantRow.id.in_(sorted(actor.plants))).order_by(PlantRow.code)
    ).scalars()
    return tuple(
        PlantView(row.id, row.code, named(row.name, row.name_en, language), row.currency, row.zone)
        for row in found
    )


def today(plant: PlantView, now: datetime) -> date:
    """Return the day it is in the plant."""
    return now.astimezone(ZoneInfo(plant.zone)).date()


def rates(session: Session, plant: PlantView) -> tuple[RateView, ...]:
    """Return the rates into the plant's currency, the newest first."""
    found = session.execute(
        sa.select(ExchangeRateRow)
        .where(ExchangeRateRow.base == plant.currency)
        .order_by(ExchangeRateRow.from_on.desc(), ExchangeRateRow.currency)
        .limit(MOST_RATES)
    ).scalars()
    seen: set[str] = set()
    views = []
    for row in found:
        views.append(RateView(row.currency, row.from_on, row.rate, row.currency not in seen))
        seen.add(row.currency)
    return tuple(views)


def limits(session: Session, plant: PlantView) -> tuple[Limits, int]:
    """Return the plant's limits with their version."""
    return limits_of(session, plant.id)
