"""Accounts as an administrator keeps them: who may sign in, with which roles, for which plants and customers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from eightd.domain.authority import may
from eightd.domain.complaint import Role
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.locks import hold
from eightd.persistence.repositories import people
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.people import PlantRow, UserCustomerRow, UserPlantRow, UserRoleRow, UserRow
from eightd.persistence.unit_of_work import Order, Work
from eightd.usecases.access import insist
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.services import Services
from eightd.usecases.verb import Done, verb

V = TypeVar("V")

LONGEST = {"login": 80, "name": 120, "email": 200, "department": 120, "phone": 60}

_EMPTY = Phrase("user.empty", "Please fill this in.", "请填写。")
_TOO_LONG = Phrase("user.too_long", "At most {most} characters.", "最多 {most} 个字符。")
_BAD_LOGIN = Phrase(
    "user.bad_login", "Letters, digits and . @ + - _ only.", "只能使用文字、数字和 . @ + - _。"
)
_TAKEN = Phrase("user.taken", "Somebody has this sign-in name already.", "该登录名已被使用。")
_NO_ROLE = Phrase("user.no_role", "Choose at least one role.", "请至少选择一个角色。")
_NO_PLANT = Phrase("user.no_plant", "Choose at least one of your plants.", "请至少选择一个您管理的工厂。")
_NO_CUSTOMER = Phrase("user.no_customer", "There is no such customer.", "没有该客户。")
_NO_LEAD = Phrase(
    "user.no_lead", "Choose an active colleague of one of your plants.", "请选择您管理的工厂中的在职同事。"
)
_OWN_LEAD = Phrase("user.own_lead", "Nobody reports to himself.", "不能向本人汇报。")
_LEAD_CIRCLE = Phrase(
    "user.lead_circle",
    "{name} reports to this person already, over others perhaps.",
    "{name} 已（直接或间接）向此人汇报。",
)
_LAST_ADMIN = Phrase(
    "user.last_admin",
    "There must remain an active administrator; this is the only one.",
    "必须保留一名在职管理员；目前只有这一名。",
)
_SYMBOLS = ".@+-_"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEntry:
    """What an administrator decides about an account; no customers means all of the plants'.

    ``lead_id`` is whom the person reports to: who hears when a milestone of the person's is overdue.
    """

    name: str
    email: str = ""
    phone: str = ""
    department: str = ""
    language: Language = Language.ZH
    active: bool = True
    roles: frozenset[Role] = frozenset()
    plants: frozenset[int] = frozenset()
    customers: frozenset[int] = frozenset()
    lead_id: int | None = None


def command_line(services: Services) -> Order:
    """Return an order of whoever sits at the machine: an administrator of every plant."""
    with services.uow.reading() as session:
        plants = frozenset(session.execute(sa.select(PlantRow.id)).scalars())
    return services.order(Actor(id=0, roles=frozenset({Role.ADMIN}), plants=plants), "command line", "")


@verb("user.create")
def create_user(
    work: Work, *, login: str, password_hash: str, entry: UserEntry, must_change_password: bool = True
) -> Done:
    """Make an account whose first password must be changed at the first sign-in. Raises Invalid."""
    insist(may(work.actor, Action.ADMINISTER))
    name = login.strip().casefold()
    hold(work.session, f"login:{name}")
    problems = {
        **_login_problem(work, name),
        **_problems(work, entry, work.actor.plants),
        **_lead_problem(work, None, entry.lead_id),
    }
    if problems:
        raise Invalid(problems)
    row = UserRow(
        login=name,
        name=entry.name.strip(),
        email=entry.email.strip(),
        phone=entry.phone.strip(),
        department=entry.department.strip(),
        password_hash=password_hash,
        language=entry.language,
        active=entry.active,
        must_change_password=must_change_password,
        created_at=work.now,
        lead_id=entry.lead_id,
    )
    row.roles = [UserRoleRow(role=role) for role in sorted(entry.roles)]
    row.plants = [UserPlantRow(plant_id=plant) for plant in sorted(entry.plants)]
    row.customers = [UserCustomerRow(customer_id=customer) for customer in sorted(entry.customers)]
    work.session.add(row)
    work.session.flush()
    work.record("user.created", subject=row.login, new=_document(row))
    return Done(id=row.id, version=1)


@verb("user.change")
def change_user(work: Work, *, user_id: int, version: int, entry: UserEntry) -> Done:
    """Change an account; its sessions end where roles, plants, customers or activity changed.

    Plants that the actor does not administer stay as they are. Raises NotFound, Stale, Invalid, and
    NotAllowed where no active administrator would remain.
    """
    row = _kept(work, user_id, version)
    foreign = frozenset(member.plant_id for member in row.plants) - work.actor.plants
    problems = {
        **_problems(work, entry, work.actor.plants, has_foreign=bool(foreign)),
        **_lead_problem(work, row, entry.lead_id),
    }
    if problems:
        raise Invalid(problems)
    old = _document(row)
    _keep_an_administrator(work, row, entry)
    row.name, row.email, row.phone = entry.name.strip(), entry.email.strip(), entry.phone.strip()
    row.department, row.language, row.active = entry.department.strip(), entry.language, entry.active
    row.lead_id = entry.lead_id
    _exchange(row.roles, "role", entry.roles, lambda role: UserRoleRow(role=role))
    _exchange(row.plants, "plant_id", entry.plants | foreign, lambda plant: UserPlantRow(plant_id=plant))
    _exchange(row.customers, "customer_id", entry.customers, lambda one: UserCustomerRow(customer_id=one))
    new = _document(row)
    changed = [name for name in new if new[name] != old[name]]
    if not changed:
        return Done(id=row.id, version=row.version)
    if {"roles", "plants", "customers", "active"} & set(changed):
        row.session_epoch += 1
    row.version += 1
    work.record(
        "user.changed",
        subject=row.login,
        old={name: old[name] for name in changed},
        new={name: new[name] for name in changed},
    )
    return Done(id=row.id, version=row.version)


@verb("user.reset_password")
def reset_password(work: Work, *, user_id: int, version: int, password_hash: str) -> Done:
    """Give an account a password that its owner must change at the next sign-in; its sessions end."""
    row = _kept(work, user_id, version)
    row.password_hash = password_hash
    row.must_change_password = True
    row.session_epoch += 1
    row.version += 1
    work.record("user.password_reset", subject=row.login)
    return Done(id=row.id, version=row.version)


def _kept(work: Work, user_id: int, version: int) -> UserRow:
    """Return an account that the actor administers, locked, at the version seen."""
    insist(may(work.actor, Action.ADMINISTER))
    work.session.execute(sa.select(UserRow.id).where(UserRow.id == user_id).with_for_update())
    row = people.user(work.session, user_id)
    if row is None:
        raise NotFound
    plants = {member.plant_id for member in row.plants}
    if plants and not plants & work.actor.plants:
        raise NotFound
    if row.version != version:
        raise Stale(row.version)
    return row


def _keep_an_administrator(work: Work, row: UserRow, entry: UserEntry) -> None:
    was = row.active and any(held.role is Role.ADMIN for held in row.roles)
    if not was or (entry.active and Role.ADMIN in entry.roles):
        return
    hold(work.session, "administrators")
    others = (
        sa.select(UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(UserRow.active, UserRoleRow.role == Role.ADMIN, UserRow.id != row.id)
        .limit(1)
    )
    if work.session.execute(others).first() is None:
        raise NotAllowed(_LAST_ADMIN.say())


def _login_problem(work: Work, login: str) -> dict[str, Message]:
    if not login:
        return {"login": _EMPTY.say()}
    if len(login) > LONGEST["login"]:
        return {"login": _TOO_LONG.say(most=LONGEST["login"])}
    if not all(character.isalnum() or character in _SYMBOLS for character in login):
        return {"login": _BAD_LOGIN.say()}
    if work.session.execute(sa.select(UserRow.id).where(UserRow.login == login)).first() is not None:
        return {"login": _TAKEN.say()}
    return {}


def _problems(
    work: Work, entry: UserEntry, own_plants: frozenset[int], *, has_foreign: bool = False
) -> dict[str, Message]:
    problems: dict[str, Message] = {}
    for name in ("name", "email", "phone", "department"):
        if len(getattr(entry, name).strip()) > LONGEST[name]:
            problems[name] = _TOO_LONG.say(most=LONGEST[name])
    if not entry.name.strip():
        problems["name"] = _EMPTY.say()
    if not entry.roles:
        problems["roles"] = _NO_ROLE.say()
    if not entry.plants <= own_plants or not (entry.plants or has_foreign):
        problems["plants"] = _NO_PLANT.say()
    known = work.session.execute(
        sa.select(CustomerRow.id).where(CustomerRow.id.in_(entry.customers))
    ).scalars()
    if set(known) != entry.customers:
        problems["customers"] = _NO_CUSTOMER.say()
    return problems


def _lead_problem(work: Work, row: UserRow | None, lead_id: int | None) -> dict[str, Message]:
    """Say why the account cannot report to this person; what it was already may stay, whoever left meanwhile."""
    if lead_id is None or (row is not None and lead_id == row.lead_id):
        return {}
    if row is not None and lead_id == row.id:
        return {"lead_id": _OWN_LEAD.say()}
    hold(work.session, "leads")  # two changes at once could close a circle that neither sees
    lead = work.session.execute(
        sa.select(UserRow.name, UserRow.lead_id)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .where(UserRow.id == lead_id, UserRow.active, UserPlantRow.plant_id.in_(work.actor.plants))
        .limit(1)
    ).one_or_none()
    if lead is None:
        return {"lead_id": _NO_LEAD.say()}
    above, seen = lead.lead_id, {lead_id}
    while row is not None and above is not None and above not in seen:
        if above == row.id:
            return {"lead_id": _LEAD_CIRCLE.say(name=lead.name)}
        seen.add(above)
        above = work.session.execute(sa.select(UserRow.lead_id).where(UserRow.id == above)).scalar_one()
    return {}


def _exchange(held: list[Any], attribute: str, wanted: Collection[V], make: Any) -> None:
    """Make the rows of a relation those that are wanted, leaving alone the ones that are there."""
    for row in [one for one in held if getattr(one, attribute) not in wanted]:
        held.remove(row)
    there = {getattr(one, attribute) for one in held}
    held.extend(make(value) for value in wanted if value not in there)


def _document(row: UserRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "department": row.department,
        "language": row.language.value,
        "active": row.active,
        "roles": sorted(held.role.value for held in row.roles),
        "plants": sorted(member.plant_id for member in row.plants),
        "customers": sorted(limit.customer_id for limit in row.customers),
        "lead_id": row.lead_id,
    }
