"""What there is to administer, in numbers, and the names of rules to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.messages import DeliveryState
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories.deliveries import kept_in
from eightd.persistence.repositories.reviewing import VERSION_RULE
from eightd.persistence.tables.catalogue import (
    AssignmentRuleRow,
    CalendarRow,
    CriteriaRow,
    CustomerRow,
    PartRow,
    PhenomenonRow,
    ProfileRow,
)
from eightd.persistence.tables.correspondence import MailboxRow, ReplyTemplateRow, WordingRuleRow
from eightd.persistence.tables.messaging import DeliveryRow, RelayRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.returns import FailureCategoryRow
from eightd.persistence.tables.reviewing import ReviewSettingRow
from eightd.persistence.tables.workbench import SavedPhraseRow
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
    relays: int
    mailboxes: int
    dead_deliveries: int
    reply_templates: int
    wordings: int
    reviewer_levels: int
    phrases: int
    failure_categories: int


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
    own_relay = RelayRow.plant_id.in_(actor.plants)
    own_template = sa.or_(
        ReplyTemplateRow.customer_id.is_(None),
        sa.true() if actor.customers is None else ReplyTemplateRow.customer_id.in_(actor.customers),
    )
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
            count(RelayRow.id, RelayRow.active, sa.or_(own_relay, RelayRow.plant_id.is_(None))),
            count(MailboxRow.id, MailboxRow.active, MailboxRow.plant_id.in_(actor.plants)),
            sa.select(sa.func.count())
            .select_from(DeliveryRow)
            .join(RelayRow, RelayRow.id == DeliveryRow.relay_id)
            .where(DeliveryRow.state == DeliveryState.DEAD, kept_in(actor.plants))
            .scalar_subquery(),
            count(ReplyTemplateRow.id, ReplyTemplateRow.active, own_template),
            count(WordingRuleRow.id, WordingRuleRow.active),
            count(
                ReviewSettingRow.id,
                ReviewSettingRow.plant_id.in_(actor.plants),
                ReviewSettingRow.rule != VERSION_RULE,
            ),
            count(
                SavedPhraseRow.id,
                SavedPhraseRow.active,
                sa.or_(SavedPhraseRow.plant_id.is_(None), SavedPhraseRow.plant_id.in_(actor.plants)),
            ),
            count(
                FailureCategoryRow.id,
                FailureCategoryRow.active,
                sa.or_(FailureCategoryRow.plant_id.is_(None), FailureCategoryRow.plant_id.in_(actor.plants)),
            ),
        )
    ).one()
    (
        users,
        customers,
        parts,
        phenomena,
        rule_count,
        criteria,
        profiles,
        calendars,
        relays,
        mailboxes,
        *more,
    ) = row
    dead, reply_templates, wordings, reviewer_levels, phrases, categories = more
    return OverviewView(
        users=users,
        plants=len(actor.plants),
        customers=customers,
        parts=parts,
        phenomena=phenomena,
        rules=rule_count,
        criteria=criteria,
        profiles=profiles,
        calendars=calendars,
        relays=relays,
        mailboxes=mailboxes,
        dead_deliveries=dead,
        reply_templates=reply_templates,
        wordings=wordings,
        reviewer_levels=reviewer_levels,
        phrases=phrases,
        failure_categories=categories,
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
