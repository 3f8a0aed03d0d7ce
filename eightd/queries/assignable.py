"""Who may be given a role or a discipline of a complaint (procedure 5)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eightd.domain.complaint import Role
from eightd.domain.workflow.table import WORKING
from eightd.persistence.tables.people import UserPlantRow, UserRow
from eightd.queries.header import HeaderView


@dataclass(frozen=True, slots=True)
class AssignableView:
    """Somebody who works complaints of the plant and sees the customer, with the roles held."""

    id: int
    name: str
    department: str
    roles: frozenset[Role]


def assignable(session: Session, header: HeaderView) -> tuple[AssignableView, ...]:
    """Return the active people of the complaint's plant who may see its customer, by name."""
    users = session.execute(
        sa.select(UserRow)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .where(UserRow.active, UserPlantRow.plant_id == header.plant_id)
        .options(selectinload(UserRow.roles), selectinload(UserRow.customers))
        .order_by(UserRow.name, UserRow.id)
    ).scalars()
    found = []
    for user in users:
        roles = frozenset(held.role for held in user.roles)
        limits = {limit.customer_id for limit in user.customers}
        if roles & WORKING and (not limits or header.customer_id in limits):
            found.append(AssignableView(user.id, user.name, user.department, roles))
    return tuple(found)
