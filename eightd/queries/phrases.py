"""The catalogue of wordings as those who keep it see it (procedure 7)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import Allowed, PlantSubject, may
from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.workbench import SavedPhraseRow
from eightd.queries.administration.listing import Filter, Page, Place, containing, take_page


@dataclass(frozen=True, slots=True)
class PhraseView:
    """A wording; ``plant`` is empty where it serves every plant, ``may_change`` says whether the actor keeps it."""

    id: int
    code: DisciplineCode
    field: str
    text_zh: str
    text_en: str
    plant_id: int | None
    plant: str
    active: bool
    version: int
    may_change: bool


def keeps_phrases(actor: Actor) -> bool:
    """Return whether the actor keeps wordings anywhere."""
    wanted = (Action.EXTEND_CATALOGUE, Action.ADMINISTER)
    return any(isinstance(may(actor, action), Allowed) for action in wanted)


def phrases(
    session: Session,
    actor: Actor,
    narrowed: Filter,
    place: Place,
    code: DisciplineCode | None = None,
    field: str = "",
) -> Page[PhraseView]:
    """Return a page of the wordings that the actor's plants are offered, by discipline and field."""
    row = SavedPhraseRow
    statement = sa.select(row.id.label("id"), row, PlantRow.code.label("plant")).outerjoin(
        PlantRow, PlantRow.id == row.plant_id
    )
    statement = statement.where(sa.or_(row.plant_id.is_(None), row.plant_id.in_(sorted(actor.plants))))
    if code is not None:
        statement = statement.where(row.code == code)
    if field:
        statement = statement.where(row.field == field)
    if narrowed.active is not None:
        statement = statement.where(row.active == narrowed.active)
    if narrowed.text:
        statement = statement.where(containing(narrowed.text, row.text_zh, row.text_en))
    page = take_page(session, statement, (row.code, row.field, row.id), place)
    return page.map(lambda found: _view(actor, found.SavedPhraseRow, found.plant))


def phrase(session: Session, actor: Actor, phrase_id: int) -> PhraseView | None:
    """Return one wording; None where there is none or it is another plant's."""
    row = session.get(SavedPhraseRow, phrase_id)
    if row is None or (row.plant_id is not None and row.plant_id not in actor.plants):
        return None
    return _view(actor, row, "" if row.plant_id is None else session.get_one(PlantRow, row.plant_id).code)


def _view(actor: Actor, row: SavedPhraseRow, plant: str | None) -> PhraseView:
    return PhraseView(
        id=row.id,
        code=row.code,
        field=row.field,
        text_zh=row.text_zh,
        text_en=row.text_en,
        plant_id=row.plant_id,
        plant=plant or "",
        active=row.active,
        version=row.version,
        may_change=_may_change(actor, row.plant_id),
    )


def _may_change(actor: Actor, plant_id: int | None) -> bool:
    subject = None if plant_id is None else PlantSubject(plant_id)
    if isinstance(may(actor, Action.ADMINISTER, subject), Allowed):
        return True
    return subject is not None and isinstance(may(actor, Action.EXTEND_CATALOGUE, subject), Allowed)
