"""The record across all complaints that the actor may see, newest first, and of administration for auditors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.complaint import Role
from eightd.domain.events import EventTag
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.audit import SYSTEM_CHAIN, chain_of
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries.administration.listing import Page, Place, take_page

_PERSON_KEYS = ("lead_id", "user_id", "owner_id", "on_behalf_of")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the list is narrowed by; dates are of the actor's zone, both included.

    ``about`` is a complaint's number, or ``system`` for administration.
    """

    about: str = ""
    person: str = ""
    tag: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class AuditEntryView:
    """One entry of a chain; ``number`` None is administration. ``people`` names the ids in old and new."""

    id: int
    sequence: int
    number: str | None
    at: datetime
    by: str
    tag: str
    subject: str
    reason: str
    hash: str
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)


def entries(
    session: Session, actor: Actor, narrowed: AuditFilter, place: Place, zone: str
) -> Page[AuditEntryView]:
    """Return a page of entries, newest first, in three statements at most."""
    seen = scope(actor)
    readable: sa.ColumnElement[bool] = ComplaintRow.plant_id.in_(seen.plants)
    if seen.customers is not None:
        readable = sa.and_(readable, ComplaintRow.customer_id.in_(seen.customers))
    if Role.AUDITOR in actor.roles:
        readable = sa.or_(readable, AuditRow.chain == SYSTEM_CHAIN)
    statement = (
        sa.select(AuditRow.id.label("id"), AuditRow, ComplaintRow.number)
        .outerjoin(ComplaintRow, ComplaintRow.id == AuditRow.complaint_id)
        .where(readable, *_conditions(session, narrowed, ZoneInfo(zone)))
    )
    page = take_page(session, statement, (AuditRow.id,), place, descending=True)
    people = _people(session, [row.AuditRow for row in page.lines])
    return page.map(lambda row: _view(row.AuditRow, row.number, people, drafts=seen.drafts))


def _conditions(session: Session, narrowed: AuditFilter, zone: ZoneInfo) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    about = narrowed.about.strip()
    if about == SYSTEM_CHAIN:
        conditions.append(AuditRow.chain == SYSTEM_CHAIN)
    elif about:
        found = session.execute(
            sa.select(ComplaintRow.id).where(ComplaintRow.number == about.upper())
        ).scalar_one_or_none()
        conditions.append(AuditRow.chain == chain_of(found) if found is not None else sa.false())
    if narrowed.person.strip():
        conditions.append(AuditRow.actor_name.icontains(narrowed.person.strip(), autoescape=True))
    if narrowed.tag:
        conditions.append(AuditRow.tag == narrowed.tag)
    if narrowed.from_on is not None:
        conditions.append(AuditRow.at >= datetime.combine(narrowed.from_on, time(), zone))
    if narrowed.to_on is not None:
        conditions.append(AuditRow.at < datetime.combine(narrowed.to_on + timedelta(days=1), time(), zone))
    return conditions


def _people(session: Session, rows: list[AuditRow]) -> dict[int, str]:
    ids = {
        value[key]
        for row in rows
        for value in (row.old, row.new)
        if value
        for key in _PERSON_KEYS
        if isinstance(value.get(key), int)
    }
    if not ids:
        return {}
    return dict(session.execute(sa.select(UserRow.id, UserRow.name).where(UserRow.id.in_(ids))).all())


def _view(row: AuditRow, number: str | None, people: Mapping[int, str], *, drafts: bool) -> AuditEntryView:
    hidden = not drafts and row.tag == EventTag.DRAFT_SAVED  # what a draft said is not released
    return AuditEntryView(
        id=row.id,
        sequence=row.sequence,
        number=number,
        at=row.at,
        by=row.actor_name,
        tag=row.tag,
        subject=row.subject,
        reason=row.reason,
        hash=row.hash,
        old={} if hidden else row.old or {},
        new={} if hidden else row.new or {},
        people=people,
    )
