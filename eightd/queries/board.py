"""The board: complaints by what is due next, searches newest first, paged by key (procedure 4 and 5).

Which complaints a page shows is `board_walk`'s business; here is what is shown of them, and the counters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import Scope, scope
from eightd.domain.classification.phenomena import phenomenon_key
from eightd.domain.complaint import DefectKind, DisciplineCode, DisciplineState, Stage, Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import search
from eightd.persistence.repositories.desk import ANY_ROLE
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow, DeskRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.queries import board_walk
from eightd.queries.board_walk import Clock, Filters, PageKey, Standing, Walk
from eightd.queries.deadlines import SOON, Lateness
from eightd.queries.filters import FAR

PAGE_SIZE = 50
COUNTED_UP_TO = 1000
"""Counters stop here, so that they cost the same however many there are."""

_C, _D, _LINE, _DESK, _CUSTOMER, _PART, _PLANT, _USER, _DEADLINE = (
    table.metadata.tables[table.__tablename__]
    for table in (
        ComplaintRow, DisciplineRow, DefectLineRow, DeskRow, CustomerRow, PartRow, PlantRow, UserRow, DeadlineRow,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoardLineView:
    """One complaint of the list; ``zone`` is its plant's, ``disciplines`` the states of D0–D8.

    ``held`` says that a stop is running for the milestone: its agreed date moves on every day.
    """

    id: int
    number: str
    customer_code: str
    customer: str
    part_number: str
    part: str
    phenomenon: str
    phenomenon_quantity: int
    more_phenomena: int
    tier: Tier
    stage: Stage
    lateness: Lateness
    milestone: str | None
    milestone_title: str
    contractual_due_at: datetime | None
    due_at: datetime | None
    judged_due_at: datetime | None
    provisional: bool
    held: bool
    awaits_sample: bool
    received_at: datetime
    closed_at: datetime | None
    zone: str
    cqe: str
    disciplines: tuple[DisciplineState, ...]


@dataclass(frozen=True, slots=True)
class BoardPageView:
    """One page with the keys of its neighbours, None where there is none."""

    lines: tuple[BoardLineView, ...]
    previous: PageKey | None = None
    next: PageKey | None = None


@dataclass(frozen=True, slots=True)
class CountersView:
    """What stands above the list, over everything the person sees; ``COUNTED_UP_TO`` means that or more."""

    overdue: int
    due_today: int
    awaiting_sample: int
    mine: int


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer the list may be narrowed to."""

    id: int
    code: str
    name: str


def page(
    session: Session,
    actor: Actor,
    filters: Filters,
    clock: Clock,
    language: Language | str,
    *,
    after: PageKey | None = None,
    before: PageKey | None = None,
    size: int = PAGE_SIZE,
) -> BoardPageView:
    """Return a page of what the actor sees: from the beginning, after a key or before one.

    Where fewer than ``size`` rows lie before the key, or none after it, this is the first page. Two
    statements, one more for a text on PostgreSQL.
    """
    key = after if before is None else before
    found = search.find(session, filters.text) if filters.text else None
    if filters.text and found is None:  # nothing but punctuation
        return BoardPageView(())
    walk = Walk(
        seen=board_walk.narrowed_scope(scope(actor), filters.customer_id),
        selves=tuple(sorted({actor.id, *actor.deputy_for})) if filters.mine else (),
        filters=filters,
        search=found,
        has_key=key is not None,
        backwards=before is not None,
        limit=size + 1,
    )
    statement = _details(walk.shape())
    if statement is None:
        return BoardPageView(())
    bound: dict[str, Any] = {**clock.bound(), **(found.bound() if found else {})}
    if key is not None:
        bound |= {"key_due": key.due_at, "key_id": key.id}
    rows: Sequence[Any] = session.connection().execute(statement, bound).all()
    is_more = len(rows) > size
    if key is not None and (not rows if before is None else len(rows) < size):
        return page(session, actor, filters, clock, language, size=size)
    # Rows come in the order of the list; the one too many is the farthest from the key.
    rows = rows[:size] if before is None else rows[-size:]
    lines = _defect_lines(session, [row.id for row in rows])
    keys = [PageKey(row.sort_due_at, row.id) for row in rows]
    has_previous, has_next = (key is not None, is_more) if before is None else (is_more, True)
    return BoardPageView(
        lines=tuple(_line(row, lines.get(row.id, ()), clock.now, language) for row in rows),
        previous=keys[0] if keys and has_previous else None,
        next=keys[-1] if keys and has_next else None,
    )


def counters(session: Session, actor: Actor, clock: Clock) -> CountersView:
    """Count what is overdue, due before the day ends, waiting for a sample, and on the actor's desk."""
    statement = _counters(scope(actor), tuple(sorted({actor.id, *actor.deputy_for})))
    return CountersView(*session.connection().execute(statement, clock.bound()).one())


def is_empty(session: Session, actor: Actor) -> bool:
    """Return whether there is no complaint at all that the actor sees."""
    statement = sa.select(_C.c.id).where(*board_walk.within(_C, scope(actor))).limit(1)
    return session.execute(statement).first() is None


def number_like(session: Session, actor: Actor, text: str) -> str | None:
    """Return the number of the complaint that the text names exactly, whatever its case; None if none is seen."""
    wanted = text.strip()
    statement = sa.select(_C.c.number).where(
        _C.c.number.in_(sorted({wanted, wanted.upper()})), *board_walk.within(_C, scope(actor))
    )
    return session.execute(statement).scalars().first()


def customer_by_code(
    session: Session, actor: Actor, code: str, language: Language | str
) -> CustomerView | None:
    """Return the customer of this code, None where there is none or the actor does not see it."""
    limits = scope(actor).customers
    row = session.execute(
        sa.select(_CUSTOMER.c.id, _CUSTOMER.c.code, _CUSTOMER.c.name, _CUSTOMER.c.name_en).where(
            _CUSTOMER.c.code == code.strip()
        )
    ).one_or_none()
    if row is None or (limits is not None and row.id not in limits):
        return None
    return CustomerView(row.id, row.code, named(row.name, row.name_en, language))


def named(name: str, name_en: str, language: Language | str) -> str:
    """Return the name in the language; the Chinese one where there is no English one."""
    return (name_en or name) if language == Language.EN else name


# ---------------------------------------------------------------- statements


@lru_cache(maxsize=256)
def _counters(seen: Scope, selves: tuple[int, ...]) -> sa.Select[Any]:
    one, visible = sa.select(sa.literal(1)), board_walk.within(_C, seen)
    counted = (
        one.where(_C.c.is_open, *visible, *board_walk.standing_is(Standing.OVERDUE)),
        one.where(_C.c.is_open, *visible, *board_walk.standing_is(Standing.TODAY)),
        one.where(*board_walk.standing_is(Standing.WAITING), *visible),
        sa.select(_DESK.c.complaint_id)
        .where(_DESK.c.user_id.in_(selves), _DESK.c.role == ANY_ROLE, *board_walk.within(_DESK, seen))
        .distinct(),
    )
    capped = [
        sa.select(sa.func.count()).select_from(some.limit(COUNTED_UP_TO).subquery()).scalar_subquery()
        for some in counted
    ]
    return sa.select(*capped)


@lru_cache(maxsize=1024)
def _details(walk: Walk) -> sa.Select[Any] | None:
    """Return the statement for the rows of a walk, in the order of the list; None where nothing is seen."""
    picked = board_walk.picked(walk)
    if picked is None:
        return None
    states = (
        sa.select(
            # Neither column is read as its enumeration here, only as text.
            sa.func.aggregate_strings(
                sa.type_coerce(_D.c.code, sa.String) + ":" + sa.type_coerce(_D.c.state, sa.String), " "
            )
        )
        .where(_D.c.complaint_id == sa.func.coalesce(_C.c.answered_by_id, _C.c.id))
        .correlate(_C)
        .scalar_subquery()
    )
    is_next = sa.and_(_DEADLINE.c.complaint_id == _C.c.id, _DEADLINE.c.milestone == _C.c.next_milestone)
    return (
        sa.select(
            _C.c.id,
            _C.c.number,
            _C.c.sort_due_at,
            _C.c.tier,
            _C.c.stage,
            _C.c.is_open,
            _C.c.next_milestone,
            _C.c.awaits_sample,
            _C.c.clock_paused,
            _C.c.received_at,
            _C.c.closed_at,
            _CUSTOMER.c.code.label("customer_code"),
            _CUSTOMER.c.name.label("customer"),
            _CUSTOMER.c.name_en.label("customer_en"),
            _PART.c.number.label("part_number"),
            _PART.c.name.label("part"),
            _PART.c.name_en.label("part_en"),
            _PLANT.c.zone,
            _USER.c.name.label("cqe"),
            _DEADLINE.c.contractual_due_at,
            _DEADLINE.c.due_at,
            _DEADLINE.c.provisional,
            _DEADLINE.c.paused,
            _DEADLINE.c.title_zh,
            _DEADLINE.c.title_en,
            states.label("states"),
        )
        .select_from(picked)
        .join(_C, _C.c.id == picked.c.complaint_id)
        .join(_CUSTOMER, _CUSTOMER.c.id == _C.c.customer_id)
        .join(_PART, _PART.c.id == _C.c.part_id)
        .join(_PLANT, _PLANT.c.id == _C.c.plant_id)
        .outerjoin(_USER, _USER.c.id == _C.c.cqe_id)
        .outerjoin(_DEADLINE, is_next)
        .order_by(*board_walk.ordered(picked.c.due_at, picked.c.complaint_id, walk.filters, backwards=False))
    )


_LINES = (
    sa.select(_LINE.c.complaint_id, _LINE.c.kind, _LINE.c.phenomenon, _LINE.c.phenomenon_en, _LINE.c.quantity)
    .where(_LINE.c.complaint_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_LINE.c.complaint_id, _LINE.c.position)
)


def _defect_lines(session: Session, ids: Sequence[int]) -> Mapping[int, list[Any]]:
    lines: dict[int, list[Any]] = {}
    if ids:
        for row in session.connection().execute(_LINES, {"ids": ids}):
            lines.setdefault(row.complaint_id, []).append(row)
    return lines


# ---------------------------------------------------------------- views

_GRAVITY = {DefectKind.FUNCTIONAL: 2, DefectKind.APPEARANCE: 1, DefectKind.OTHER: 0}
"""By the limits of procedure 3 a functional piece weighs as much as two of appearance."""


def _line(row: Any, lines: Sequence[Any], now: datetime, language: Language | str) -> BoardLineView:
    worst, quantity, more = _worst(lines)
    return BoardLineView(
        id=row.id,
        number=row.number,
        customer_code=row.customer_code,
        customer=named(row.customer, row.customer_en, language),
        part_number=row.part_number,
        part=named(row.part, row.part_en, language),
        phenomenon="" if worst is None else named(worst.phenomenon, worst.phenomenon_en, language),
        phenomenon_quantity=quantity,
        more_phenomena=more,
        tier=row.tier,
        stage=row.stage,
        lateness=_lateness(row, now),
        milestone=row.next_milestone,
        milestone_title=named(row.title_zh or "", row.title_en or "", language),
        contractual_due_at=row.contractual_due_at,
        due_at=row.due_at,
        judged_due_at=row.sort_due_at if row.sort_due_at < FAR else None,
        provisional=bool(row.provisional),
        held=bool(row.paused),
        awaits_sample=row.awaits_sample,
        received_at=row.received_at,
        closed_at=row.closed_at,
        zone=row.zone,
        cqe=row.cqe or "",
        disciplines=_disciplines(row.states or ""),
    )


def _worst(lines: Sequence[Any]) -> tuple[Any, int, int]:
    """Return the line that names the worst phenomenon first, its pieces, and how many other phenomena there are."""
    if len(lines) == 1:
        return lines[0], lines[0].quantity, 0
    phenomena = _phenomena(lines)
    if not phenomena:
        return None, 0, 0
    worst, quantity = max(phenomena, key=lambda one: (_GRAVITY[one[0].kind] * one[1], one[1]))
    return worst, quantity, len(phenomena) - 1


def _phenomena(lines: Iterable[Any]) -> list[tuple[Any, int]]:
    """Add up lines of the same kind and phenomenon; each with the line that names it first."""
    found: dict[tuple[DefectKind, str], tuple[Any, int]] = {}
    for line in lines:
        key = (line.kind, phenomenon_key(line.phenomenon))
        first, quantity = found.get(key, (line, 0))
        found[key] = (first, quantity + line.quantity)
    return list(found.values())


def _lateness(row: Any, now: datetime) -> Lateness:
    if not row.is_open:
        return Lateness.NONE
    if row.sort_due_at < FAR:
        if row.sort_due_at < now:
            return Lateness.OVERDUE
        return Lateness.SOON if row.sort_due_at <= now + SOON else Lateness.ON_TIME
    if row.clock_paused:
        return Lateness.STOPPED
    return Lateness.WAITING if row.awaits_sample else Lateness.NONE


@lru_cache(maxsize=4096)
def _disciplines(states: str) -> tuple[DisciplineState, ...]:
    """Read ``D0:accepted D1:draft …`` in whatever order; what is missing is open."""
    known = dict(one.split(":") for one in states.split())
    return tuple(DisciplineState(known.get(code.value, DisciplineState.OPEN)) for code in DisciplineCode)
