"""Parts as the administrator keeps them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.tables.catalogue import PartRow
from eightd.queries.administration.listing import Filter, Page, Place, containing, take_page


@dataclass(frozen=True, slots=True)
class PartView:
    """A part."""

    id: int
    number: str
    name: str
    name_en: str
    customer_number: str
    drawing_revision: str
    product_line: str
    active: bool
    version: int


def parts(session: Session, narrowed: Filter, place: Place) -> Page[PartView]:
    """Return a page of parts by number."""
    statement = sa.select(PartRow.id.label("id"), PartRow)
    if narrowed.active is not None:
        statement = statement.where(PartRow.active == narrowed.active)
    if narrowed.text:
        searched = (
            PartRow.number,
            PartRow.name,
            PartRow.name_en,
            PartRow.customer_number,
            PartRow.product_line,
        )
        statement = statement.where(containing(narrowed.text, *searched))
    page = take_page(session, statement, (PartRow.number, PartRow.id), place)
    return page.map(lambda row: _view(row.PartRow))


def part(session: Session, part_id: int) -> PartView | None:
    """Return one part."""
    row = session.get(PartRow, part_id)
    return None if row is None else _view(row)


def product_lines(session: Session) -> tuple[str, ...]:
    """Return the product lines that parts belong to."""
    statement = sa.select(PartRow.product_line).where(PartRow.product_line != "").distinct()
    return tuple(session.execute(statement.order_by(PartRow.product_line)).scalars())


def _view(row: PartRow) -> PartView:
    return PartView(
        id=row.id,
        number=row.number,
        name=row.name,
        name_en=row.name_en,
        customer_number=row.customer_number,
        drawing_revision=row.drawing_revision,
        product_line=row.product_line,
        active=row.active,
        version=row.version,
    )
