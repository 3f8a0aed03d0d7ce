"""Customers as the administrator keeps them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.queries.administration.listing import Filter, Page, Place, containing, take_page


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer; ``calendar`` None means the plant's."""

    id: int
    code: str
    name: str
    name_en: str
    contact: str
    language: Language
    calendar: str | None
    profile: str
    criteria: str
    accepts_stops: bool
    active: bool
    version: int


def customers(session: Session, actor: Actor, narrowed: Filter, place: Place) -> Page[CustomerView]:
    """Return a page of customers by code."""
    statement = sa.select(CustomerRow.id.label("id"), CustomerRow).where(seen_by(actor))
    if narrowed.active is not None:
        statement = statement.where(CustomerRow.active == narrowed.active)
    if narrowed.text:
        searched = (CustomerRow.code, CustomerRow.name, CustomerRow.name_en, CustomerRow.contact)
        statement = statement.where(containing(narrowed.text, *searched))
    page = take_page(session, statement, (CustomerRow.code, CustomerRow.id), place)
    return page.map(lambda row: _view(row.CustomerRow))


def customer(session: Session, actor: Actor, customer_id: int) -> CustomerView | None:
    """Return one customer, None for one that the actor may not see."""
    row = session.execute(
        sa.select(CustomerRow).where(CustomerRow.id == customer_id, seen_by(actor))
    ).scalar_one_or_none()
    return None if row is None else _view(row)


def customer_choices(
    session: Session, actor: Actor, also: frozenset[int] = frozenset()
) -> tuple[tuple[int, str, str], ...]:
    """Return id, code and name of the active customers to choose from, and of those chosen already."""
    statement = (
        sa.select(CustomerRow.id, CustomerRow.code, CustomerRow.name)
        .where(sa.or_(CustomerRow.active, CustomerRow.id.in_(also)), seen_by(actor))
        .order_by(CustomerRow.code)
    )
    return tuple((row.id, row.code, row.name) for row in session.execute(statement))


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on customers that exist for the actor."""
    return sa.true() if actor.customers is None else CustomerRow.id.in_(actor.customers)


def _view(row: CustomerRow) -> CustomerView:
    return CustomerView(
        id=row.id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        contact=row.contact,
        language=row.language,
        calendar=row.calendar,
        profile=row.profile,
        criteria=row.criteria,
        accepts_stops=row.accepts_stops,
        active=row.active,
        version=row.version,
    )
