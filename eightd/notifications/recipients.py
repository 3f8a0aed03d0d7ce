"""Who is told: those a promise depends on, their deputies while they are away, and whom they report to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.complaint import Role
from eightd.domain.messages import MessageKind, RelayKind, Way
from eightd.domain.words import Language
from eightd.persistence.tables.messaging import MessageChoiceRow, RelayRow, UserMessagingRow
from eightd.persistence.tables.people import AbsenceRow, UserCustomerRow, UserPlantRow, UserRoleRow, UserRow

_LONGEST_CHAIN = 4
"""How many deputies in a row are followed: the deputy may be away as well."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How one person is reached."""

    user_id: int
    name: str
    language: Language
    email: str
    zone: ZoneInfo | None
    quiet_from: time | None
    quiet_until: time | None
    chat_names: Mapping[str, str]
    choices: Mapping[tuple[MessageKind, Way], bool]


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody who is told, and in whose place: the ids of those who are away, the own one among them if it counts."""

    user_id: int
    instead_of: frozenset[int]


def reach(session: Session, user_ids: Collection[int], *, choices: bool = True) -> dict[int, Reach]:
    """Return how the active ones among the people are reached; ``choices`` False leaves out what they chose."""
    if not user_ids:
        return {}
    found = session.execute(
        sa.select(UserRow.id, UserRow.name, UserRow.language, UserRow.email, UserMessagingRow)
        .outerjoin(UserMessagingRow, UserMessagingRow.user_id == UserRow.id)
        .where(UserRow.id.in_(user_ids), UserRow.active)
    ).all()
    chosen = _chosen(session, user_ids) if choices else {}
    people = {}
    for user_id, name, language, email, found_own in found:
        own: UserMessagingRow | None = found_own
        people[user_id] = Reach(
            user_id=user_id,
            name=name,
            language=language,
            email=email,
            zone=ZoneInfo(own.zone) if own else None,
            quiet_from=own.quiet_from if own else None,
            quiet_until=own.quiet_until if own else None,
            chat_names=own.chat_names if own else {},
            choices=chosen.get(user_id, {}),
        )
    return people


def _chosen(
    session: Session, user_ids: Collection[int]
) -> Mapping[int, Mapping[tuple[MessageKind, Way], bool]]:
    chosen: dict[int, dict[tuple[MessageKind, Way], bool]] = {}
    for choice in session.execute(
        sa.select(MessageChoiceRow).where(MessageChoiceRow.user_id.in_(user_ids))
    ).scalars():
        chosen.setdefault(choice.user_id, {})[choice.kind, choice.way] = choice.wanted
    return chosen


def standing_in(session: Session, user_ids: Iterable[int], on: date) -> tuple[Stand, ...]:
    """Return who is told on a plant-local day: each person, or the deputy of one who is away.

    A deputy who is away too hands on to the next; where nobody is left, or a deputy has no account any more,
    the person is told all the same.
    """
    wanted = set(user_ids)
    if not wanted:
        return ()
    away = _away(session, on)
    told: dict[int, set[int]] = {}
    for person in wanted:
        told.setdefault(_present(person, away), set()).add(person)
    return tuple(Stand(person, frozenset(instead)) for person, instead in sorted(told.items()))


def _away(session: Session, on: date) -> Mapping[int, int]:
    """Return the deputies of all who are away that day, looked up once per session."""
    known: dict[date, dict[int, int]] = session.info.setdefault(_away, {})
    if on not in known:
        found = session.execute(
            sa.select(AbsenceRow.user_id, AbsenceRow.deputy_id)
            .join(UserRow, UserRow.id == AbsenceRow.deputy_id)
            .where(UserRow.active, AbsenceRow.from_on <= on, AbsenceRow.until_on >= on)
            .order_by(AbsenceRow.id)
        ).all()
        known[on] = dict(found)
    return known[on]


def _present(person: int, away: Mapping[int, int]) -> int:
    present = person
    for _ in range(_LONGEST_CHAIN):
        if present not in away:
            return present
        present = away[present]
    return person


def leads_of(session: Session, user_ids: Collection[int]) -> set[int]:
    """Return whom the people report to, as far as these have an active account."""
    if not user_ids:
        return set()
    lead = aliased(UserRow)
    found = session.execute(
        sa.select(lead.id)
        .join(UserRow, UserRow.lead_id == lead.id)
        .where(UserRow.id.in_(user_ids), lead.active)
    ).scalars()
    return set(found)


def holders_of(session: Session, role: Role, plant_id: int, customer_id: int) -> set[int]:
    """Return the active people of a plant who have the role and may see the customer."""
    limited = sa.select(UserCustomerRow.user_id).where(UserCustomerRow.user_id == UserRow.id)
    found = session.execute(
        sa.select(UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .where(
            UserRow.active,
            UserRoleRow.role == role,
            UserPlantRow.plant_id == plant_id,
            sa.or_(~limited.exists(), limited.where(UserCustomerRow.customer_id == customer_id).exists()),
        )
    ).scalars()
    return set(found)


def relays_of(session: Session, plant_id: int) -> tuple[RelayRow, ...]:
    """Return the active relays that serve a plant: of each kind its own, else those of all plants."""
    found = session.execute(
        sa.select(RelayRow)
        .where(RelayRow.active, sa.or_(RelayRow.plant_id == plant_id, RelayRow.plant_id.is_(None)))
        .order_by(RelayRow.id)
    ).scalars()
    by_kind: dict[RelayKind, list[RelayRow]] = {}
    for relay in found:
        by_kind.setdefault(relay.kind, []).append(relay)
    chosen = []
    for relays in by_kind.values():
        own = [relay for relay in relays if relay.plant_id is not None]
        chosen += own or relays
    return tuple(chosen)


def relay_for(session: Session, plant_id: int, kind: RelayKind = RelayKind.SMTP) -> RelayRow | None:
    """Return the relay of this kind that serves the plant, None where there is none."""
    return next((relay for relay in relays_of(session, plant_id) if relay.kind is kind), None)
