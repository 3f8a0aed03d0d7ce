"""Turn an account into an actor, and find who stands in for whom."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.people import AbsenceRow, UserRow


def user(session: Session, user_id: int) -> UserRow | None:
    """Return the account with its roles, plants and customers, None if there is none."""
    return session.execute(_with_rights().where(UserRow.id == user_id)).scalar_one_or_none()


def user_by_login(session: Session, login: str) -> UserRow | None:
    """Return the account with this login, whatever its case."""
    wanted = login.strip().casefold()
    return session.execute(_with_rights().where(UserRow.login == wanted)).scalar_one_or_none()


def actor(session: Session, row: UserRow, today: date) -> Actor:
    """Return who the account is today: rights, and the absent users it stands in for."""
    absent = session.execute(
        sa.select(AbsenceRow.user_id).where(
            AbsenceRow.deputy_id == row.id, AbsenceRow.from_on <= today, AbsenceRow.until_on >= today
        )
    ).scalars()
    customers = frozenset(limit.customer_id for limit in row.customers)
    return Actor(
        id=row.id,
        roles=frozenset(held.role for held in row.roles),
        plants=frozenset(member.plant_id for member in row.plants),
        customers=customers or None,
        deputy_for=frozenset(absent),
    )


def _with_rights() -> sa.Select[UserRow]:
    return sa.select(UserRow).options(
        selectinload(UserRow.roles), selectinload(UserRow.plants), selectinload(UserRow.customers)
    )
