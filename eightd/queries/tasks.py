"""The disciplines' actions as tasks: mine, a plant's, nobody's, those of one complaint, and one with all about it.

Lists are walked by key along one index range per owner or plant and state, and merged; only the lines of a page are
read in full. Those who see released content only see the actions of accepted answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.authority import Scope, may_on_task, may_see, scope
from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.tasks import TaskKind, TaskSnapshot, TaskState
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.domain.workflow.table import WORKING
from eightd.persistence.tables.base import UtcInstant
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import NOTHING_DUE_AT
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import (
    PlantRow,
    UserCustomerRow,
    UserPlantRow,
    UserRoleRow,
    UserRow,
)
from eightd.persistence.tables.task import TaskRow
from eightd.queries.board import named
from eightd.queries.board_walk import narrowed_scope
from eightd.queries.case import open_case

PAGE_SIZE = 50
COUNTED_UP_TO = 1000
"""Counters stop here, so that they cost the same however many there are."""

SOON = timedelta(days=2)
ACTIONS = (Action.FINISH_TASK, Action.VERIFY_TASK, Action.CHANGE_TASK)
_T = TaskRow.__table__.c
_DoneBy, _VerifiedBy = aliased(UserRow), aliased(UserRow)


class Whose(StrEnum):
    """Whose actions are asked for: one's own and those of people one stands in for, the plants', nobody's."""

    MINE = "mine"
    PLANT = "plant"
    NOBODYS = "nobodys"


class Standing(StrEnum):
    """How an action stands to its day."""

    OVERDUE = "overdue"
    SOON = "soon"
    ON_TIME = "on_time"
    NONE = "none"  # without a day, or not owed any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list is narrowed to; ``state`` None asks for every state."""

    whose: Whose = Whose.MINE
    state: TaskState | None = TaskState.OPEN
    kind: TaskKind | None = None
    customer_id: int | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class PageKey:
    """A place in the list: the line it names is part of neither the page before it nor the one after."""

    due_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class TaskView:
    """One action. ``owner`` is the user chosen, else what was typed; ``due_at`` None without a day."""

    key: PageKey
    id: int
    number: str
    zone: str
    customer: str
    part_number: str
    kind: TaskKind
    code: DisciplineCode
    row_key: str
    what: str
    owner_id: int | None
    owner: str
    owner_typed: str
    due_on: date | None
    due_at: datetime | None
    standing: Standing
    distance: timedelta
    state: TaskState
    done_on: date | None
    done_note: str
    done_by: str
    evidence_id: int | None
    evidence: str
    verified_by: str
    verified_at: datetime | None
    verdict_note: str
    version: int

    @property
    def failed(self) -> bool:
        """Return whether it was verified, did not work and is open again."""
        return self.state.is_owed and self.verified_at is not None


@dataclass(frozen=True, slots=True)
class PageView:
    """One page with the keys of its neighbours, None where there is none."""

    lines: tuple[TaskView, ...]
    previous: PageKey | None = None
    next: PageKey | None = None


@dataclass(frozen=True, slots=True)
class CountersView:
    """What stands above the list; ``COUNTED_UP_TO`` means that or more."""

    mine_overdue: int
    plant_overdue: int
    to_verify: int
    nobodys: int


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One action with what may be done to it; ``today`` is the plant's."""

    task: TaskView
    outcomes: Mapping[Action, Outcome]
    today: date


def page(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    language: Language | str,
    *,
    after: PageKey | None = None,
    before: PageKey | None = None,
    size: int = PAGE_SIZE,
) -> PageView:
    """Return a page of what the actor sees, the earliest due first: from the beginning, after a key or before one.

    Where fewer than ``size`` lines lie before the key, or none after it, this is the first page. One statement.
    """
    key = after if before is None else before
    walks = [*_walks(actor, filters, now)]
    if not walks:
        return PageView(())
    picked = _picked(walks, key, backwards=before is not None, limit=size + 1)
    rows = session.execute(_details(picked)).all()
    is_more = len(rows) > size
    if key is not None and (not rows if before is None else len(rows) < size):
        return page(session, actor, filters, now, language, size=size)
    rows = rows[:size] if before is None else rows[-size:]
    lines = tuple(_view(row, now, language) for row in rows)
    has_previous, has_next = (key is not None, is_more) if before is None else (is_more, True)
    return PageView(
        lines,
        previous=lines[0].key if lines and has_previous else None,
        next=lines[-1].key if lines and has_next else None,
    )


def counters(session: Session, actor: Actor, now: datetime) -> CountersView:
    """Count what is overdue, what waits to be verified, and what nobody owns yet, in one statement."""
    found = []
    for filters in (
        Filters(overdue=True),
        Filters(whose=Whose.PLANT, overdue=True),
        Filters(whose=Whose.PLANT, state=TaskState.DONE),
        Filters(whose=Whose.NOBODYS),
    ):
        walks = [*_walks(actor, filters, now)]
        if not walks:
            return CountersView(0, 0, 0, 0)
        some = sa.union_all(*(_limited(walk, COUNTED_UP_TO) for walk in walks)).limit(COUNTED_UP_TO)
        found.append(sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery())
    return CountersView(*session.execute(sa.select(*found)).one())


def of_complaint(
    session: Session,
    actor: Actor,
    number: str,
    now: datetime,
    language: Language | str,
    discipline: DisciplineCode | None = None,
) -> tuple[TaskView, ...] | None:
    """Return a complaint's actions in the order of their disciplines and rows, None where it is hidden.

    Two statements.
    """
    found = session.execute(
        sa.select(ComplaintRow.id, ComplaintRow.plant_id, ComplaintRow.customer_id).where(
            ComplaintRow.number == number
        )
    ).one_or_none()
    if found is None or not may_see(actor, found.plant_id, found.customer_id):
        return None
    wanted = [*_seen(scope(actor)), _T.complaint_id == found.id]
    if discipline is not None:
        wanted.append(_T.code == discipline)
    picked = sa.select(_T.due_at, _T.id).where(*wanted).subquery("picked")
    rows = session.execute(_details(picked)).all()
    views = (_view(row, now, language) for row in rows)
    return tuple(sorted(views, key=lambda view: (view.code, view.id)))


def one(
    session: Session, actor: Actor, number: str, task_id: int, now: datetime, language: Language | str
) -> TaskPage | None:
    """Return one action and what may be done to it; None where there is none, or the actor may not know of it."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    found = [view for view in of_complaint(session, actor, number, now, language) or () if view.id == task_id]
    if not found:
        return None
    row = session.get_one(TaskRow, task_id)
    snapshot = TaskSnapshot(row.code, row.state, row.owner_id, row.done_by)
    return TaskPage(
        task=found[0],
        outcomes={action: may_on_task(actor, action, case.snapshot, snapshot) for action in ACTIONS},
        today=now.astimezone(ZoneInfo(case.plant.zone)).date(),
    )


def people_of(session: Session, number: str) -> tuple[str, ...]:
    """Return how the people of a complaint's plant are written as owners, such as “PIE 陈志远”, by name."""
    row = session.execute(sa.select(ComplaintRow).where(ComplaintRow.number == number)).scalar_one()
    limits = sa.select(UserCustomerRow.customer_id).where(UserCustomerRow.user_id == UserRow.id)
    found = session.execute(
        sa.select(UserRow.name, sa.func.min(UserRoleRow.role))
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(
            UserRow.active,
            UserPlantRow.plant_id == row.plant_id,
            UserRoleRow.role.in_(WORKING),
            sa.or_(~limits.exists(), sa.literal(row.customer_id).in_(limits)),
        )
        .group_by(UserRow.id, UserRow.name)
        .order_by(UserRow.name, UserRow.id)
    )
    short = {role for role in Role if len(role.value) <= _SHORT}
    return tuple(f"{role.value.upper()} {name}" if role in short else name for name, role in found)


_SHORT = 3
"""Roles that are known by their letters, such as PIE, stand before the name."""


def done_days(session: Session, actor: Actor, number: str) -> Mapping[str, date]:
    """Return on which day the actions of D5 were done, by the key of their row: D6 begins with them."""
    found = session.execute(
        sa.select(_T.row_key, _T.done_on)
        .join(ComplaintRow.__table__, ComplaintRow.id == _T.complaint_id)
        .where(
            *_seen(scope(actor)),
            ComplaintRow.number == number,
            _T.code == DisciplineCode.D5,
            _T.done_on.is_not(None),
            _T.state.in_((TaskState.DONE, TaskState.VERIFIED)),
        )
    )
    return {key.removeprefix("actions/"): on for key, on in found}


# ---------------------------------------------------------------- statements


def _walks(actor: Actor, filters: Filters, now: datetime) -> Iterator[sa.Select[Any]]:
    """Yield one statement per index range; together they are what the actor sees and asked for."""
    seen = narrowed_scope(scope(actor), filters.customer_id)
    if not seen.plants:
        return
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.kind is not None:
        wanted.append(_T.kind == filters.kind)
    if filters.overdue:
        wanted.append(_T.due_at < now)
    states = [filters.state] if filters.state is not None else list(TaskState)
    if filters.overdue:
        states = [state for state in states if state.is_owed]
    for state in states:
        base = sa.select(_T.due_at, _T.id).where(_T.state == state, *wanted)
        match filters.whose:
            case Whose.MINE:
                for owner in sorted(actor.deputy_for | {actor.id}):
                    yield base.where(_T.owner_id == owner, *_seen(seen))
            case Whose.NOBODYS:
                yield base.where(_T.owner_id.is_(None), *_seen(seen))
            case Whose.PLANT:
                for plant in sorted(seen.plants):
                    yield base.where(_T.plant_id == plant, *_seen(seen, plant))


def _seen(seen: Scope, plant: int | None = None) -> list[sa.ColumnElement[bool]]:
    """Return what keeps a list to what the actor may see; a plant that is asked for alone is not said twice."""
    bounds: list[sa.ColumnElement[bool]] = []
    if plant is None:
        # Adding nothing keeps the store from walking whole plants for the actions of one owner.
        bounds.append((_T.plant_id + 0).in_(sorted(seen.plants)))
    if seen.customers is not None:
        bounds.append(_T.customer_id.in_(sorted(seen.customers)))
    if not seen.drafts:
        accepted = sa.select(DisciplineRow.code).where(
            DisciplineRow.complaint_id == _T.complaint_id,
            DisciplineRow.code == _T.code,
            DisciplineRow.state == DisciplineState.ACCEPTED,
        )
        bounds.append(accepted.exists())
    return bounds


_ORDER = (_T.due_at, _T.id)


def _limited(walk: sa.Select[Any], limit: int) -> sa.Select[Any]:
    return sa.select(walk.limit(limit).subquery())


def _picked(
    walks: Sequence[sa.Select[Any]], key: PageKey | None, *, backwards: bool, limit: int
) -> sa.Subquery:
    """Return the keys of the lines nearest to the key, or of the first ones."""
    walked = []
    for walk in walks:
        if key is not None:
            here = sa.tuple_(*_ORDER)
            there = sa.tuple_(sa.literal(key.due_at, UtcInstant()), sa.literal(key.id))
            walk = walk.where(here < there if backwards else here > there)  # noqa: PLW2901
        walked.append(_limited(walk.order_by(*_turned(_ORDER, backwards=backwards)), limit))
    if len(walked) == 1:
        return walked[0].subquery("picked")
    merged = sa.union_all(*walked).subquery("merged")
    order = (merged.c.due_at, merged.c.id)
    return sa.select(merged).order_by(*_turned(order, backwards=backwards)).limit(limit).subquery("picked")


def _turned(columns: Sequence[Any], *, backwards: bool) -> list[Any]:
    return [column.desc() if backwards else column.asc() for column in columns]


def _details(picked: sa.Subquery) -> sa.Select[Any]:
    columns: Any = (  # too many for the types that follow a statement
        TaskRow,
        ComplaintRow.number,
        CustomerRow.name.label("customer"),
        CustomerRow.name_en.label("customer_en"),
        PartRow.number.label("part_number"),
        PlantRow.zone,
        UserRow.name.label("owner"),
        _DoneBy.name.label("done_by_name"),
        _VerifiedBy.name.label("verified_by_name"),
        EvidenceRow.filename.label("evidence"),
    )
    return (
        sa.select(*columns)
        .select_from(picked)
        .join(TaskRow, TaskRow.id == picked.c.id)
        .join(ComplaintRow, ComplaintRow.id == TaskRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .outerjoin(UserRow, UserRow.id == TaskRow.owner_id)
        .outerjoin(_DoneBy, _DoneBy.id == TaskRow.done_by)
        .outerjoin(_VerifiedBy, _VerifiedBy.id == TaskRow.verified_by)
        .outerjoin(EvidenceRow, EvidenceRow.id == TaskRow.evidence_id)
        .order_by(picked.c.due_at, picked.c.id)
    )


# ---------------------------------------------------------------- views


def _view(row: Any, now: datetime, language: Language | str) -> TaskView:
    task: TaskRow = row.TaskRow
    due_at = None if task.due_at == NOTHING_DUE_AT else task.due_at
    standing = _standing(task, due_at, now)
    return TaskView(
        key=PageKey(task.due_at, task.id),
        id=task.id,
        number=row.number,
        zone=row.zone,
        customer=named(row.customer, row.customer_en, language),
        part_number=row.part_number,
        kind=task.kind,
        code=task.code,
        row_key=task.row_key,
        what=task.what,
        owner_id=task.owner_id,
        owner=row.owner or task.owner_name,
        owner_typed=task.owner_name,
        due_on=task.due_on,
        due_at=due_at,
        standing=standing,
        distance=timedelta(0) if due_at is None else abs(due_at - now),
        state=task.state,
        done_on=task.done_on,
        done_note=task.done_note,
        done_by=row.done_by_name or "",
        evidence_id=task.evidence_id,
        evidence=row.evidence or "",
        verified_by=row.verified_by_name or "",
        verified_at=task.verified_at,
        verdict_note=task.verdict_note,
        version=task.version,
    )


def _standing(task: TaskRow, due_at: datetime | None, now: datetime) -> Standing:
    if due_at is None or not task.state.is_owed:
        return Standing.NONE
    if due_at < now:
        return Standing.OVERDUE
    return Standing.SOON if due_at - now <= SOON else Standing.ON_TIME
