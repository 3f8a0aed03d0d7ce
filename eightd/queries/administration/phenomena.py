"""The catalogue of phenomena as the administrator keeps it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DefectKind
from eightd.persistence.tables.catalogue import PhenomenonRow
from eightd.queries.administration.listing import Filter, Page, Place, containing, take_page


@dataclass(frozen=True, slots=True)
class PhenomenonView:
    """A phenomenon in both languages."""

    id: int
    kind: DefectKind
    text: str
    text_en: str
    active: bool
    version: int


def phenomena(
    session: Session, narrowed: Filter, place: Place, kind: DefectKind | None = None
) -> Page[PhenomenonView]:
    """Return a page of phenomena by their Chinese text."""
    statement = sa.select(PhenomenonRow.id.label("id"), PhenomenonRow)
    if kind is not None:
        statement = statement.where(PhenomenonRow.kind == kind)
    if narrowed.active is not None:
        statement = statement.where(PhenomenonRow.active == narrowed.active)
    if narrowed.text:
        statement = statement.where(containing(narrowed.text, PhenomenonRow.text, PhenomenonRow.text_en))
    page = take_page(session, statement, (PhenomenonRow.text, PhenomenonRow.id), place)
    return page.map(lambda row: _view(row.PhenomenonRow))


def phenomenon(session: Session, phenomenon_id: int) -> PhenomenonView | None:
    """Return one phenomenon."""
    row = session.get(PhenomenonRow, phenomenon_id)
    return None if row is None else _view(row)


def _view(row: PhenomenonRow) -> PhenomenonView:
    return PhenomenonView(
        id=row.id, kind=row.kind, text=row.text, text_en=row.text_en, active=row.active, version=row.version
    )
