"""Find the people of a plant in whose names records are taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eightd.domain.complaint import Role
from eightd.domain.words import Phrase
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import people
from eightd.persistence.tables.people import PlantRow, UserPlantRow, UserRow
from eightd.persistence.unit_of_work import Order
from eightd.usecases.errors import NotAllowed

NO_PLANT = Phrase("crew.no_plant", "There is no plant {code}", "没有工厂 {code}")
WHICH_PLANT = Phrase("crew.which_plant", "Please name the plant: {codes}", "请指定工厂: {codes}")
NOBODY = Phrase(
    "crew.nobody",
    "No active user of plant {plant} has the role {role} and sees every customer",
    "工厂 {plant} 没有具备角色 {role} 且可见全部客户的启用用户",
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person who acts, with the name kept in the record."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Crew:
    """The plant and its people by id and by role; the first user of a role acts for it."""

    plant_id: int
    plant_code: str
    zone: ZoneInfo
    members: Mapping[int, Member]

    def holding(self, role: Role) -> Member:
        """Return the first user with the role; raise NotAllowed where the plant has none."""
        for member in self.members.values():
            if role in member.actor.roles:
                return member
        raise NotAllowed(NOBODY.say(plant=self.plant_code, role=role.value))

    def order(self, member: Member, key: str, now: datetime) -> Order:
        """Return the member's order at an instant."""
        return Order(actor=member.actor, actor_name=member.name, key=key, now=now, silent=True)


def muster(session: Session, plant_code: str, now: datetime) -> Crew:
    """Return the crew of a plant; an empty code means the only plant there is.

    Raises NotAllowed where the plant is unknown or has to be named.
    """
    plants = list(session.execute(sa.select(PlantRow).order_by(PlantRow.code)).scalars())
    if plant_code:
        chosen = [plant for plant in plants if plant.code.casefold() == plant_code.casefold()]
        if not chosen:
            raise NotAllowed(NO_PLANT.say(code=plant_code))
    else:
        chosen = plants
    if len(chosen) != 1:
        raise NotAllowed(WHICH_PLANT.say(codes=", ".join(plant.code for plant in plants) or "-"))
    plant = chosen[0]
    zone = ZoneInfo(plant.zone)
    users = session.execute(
        sa.select(UserRow)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .where(UserPlantRow.plant_id == plant.id, UserRow.active)
        .options(selectinload(UserRow.roles), selectinload(UserRow.plants), selectinload(UserRow.customers))
        .order_by(UserRow.id)
    ).scalars()
    members = {
        user.id: Member(people.actor(session, user, now.astimezone(zone).date()), user.name)
        for user in users
        if not user.customers
    }
    return Crew(plant.id, plant.code, zone, members)
