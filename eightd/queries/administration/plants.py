"""Plants that the administrator belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.complaint import ComplaintRow, NumberRow
from eightd.persistence.tables.people import PlantRow


@dataclass(frozen=True, slots=True)
class PlantView:
    """A plant; ``numbers_given`` means that its prefix is in use for ever."""

    id: int
    code: str
    name: str
    name_en: str
    zone: str
    language: Language
    close_of_business: time
    calendar: str
    number_prefix: str
    currency: str
    address: str
    address_en: str
    version: int
    open_complaints: int
    numbers_given: bool


def plants(session: Session, actor: Actor) -> tuple[PlantView, ...]:
    """Return the actor's plants by code."""
    rows = session.execute(_statement().where(PlantRow.id.in_(actor.plants)).order_by(PlantRow.code)).all()
    return tuple(_view(*row) for row in rows)


def plant(session: Session, actor: Actor, plant_id: int) -> PlantView | None:
    """Return one plant, None for a foreign one."""
    found = session.execute(
        _statement().where(PlantRow.id == plant_id, PlantRow.id.in_(actor.plants))
    ).one_or_none()
    return None if found is None else _view(*found)


def _statement() -> sa.Select[PlantRow, int, bool]:
    open_complaints = (
        sa.select(sa.func.count())
        .select_from(ComplaintRow)
        .where(ComplaintRow.plant_id == PlantRow.id, ComplaintRow.is_open)
        .scalar_subquery()
    )
    given = sa.select(NumberRow.year).where(NumberRow.plant_id == PlantRow.id).exists()
    return sa.select(PlantRow, open_complaints, given)


def _view(row: PlantRow, open_complaints: int, given: bool) -> PlantView:
    return PlantView(
        id=row.id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        zone=row.zone,
        language=row.language,
        close_of_business=row.close_of_business,
        calendar=row.calendar,
        number_prefix=row.number_prefix,
        currency=row.currency,
        address=row.address,
        address_en=row.address_en,
        version=row.version,
        open_complaints=open_complaints,
        numbers_given=bool(given),
    )
