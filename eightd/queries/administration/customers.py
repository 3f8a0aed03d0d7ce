"""Customers as the administrator keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import CustomerRow, CustomerTierProfileRow
from eightd.queries.administration.listing import Filter, Page, Place, containing, take_page


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer; ``calendar`` None means the plant's, ``tier_profiles`` differ from its usual profile."""

    id: int
    code: str
    name: str
    name_en: str
    contact: str
    emails: str
    language: Language
    calendar: str | None
    profile: str
    tier_profiles: Mapping[Tier, str]
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
    tiers = _tier_profiles(session, [row.id for row in page.lines])
    return page.map(lambda row: _view(row.CustomerRow, tiers.get(row.id, {})))


def customer(session: Session, actor: Actor, customer_id: int) -> CustomerView | None:
    """Return one customer, None for one that the actor may not see."""
    row = session.execute(
        sa.select(CustomerRow).where(CustomerRow.id == customer_id, seen_by(actor))
    ).scalar_one_or_none()
    return None if row is None else _view(row, _tier_profiles(session, [row.id]).get(row.id, {}))


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


def _tier_profiles(session: Session, ids: list[int]) -> Mapping[int, Mapping[Tier, str]]:
    found: dict[int, dict[Tier, str]] = {}
    statement = sa.select(CustomerTierProfileRow).where(CustomerTierProfileRow.customer_id.in_(ids))
    for row in session.execute(statement).scalars():
        found.setdefault(row.customer_id, {})[row.tier] = row.profile
    return found


def _view(row: CustomerRow, tier_profiles: Mapping[Tier, str]) -> CustomerView:
    return CustomerView(
        id=row.id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        contact=row.contact,
        emails=", ".join(row.emails.split(",")),
        language=row.language,
        calendar=row.calendar,
        profile=row.profile,
        tier_profiles=tier_profiles,
        criteria=row.criteria,
        accepts_stops=row.accepts_stops,
        active=row.active,
        version=row.version,
    )
