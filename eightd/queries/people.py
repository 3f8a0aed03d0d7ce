"""Who is there: the person behind a session, accounts for administration, deputies to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Role
from eightd.domain.tasks import TaskState
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.base import UtcInstant
from eightd.persistence.tables.messaging import ALARMS_JOB, LeaseRow, MessageRow
from eightd.persistence.tables.people import (
    AbsenceRow,
    PlantRow,
    UserCustomerRow,
    UserPlantRow,
    UserRoleRow,
    UserRow,
)
from eightd.persistence.tables.task import TaskRow


@dataclass(frozen=True, slots=True)
class SignedInView:
    """The person behind a session at this request; ``zone`` is the one of the first plant, for dates without one.

    ``unread`` counts the inbox, and ``overdue_tasks`` the person's own actions, no further than one beyond what is
    shown in figures. ``alarms_seen_to_at`` is when a worker last looked for alarms, or until when one is at it; None
    where none ever has.
    """

    id: int
    login: str
    name: str
    language: Language
    session_epoch: int
    must_change_password: bool
    zone: str
    unread: int
    overdue_tasks: int
    alarms_seen_to_at: datetime | None
    actor: Actor


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Days away, both ends included."""

    id: int
    from_on: date
    until_on: date
    deputy_name: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class AccountView:
    """What a person may see and change about the own account."""

    id: int
    login: str
    name: str
    email: str
    phone: str
    department: str
    language: Language
    version: int
    roles: tuple[Role, ...]
    plants: tuple[str, ...]
    absences: tuple[AbsenceView, ...]


@dataclass(frozen=True, slots=True)
class UserLineView:
    """One account in the list of accounts."""

    id: int
    login: str
    name: str
    department: str
    active: bool
    roles: tuple[Role, ...]
    plants: tuple[str, ...]
    last_sign_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class UserView:
    """One account with everything that an administrator may change."""

    id: int
    login: str
    name: str
    email: str
    phone: str
    department: str
    language: Language
    active: bool
    version: int
    roles: frozenset[Role]
    plants: frozenset[int]
    customers: frozenset[int]
    lead_id: int | None
    lead_name: str
    created_at: datetime
    last_sign_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody to choose, with what tells two of the same name apart."""

    id: int
    name: str
    login: str
    department: str


MOST_UNREAD = 99
"""How many unread messages are counted in figures."""


def is_installed(session: Session) -> bool:
    """Return whether there is an account at all: the first run makes the first one."""
    return session.execute(sa.select(UserRow.id).limit(1)).first() is not None


def _part(kind: str, column: Any, condition: sa.ColumnElement[bool]) -> sa.Select[str, str]:
    return sa.select(
        sa.literal_column(f"'{kind}'", sa.String).label("kind"), sa.cast(column, sa.String)
    ).where(condition)


# Every request asks these two, so they are put together once.
_USER_ID = sa.bindparam("user_id", type_=sa.Integer)
_TODAY = sa.bindparam("today", type_=sa.Date)
_UNREAD = sa.select(sa.func.count()).select_from(
    sa.select(MessageRow.id)
    .where(MessageRow.user_id == _USER_ID, MessageRow.read_at.is_(None))
    .limit(MOST_UNREAD + 1)
    .subquery()
)
_OVERDUE = sa.select(sa.func.count()).select_from(
    sa.select(TaskRow.id)
    .where(
        TaskRow.owner_id == _USER_ID,
        TaskRow.state == TaskState.OPEN,
        TaskRow.due_at < sa.bindparam("now", type_=UtcInstant()),
    )
    .limit(MOST_UNREAD + 1)
    .subquery()
)
_IN_SESSION = sa.and_(
    UserRow.id == _USER_ID, UserRow.active, UserRow.session_epoch == sa.bindparam("session_epoch")
)
_PERSON = sa.select(
    UserRow.login,
    UserRow.name,
    UserRow.language,
    UserRow.must_change_password,
    sa.select(PlantRow.zone)
    .join(UserPlantRow, UserPlantRow.plant_id == PlantRow.id)
    .where(UserPlantRow.user_id == _USER_ID)
    .order_by(PlantRow.id)
    .limit(1)
    .scalar_subquery()
    .label("zone"),
    _UNREAD.scalar_subquery().label("unread"),
    _OVERDUE.scalar_subquery().label("overdue_tasks"),
    sa.select(LeaseRow.until_at)
    .where(LeaseRow.name == ALARMS_JOB)
    .scalar_subquery()
    .label("alarms_seen_to_at"),
).where(_IN_SESSION)
_COUNT = sa.select(_UNREAD.scalar_subquery()).select_from(UserRow).where(_IN_SESSION)
_RIGHTS = sa.union_all(
    _part("role", sa.type_coerce(UserRoleRow.role, sa.String), UserRoleRow.user_id == _USER_ID),
    _part("plant", UserPlantRow.plant_id, UserPlantRow.user_id == _USER_ID),
    _part("customer", UserCustomerRow.customer_id, UserCustomerRow.user_id == _USER_ID),
    _part(
        "absent",
        AbsenceRow.user_id,
        sa.and_(
            AbsenceRow.deputy_id == _USER_ID, AbsenceRow.from_on <= _TODAY, AbsenceRow.until_on >= _TODAY
        ),
    ),
)


def signed_in(session: Session, user_id: int, session_epoch: int, now: datetime) -> SignedInView | None:
    """Return the person a session belongs to; None where the account is inactive or the session was ended.

    Two statements, because every request asks.
    """
    asked = {"user_id": user_id, "session_epoch": session_epoch, "now": now}
    row = session.execute(_PERSON, asked).one_or_none()
    if row is None:
        return None
    zone = row.zone or "UTC"
    return SignedInView(
        id=user_id,
        login=row.login,
        name=row.name,
        language=row.language,
        session_epoch=session_epoch,
        must_change_password=row.must_change_password,
        zone=zone,
        unread=row.unread,
        overdue_tasks=row.overdue_tasks,
        alarms_seen_to_at=row.alarms_seen_to_at,
        actor=actor_of(session, user_id, now.astimezone(ZoneInfo(zone)).date()),
    )


def unread(session: Session, user_id: int, session_epoch: int) -> int | None:
    """Count the unread messages of a session's person in one statement; None where the session has ended."""
    return session.execute(_COUNT, {"user_id": user_id, "session_epoch": session_epoch}).scalar_one_or_none()


def actor_of(session: Session, user_id: int, today: date) -> Actor:
    """Return who the account is on that day, in one statement."""
    found: dict[str, set[str]] = {"role": set(), "plant": set(), "customer": set(), "absent": set()}
    for kind, value in session.execute(_RIGHTS, {"user_id": user_id, "today": today}):
        found[kind].add(value)
    customers = frozenset(map(int, found["customer"]))
    return Actor(
        id=user_id,
        roles=frozenset(map(Role, found["role"])),
        plants=frozenset(map(int, found["plant"])),
        customers=customers or None,
        deputy_for=frozenset(map(int, found["absent"])),
    )


def account(session: Session, user_id: int, today: date) -> AccountView:
    """Return a person's own account with days away not longer than a year ago, newest last."""
    row = session.get_one(UserRow, user_id)
    away = session.execute(
        sa.select(AbsenceRow, UserRow.name)
        .join(UserRow, UserRow.id == AbsenceRow.deputy_id)
        .where(AbsenceRow.user_id == user_id, AbsenceRow.until_on >= date(today.year - 1, 1, 1))
        .order_by(AbsenceRow.from_on)
    ).all()
    return AccountView(
        id=row.id,
        login=row.login,
        name=row.name,
        email=row.email,
        phone=row.phone,
        department=row.department,
        language=row.language,
        version=row.version,
        roles=_roles(session, [user_id]).get(user_id, ()),
        plants=_plants(session, [user_id]).get(user_id, ()),
        absences=tuple(
            AbsenceView(one.id, one.from_on, one.until_on, deputy, one.until_on < today)
            for one, deputy in away
        ),
    )


def users(session: Session, actor: Actor) -> tuple[UserLineView, ...]:
    """Return the accounts an administrator keeps: those who share a plant, and those of no plant; by name."""
    rows = (
        session.execute(sa.select(UserRow).where(kept_by(actor)).order_by(UserRow.name, UserRow.id))
        .scalars()
        .all()
    )
    ids = [row.id for row in rows]
    roles, plants = _roles(session, ids), _plants(session, ids)
    return tuple(
        UserLineView(
            id=row.id,
            login=row.login,
            name=row.name,
            department=row.department,
            active=row.active,
            roles=roles.get(row.id, ()),
            plants=plants.get(row.id, ()),
            last_sign_in_at=row.last_sign_in_at,
        )
        for row in rows
    )


def user(session: Session, actor: Actor, user_id: int) -> UserView | None:
    """Return one account for administration; None where there is none or the actor does not keep it."""
    row = session.execute(
        sa.select(UserRow).where(UserRow.id == user_id, kept_by(actor))
    ).scalar_one_or_none()
    if row is None:
        return None
    plants = session.execute(
        sa.select(UserPlantRow.plant_id).where(UserPlantRow.user_id == user_id)
    ).scalars()
    limits = session.execute(
        sa.select(UserCustomerRow.customer_id).where(UserCustomerRow.user_id == user_id)
    ).scalars()
    return UserView(
        id=row.id,
        login=row.login,
        name=row.name,
        email=row.email,
        phone=row.phone,
        department=row.department,
        language=row.language,
        active=row.active,
        version=row.version,
        roles=frozenset(_roles(session, [user_id]).get(user_id, ())),
        plants=frozenset(plants),
        customers=frozenset(limits),
        lead_id=row.lead_id,
        lead_name="" if row.lead_id is None else session.get_one(UserRow, row.lead_id).name,
        created_at=row.created_at,
        last_sign_in_at=row.last_sign_in_at,
    )


def kept_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on accounts that an administrator keeps: of a shared plant, or of none."""
    member = sa.select(UserPlantRow.user_id).where(UserPlantRow.user_id == UserRow.id)
    return sa.or_(member.where(UserPlantRow.plant_id.in_(actor.plants)).exists(), ~member.exists())


def colleagues(session: Session, actor: Actor) -> tuple[PersonView, ...]:
    """Return the other active people of the actor's plants, by name: deputies to choose from."""
    return people_of(session, actor.plants, without=actor.id)


def people_of(
    session: Session, plants: Iterable[int], *, role: Role | None = None, without: int = 0
) -> tuple[PersonView, ...]:
    """Return the active people of any of the plants, by name; with ``role`` only those who hold it."""
    statement = (
        sa.select(UserRow.id, UserRow.name, UserRow.login, UserRow.department)
        .where(
            UserRow.active,
            UserRow.id != without,
            sa.exists().where(UserPlantRow.user_id == UserRow.id, UserPlantRow.plant_id.in_(list(plants))),
        )
        .order_by(UserRow.name, UserRow.id)
    )
    if role is not None:
        statement = statement.where(
            sa.exists().where(UserRoleRow.user_id == UserRow.id, UserRoleRow.role == role)
        )
    return tuple(PersonView(*row) for row in session.execute(statement))


def _roles(session: Session, ids: list[int]) -> dict[int, tuple[Role, ...]]:
    found: dict[int, set[Role]] = {}
    statement = sa.select(UserRoleRow.user_id, UserRoleRow.role).where(UserRoleRow.user_id.in_(ids))
    for user_id, role in session.execute(statement):
        found.setdefault(user_id, set()).add(role)
    return {user_id: tuple(role for role in Role if role in held) for user_id, held in found.items()}


def _plants(session: Session, ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    statement = (
        sa.select(UserPlantRow.user_id, PlantRow.code)
        .join(PlantRow, PlantRow.id == UserPlantRow.plant_id)
        .where(UserPlantRow.user_id.in_(ids))
        .order_by(PlantRow.code)
    )
    for user_id, code in session.execute(statement):
        found.setdefault(user_id, []).append(code)
    return {user_id: tuple(codes) for user_id, codes in found.items()}


def plant_codes(session: Session) -> dict[str, int]:
    """Return every plant's id by its code."""
    return {
        row.code: row.id
        for row in session.execute(sa.select(PlantRow.code, PlantRow.id).order_by(PlantRow.code))
    }


def id_of(session: Session, login: str) -> int | None:
    """Return the account's id, whatever the case of its sign-in name; None where there is none."""
    wanted = login.strip().casefold()
    return session.execute(sa.select(UserRow.id).where(UserRow.login == wanted)).scalar_one_or_none()
