"""Hand a role or a discipline of a complaint to somebody else (procedure 5)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eightd.domain.assignment import discipline_owners
from eightd.domain.complaint import DisciplineCode, Role
from eightd.domain.messages import MessageKind
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.table import WORKING
from eightd.persistence.repositories import desk
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import UserPlantRow, UserRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.assigning import hold, holders, own_disciplines
from eightd.usecases.errors import Invalid
from eightd.usecases.telling import tell_people
from eightd.usecases.verb import Done, verb

NOT_ELIGIBLE = Phrase(
    "assign.not_eligible",
    "This person is not active in the plant, lacks the role or may not see the customer",
    "此人在该工厂未启用、无相应角色或无权查看该客户",
)


@verb("assignment.assign")
def assign_role(work: Work, *, number: str, version: int, role: Role, user_id: int, reason: str = "") -> Done:
    """Give a role to a user who has it; disciplines nobody has begun follow, unless given by name."""
    opened = open_complaint(work, number, Action.ASSIGN, version=version, reason=reason)
    row = opened.row
    _eligible(work, row, user_id, WORKING & {role})
    held = holders(work.session, row.id)
    hold(work, row, role, user_id, reason.strip())
    own_disciplines(work, row, row.origin, before=discipline_owners(row.origin, held))
    desk.lay_out(work.session, row.id)
    conclude(work, opened, subject=role.value, old={"user_id": held.get(role)}, new={"user_id": user_id})
    return Done(number=number, version=row.version)


@verb("assignment.assign_discipline")
def assign_discipline(
    work: Work, *, number: str, version: int, code: DisciplineCode, user_id: int, reason: str = ""
) -> Done:
    """Make a user the owner of one discipline."""
    opened = open_complaint(work, number, Action.ASSIGN, version=version, reason=reason)
    _eligible(work, opened.row, user_id, WORKING)
    discipline = work.session.get_one(DisciplineRow, (opened.row.id, code))
    before, discipline.owner_id = discipline.owner_id, user_id
    desk.lay_out(work.session, opened.row.id)
    conclude(work, opened, subject=code.value, old={"owner_id": before}, new={"owner_id": user_id})
    if before != user_id:
        tell_people(work, opened.row, MessageKind.ASSIGNED, {user_id}, discipline=code, reason=reason.strip())
    return Done(number=number, version=opened.row.version)


def _eligible(work: Work, row: ComplaintRow, user_id: int, roles: frozenset[Role]) -> None:
    user = work.session.execute(
        sa.select(UserRow)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .where(UserRow.id == user_id, UserRow.active, UserPlantRow.plant_id == row.plant_id)
        .options(selectinload(UserRow.roles), selectinload(UserRow.customers))
    ).scalar_one_or_none()
    has_role = user is not None and any(held.role in roles for held in user.roles)
    limits = {limit.customer_id for limit in user.customers} if user else set()
    if not has_role or (limits and row.customer_id not in limits):
        raise Invalid({"user_id": NOT_ELIGIBLE.say()})
