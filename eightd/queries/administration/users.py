"""Accounts in a list that can be narrowed and paged."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Role
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.people import PlantRow, UserPlantRow, UserRoleRow, UserRow
from eightd.queries.administration.listing import Filter, Page, Place, containing, take_page
from eightd.queries.people import UserLineView, kept_by


def users(
    session: Session, actor: Actor, narrowed: Filter, place: Place, *, role: Role | None = None
) -> Page[UserLineView]:
    """Return a page of the accounts that the actor keeps, by name; three statements whatever their number."""
    statement = sa.select(UserRow.id.label("id"), UserRow).where(kept_by(actor))
    if narrowed.active is not None:
        statement = statement.where(UserRow.active == narrowed.active)
    if role is not None:
        holds = sa.select(UserRoleRow.user_id).where(
            UserRoleRow.user_id == UserRow.id, UserRoleRow.role == role
        )
        statement = statement.where(holds.exists())
    if narrowed.text:
        searched = (UserRow.name, UserRow.login, UserRow.email, UserRow.department)
        statement = statement.where(containing(narrowed.text, *searched))
    page = take_page(session, statement, (UserRow.name, UserRow.id), place)
    ids = [row.id for row in page.lines]
    roles, plants = _roles(session, ids), _plants(session, ids)

    def line(row: UserRow) -> UserLineView:
        return UserLineView(
            id=row.id,
            login=row.login,
            name=row.name,
            department=row.department,
            active=row.active,
            roles=tuple(one for one in Role if one in roles.get(row.id, ())),
            plants=tuple(plants.get(row.id, ())),
            last_sign_in_at=row.last_sign_in_at,
        )

    return page.map(lambda found: line(found.UserRow))


def _roles(session: Session, ids: list[int]) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = {}
    statement = sa.select(UserRoleRow.user_id, UserRoleRow.role).where(UserRoleRow.user_id.in_(ids))
    for user_id, role in session.execute(statement):
        found.setdefault(user_id, []).append(role)
    return found


def _plants(session: Session, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    statement = (
        sa.select(UserPlantRow.user_id, PlantRow.code)
        .join(PlantRow, PlantRow.id == UserPlantRow.plant_id)
        .where(UserPlantRow.user_id.in_(ids))
        .order_by(PlantRow.code)
    )
    for user_id, code in session.execute(statement):
        found.setdefault(user_id, []).append(code)
    return found
