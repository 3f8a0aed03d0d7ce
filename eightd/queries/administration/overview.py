"""What there is to administer, in numbers, and the names of rules to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import (
    AssignmentRuleRow,
    CalendarRow,
    CriteriaRow,
    CustomerRow,
    PartRow,
    PhenomenonRow,
    ProfileRow,
)
from eightd.persistence.tables.people import UserRow
from eightd.queries.administration.customers import seen_by
from eightd.queries.people import kept_by


@dataclass(frozen=True, slots=True)
class OverviewView:
    """How many there are of each: active ones of users, customers, parts and phenomena, else all."""

    users: int
    plants: int
    customers: int
    parts: int
    phenomena: int
    rules: int
    criteria: int
    profiles: int
    calendars: int


@dataclass(frozen=True, slots=True)
class RuleNames:
    """The names of versioned rules."""

    criteria: tuple[str, ...]
    profiles: tuple[str, ...]
    calendars: tuple[str, ...]


def overview(session: Session, actor: Actor) -> OverviewView:
    """Count what the actor administers, in one statement."""

    def count(column: Any, *which: Any) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count(column.distinct())).where(*which).scalar_subquery()

    rules = AssignmentRuleRow.plant_id.in_(actor.plants)
    row = session.execute(
        sa.select(
            count(UserRow.id, UserRow.active, kept_by(actor)),
            count(CustomerRow.id, CustomerRow.active, seen_by(actor)),
            count(PartRow.id, PartRow.active),
            count(PhenomenonRow.id, PhenomenonRow.active),
            count(AssignmentRuleRow.id, rules),
            count(CriteriaRow.name),
            count(ProfileRow.name),
            count(CalendarRow.name),
        )
    ).one()
    users, customers, parts, phenomena, rule_count, criteria, profiles, calendars = row
    return OverviewView(
        users, len(actor.plants), customers, parts, phenomena, rule_count, criteria, profiles, calendars
    )


def rule_names(session: Session) -> RuleNames:
    """Return the names there are, in order."""
    found: dict[str, list[str]] = {"criteria": [], "profiles": [], "calendars": []}
    statements = [
        sa.select(sa.literal(kind).label("kind"), table.name.label("name")).distinct()
        for kind, table in (("criteria", CriteriaRow), ("profiles", ProfileRow), ("calendars", CalendarRow))
    ]
    for kind, name in session.execute(sa.union_all(*statements)):
        found[kind].append(name)
    return RuleNames(*(tuple(sorted(found[kind])) for kind in ("criteria", "profiles", "calendars")))
