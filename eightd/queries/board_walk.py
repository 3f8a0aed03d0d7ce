"""Which complaints a page of the board shows, walked along indexes in the order of the list (procedure 4 and 5).

The statement is answered from an index in its own order, whatever the number of complaints: plants, customers
and people are walked one index range each and merged. A text search is walked from the newest, because sorting
many thousand matches by due date would cost more than the page. Statements are made once per shape of question
and kept; what changes from one request to the next is bound by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from eightd.domain.authority import Scope
from eightd.domain.complaint import Role, Stage, Tier
from eightd.persistence.repositories.desk import ANY_ROLE
from eightd.persistence.search import Search
from eightd.persistence.tables.base import UtcInstant
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow, DeskRow
from eightd.queries.deadlines import SOON
from eightd.queries.filters import FAR, Extent

_MOST_WALKS = 40  # more customers than this are filtered along their plants instead of walked one by one
_C, _D, _A = (table.metadata.tables[table.__tablename__] for table in (ComplaintRow, DeskRow, AssignmentRow))
_NOW, _SOON_UNTIL, _TODAY_ENDS = (sa.bindparam(name, type_=UtcInstant()) for name in ("now", "soon", "today"))


class Standing(StrEnum):
    """How an open complaint stands with its clocks, as a list may be asked for.

    ``WAITING`` and ``STOPPED`` hold whatever else is due; ``NONE`` is where nothing is due, waits or is held.
    """

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    ON_TIME = "on_time"
    WAITING = "waiting"
    STOPPED = "stopped"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to. ``role`` counts only with ``mine``; None and empty text mean no limit."""

    extent: Extent = Extent.OPEN
    mine: bool = False
    role: Role | None = None
    tier: Tier | None = None
    stage: Stage | None = None
    customer_id: int | None = None
    standing: Standing | None = None
    text: str = ""

    @property
    def is_by_due_date(self) -> bool:
        """Return whether the list is in the order of due dates; otherwise it is newest first."""
        return self.extent is Extent.OPEN and not self.text


@dataclass(frozen=True, slots=True)
class PageKey:
    """A place in the list: the row it names is part of neither the page before it nor the one after."""

    due_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The instant of the page, and the end of the day of the person who looks."""

    now: datetime
    today_ends_at: datetime

    def bound(self) -> Mapping[str, datetime]:
        """Return the instants by the names that statements know them by."""
        return {"now": self.now, "soon": self.now + SOON, "today": self.today_ends_at}


@dataclass(frozen=True, slots=True)
class Walk:
    """What to walk: for whom, narrowed how, from where, how far. ``selves`` are the actor and the absent."""

    seen: Scope
    selves: tuple[int, ...]
    filters: Filters
    search: Search | None
    has_key: bool
    backwards: bool
    limit: int

    def shape(self) -> Walk:
        """Return the walk without the text that is bound by name, so that one statement serves every text."""
        return replace(
            self,
            filters=replace(self.filters, text="…" if self.filters.text else ""),
            search=self.search.shape() if self.search else None,
        )


def narrowed_scope(seen: Scope, customer_id: int | None) -> Scope:
    """Return the scope, within one customer where the list is narrowed to it."""
    if customer_id is None:
        return seen
    mine = seen.customers is None or customer_id in seen.customers
    return replace(seen, customers=frozenset({customer_id} if mine else ()))


def within(table: sa.Table, seen: Scope) -> list[sa.ColumnElement[bool]]:
    """Return what the scope asks of a table with ``plant_id`` and ``customer_id``."""
    conditions: list[sa.ColumnElement[bool]] = [table.c.plant_id.in_(sorted(seen.plants))]
    if seen.customers is not None:
        conditions.append(table.c.customer_id.in_(sorted(seen.customers)))
    return conditions


@lru_cache(maxsize=1024)
def picked(walk: Walk) -> sa.Subquery | None:
    """Return ``complaint_id`` and ``due_at`` of the rows nearest to the key; None where nothing can be seen.

    ``walk`` is a shape. Bound by name: ``now``, ``soon``, ``today``; with a key ``key_due``, ``key_id``; with
    a text what the search binds.
    """
    seen, filters = walk.seen, walk.filters
    if not seen.plants or seen.customers == frozenset():
        return None
    if walk.search is not None and walk.search.is_walked:
        branches = [_by_text(walk, walk.search)]
    elif filters.is_by_due_date and filters.mine:
        branches = _by_desk(walk)
    else:
        branches = _by_owner(walk)
    walked = [_walked(branch, walk) for branch in branches]
    if len(walked) == 1:
        return walked[0].subquery("picked")
    # UNION drops what two desks have in common.
    merged = sa.union(*(sa.select(one.subquery()) for one in walked)).subquery("merged")
    order = ordered(merged.c.due_at, merged.c.complaint_id, filters, backwards=walk.backwards)
    chosen = sa.select(merged.c.complaint_id, merged.c.due_at).order_by(*order).limit(walk.limit)
    return chosen.subquery("picked")


def ordered(
    due_at: sa.ColumnElement[Any], complaint_id: sa.ColumnElement[Any], filters: Filters, *, backwards: bool
) -> list[sa.ColumnElement[Any]]:
    """Return the order of the list, or the opposite."""
    if not filters.is_by_due_date:
        return [complaint_id.asc() if backwards else complaint_id.desc()]
    return [due_at.desc(), complaint_id.desc()] if backwards else [due_at.asc(), complaint_id.asc()]


@dataclass(frozen=True, slots=True)
class _Branch:
    """A walk along one index: its statement, and the columns that it is ordered by."""

    statement: sa.Select[Any]
    due_at: sa.ColumnElement[Any]
    id: sa.ColumnElement[Any]


def _by_owner(walk: Walk) -> list[_Branch]:
    """Walk one index range per customer where these are few, else one per plant."""
    seen = walk.seen
    conditions = [*_of_extent(walk.filters), *_narrowed(walk.filters)]
    if walk.filters.mine:  # among closed ones: desks hold open complaints only
        conditions.append(_C.c.id.in_(_ever_held(walk)))
    if walk.search is not None:
        conditions.append(walk.search.holds(_C.c.id))
    base = sa.select(_C.c.id.label("complaint_id"), _C.c.sort_due_at.label("due_at")).where(*conditions)
    if seen.customers is not None and len(seen.customers) <= _MOST_WALKS:
        in_plants = _C.c.plant_id.in_(sorted(seen.plants))
        walks = [base.where(_C.c.customer_id == one, in_plants) for one in sorted(seen.customers)]
    else:
        among = [] if seen.customers is None else [_C.c.customer_id.in_(sorted(seen.customers))]
        walks = [base.where(_C.c.plant_id == one, *among) for one in sorted(seen.plants)]
    return [_Branch(one, _C.c.sort_due_at, _C.c.id) for one in walks]


def _by_desk(walk: Walk) -> list[_Branch]:
    """Walk the desk of the actor and of each person the actor stands in for."""
    role, narrowed = walk.filters.role, _narrowed(walk.filters)
    base = sa.select(_D.c.complaint_id.label("complaint_id"), _D.c.sort_due_at.label("due_at")).where(
        _D.c.role == (role.value if role else ANY_ROLE), *within(_D, walk.seen)
    )
    if narrowed:
        base = base.join(_C, _C.c.id == _D.c.complaint_id).where(*narrowed)
    return [
        _Branch(base.where(_D.c.user_id == one), _D.c.sort_due_at, _D.c.complaint_id) for one in walk.selves
    ]


def _by_text(walk: Walk, search: Search) -> _Branch:
    """Walk the matches from the newest; the other conditions are tested on each of them."""
    seen, found = walk.seen, search.matches().subquery("found")
    found_id = next(iter(found.c))
    # Adding nothing keeps the store from walking a plant's or a customer's index and searching for each row.
    conditions = [
        (_C.c.plant_id + 0).in_(sorted(seen.plants)),
        *_of_extent(walk.filters),
        *_narrowed(walk.filters),
    ]
    if seen.customers is not None:
        conditions.append((_C.c.customer_id + 0).in_(sorted(seen.customers)))
    if walk.filters.mine:
        conditions.append(_C.c.id.in_(_ever_held(walk)))
    statement = (
        sa.select(found_id.label("complaint_id"), _C.c.sort_due_at.label("due_at"))
        .join_from(found, _C, _C.c.id == found_id)
        .where(*conditions)
    )
    return _Branch(statement, _C.c.sort_due_at, found_id)


def _of_extent(filters: Filters) -> list[sa.ColumnElement[bool]]:
    if filters.extent is Extent.ALL:
        return []
    return [_C.c.is_open if filters.extent is Extent.OPEN else ~_C.c.is_open]


def _narrowed(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what is asked of the complaint itself, beside scope and openness."""
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.tier is not None:
        conditions.append(_C.c.tier == filters.tier)
    if filters.stage is not None:
        conditions.append(_C.c.stage == filters.stage)
    if filters.standing is not None:
        conditions += standing_is(filters.standing)
    return conditions


def standing_is(standing: Standing) -> list[sa.ColumnElement[bool]]:
    """Return the condition on open complaints; ``now``, ``soon`` and ``today`` are bound by name."""
    due, waits, held = _C.c.sort_due_at, _C.c.awaits_sample, _C.c.clock_paused
    match standing:
        case Standing.OVERDUE:
            return [due < _NOW]
        case Standing.TODAY:
            return [due >= _NOW, due < _TODAY_ENDS]
        case Standing.SOON:
            return [due >= _NOW, due <= _SOON_UNTIL]
        case Standing.ON_TIME:
            return [due > _SOON_UNTIL, due < FAR]
        case Standing.WAITING:
            return [waits]
        case Standing.STOPPED:
            return [held]
        case Standing.NONE:
            return [due >= FAR, ~waits, ~held]


def _ever_held(walk: Walk) -> sa.Select[Any]:
    """Return the complaints in which the actor holds a role, closed ones too."""
    statement = sa.select(_A.c.complaint_id).where(_A.c.user_id.in_(walk.selves), _A.c.until_at.is_(None))
    return statement if walk.filters.role is None else statement.where(_A.c.role == walk.filters.role)


def _walked(branch: _Branch, walk: Walk) -> sa.Select[Any]:
    statement = branch.statement
    if walk.has_key:
        statement = statement.where(_beyond_key(branch, walk))
    order = ordered(branch.due_at, branch.id, walk.filters, backwards=walk.backwards)
    return statement.order_by(*order).limit(walk.limit)


def _beyond_key(branch: _Branch, walk: Walk) -> sa.ColumnElement[bool]:
    key_id = sa.bindparam("key_id", type_=sa.Integer())
    if not walk.filters.is_by_due_date:
        return branch.id > key_id if walk.backwards else branch.id < key_id
    here = sa.tuple_(branch.due_at, branch.id)
    there = sa.tuple_(sa.bindparam("key_due", type_=UtcInstant()), key_id)
    return here < there if walk.backwards else here > there
