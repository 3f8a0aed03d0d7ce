"""A plant's assignment rules in the order in which they are asked (procedure 5)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Role
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import AssignmentRuleRow, CustomerRow
from eightd.persistence.tables.people import UserPlantRow, UserRoleRow, UserRow


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule; ``person_active`` False means that it gives out nothing any more."""

    id: int
    role: Role
    customer_code: str | None
    customer_name: str | None
    product_line: str | None
    person: str
    person_login: str
    person_active: bool
    rank: int


def rules(session: Session, actor: Actor, plant_id: int) -> tuple[RuleView, ...]:
    """Return the rules of one of the actor's plants, by role, then the most particular first, then rank."""
    rows = session.execute(
        sa.select(
            AssignmentRuleRow, CustomerRow.code, CustomerRow.name, UserRow.name, UserRow.login, UserRow.active
        )
        .join(UserRow, UserRow.id == AssignmentRuleRow.user_id)
        .outerjoin(CustomerRow, CustomerRow.id == AssignmentRuleRow.customer_id)
        .where(AssignmentRuleRow.plant_id == plant_id, AssignmentRuleRow.plant_id.in_(actor.plants))
    ).all()
    if actor.customers is not None:
        rows = [row for row in rows if row[0].customer_id is None or row[0].customer_id in actor.customers]
    found = [
        RuleView(
            id=row.id,
            role=row.role,
            customer_code=code,
            customer_name=customer,
            product_line=row.product_line,
            person=person,
            person_login=login,
            person_active=active,
            rank=row.rank,
        )
        for row, code, customer, person, login, active in rows
    ]
    roles = list(Role)
    return tuple(
        sorted(
            found,
            key=lambda one: (
                roles.index(one.role),
                one.customer_code is None,
                one.product_line is None,
                one.customer_code or "",
                one.product_line or "",
                one.rank,
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class CandidateView:
    """An active person of a plant with the roles that rules may give out."""

    id: int
    name: str
    roles: tuple[Role, ...]


def candidates(
    session: Session, actor: Actor, plant_id: int, roles: tuple[Role, ...]
) -> tuple[CandidateView, ...]:
    """Return the active people of one of the actor's plants who hold any of the roles, by name."""
    statement = (
        sa.select(UserRow.id, UserRow.name, UserRoleRow.role)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(
            UserRow.active,
            UserPlantRow.plant_id == plant_id,
            UserPlantRow.plant_id.in_(actor.plants),
            UserRoleRow.role.in_(roles),
        )
        .order_by(UserRow.name, UserRow.id)
    )
    held: dict[tuple[int, str], set[Role]] = {}
    for user_id, name, role in session.execute(statement):
        held.setdefault((user_id, name), set()).add(role)
    return tuple(
        CandidateView(user_id, name, tuple(role for role in Role if role in own))
        for (user_id, name), own in held.items()
    )
