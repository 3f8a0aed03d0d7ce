"""Lists a page at a time: by key, so that the hundredth page costs what the first does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")
R = TypeVar("R")

PAGE = 50
"""Lines on one page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after one id, or before one; the first page where both are None."""

    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Lines with the ids to go on from, None where there is no such page."""

    lines: tuple[T, ...]
    before: int | None
    after: int | None

    def map(self, show: Callable[[T], R]) -> Page[R]:
        """Return the page with each line turned into what is shown."""
        return Page(tuple(map(show, self.lines)), self.before, self.after)


@dataclass(frozen=True, slots=True)
class Filter:
    """What every list of administration may be narrowed by; ``active`` None shows both."""

    text: str = ""
    active: bool | None = True


def take_page(
    session: Session,
    statement: Any,
    order: Sequence[InstrumentedAttribute[Any]],
    place: Place,
    *,
    descending: bool = False,
    size: int = PAGE,
) -> Page[Any]:
    """Return one page of rows in the order of the columns, of which the last is the id.

    A row that is gone meanwhile as the place to go on from gives the first page. The result's rows carry
    their id under ``id``.
    """
    backwards = place.before is not None
    anchor_id = place.before if backwards else place.after
    key = order[-1]
    anchor = None
    if anchor_id is not None:
        anchor = session.execute(sa.select(*order).where(key == anchor_id)).one_or_none()
        backwards = backwards and anchor is not None
    ascending = descending == backwards
    if anchor is not None:
        here, there = sa.tuple_(*order), sa.tuple_(*anchor)
        statement = statement.where(here > there if ascending else here < there)
    statement = statement.order_by(*(column.asc() if ascending else column.desc() for column in order))
    rows = list(session.execute(statement.limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_before = more if backwards else anchor is not None
    has_after = (anchor is not None and bool(rows)) if backwards else more
    return Page(
        tuple(rows),
        before=rows[0].id if rows and has_before else None,
        after=rows[-1].id if rows and has_after else None,
    )


def containing(text: str, *columns: InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Return the condition that every word of the text stands in one of the columns, whatever its case."""
    words = text.split()
    return sa.and_(
        sa.true(),
        *(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words),
    )
