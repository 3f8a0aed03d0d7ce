"""The register of deadlines: every milestone of every complaint that is seen, by the date judged (procedure 9).

Pages are walked by key along one index range per plant, or per customer where these are few, and merged; only
the lines of a page are read in full. What is told of a clock that a stop holds is computed for that page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.authority import Scope, scope
from eightd.domain.clock.due import Deadline
from eightd.domain.complaint import Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.base import UtcInstant
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import NOTHING_DUE_AT, DeadlineRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.queries.board import named
from eightd.queries.board_walk import narrowed_scope
from eightd.queries.deadlines import SOON, Lateness
from eightd.queries.log_slice import Known, moving

PAGE_SIZE = 50
COUNTED_UP_TO = 1000
"""Counters stop here, so that they cost the same however many there are."""

_MOST_WALKS = (
    40  # more plants and customers than this are filtered along their plants instead of walked one by one
)
_NONE = timedelta(0)
_D = DeadlineRow.__table__.c
_Explained = aliased(UserRow)


class State(StrEnum):
    """How a milestone stands, as the register may be asked for; on the date that is judged."""

    OPEN = "open"
    OVERDUE = "overdue"
    WAITING = "waiting"  # for its start, or held by a stop that counts
    MET = "met"
    MET_LATE = "met_late"
    UNEXPLAINED = "unexplained"  # met late or overdue, and nobody has said why


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the register is narrowed to; None and an empty set ask for nothing in particular.

    The days are those of each complaint's plant on which the judged date falls, both included; what has no
    date yet comes last, and is left out where there is a last day; where there is a first one, so is what never
    got a date and is owed no more.
    """

    from_on: date | None = None
    until_on: date | None = None
    customer_id: int | None = None
    milestone: str = ""
    plants: frozenset[int] = frozenset()
    state: State | None = None


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class PageKey:
    """A place in the register: the line it names is part of neither the page before it nor the one after."""

    due_at: datetime
    complaint_id: int
    milestone: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One milestone. Latenesses are zero where it is in time on that date, or has none."""

    key: PageKey
    number: str
    plant: str
    zone: str
    customer_code: str
    customer: str
    part_number: str
    part: str
    tier: Tier
    milestone: str
    title_zh: str
    title_en: str
    started_at: datetime | None
    contractual_due_at: datetime | None
    agreed_due_at: datetime | None
    judged_due_at: datetime | None
    accepts_stops: bool
    met_at: datetime | None
    lateness: Lateness
    late_by: timedelta
    contractual_late_by: timedelta
    agreed_late_by: timedelta
    left: timedelta
    late_reason: str
    late_reason_by: str
    cqe: str
    provisional: bool
    stopped: bool
    calendar: str
    profile: str


@dataclass(frozen=True, slots=True)
class PageView:
    """One page with the keys of its neighbours, None where there is none."""

    lines: tuple[LineView, ...]
    previous: PageKey | None = None
    next: PageKey | None = None


@dataclass(frozen=True, slots=True)
class CountersView:
    """What stands above the register, whatever the period; ``COUNTED_UP_TO`` means that or more."""

    overdue: int
    unexplained: int
    waiting: int


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
    known: Known | None = None,
) -> PageView:
    """Return a page of what the actor sees: from the beginning, after a key or before one.

    Where fewer than ``size`` lines lie before the key, or none after it, this is the first page. Three
    statements, a few more where clocks stand still.
    """
    key = after if before is None else before
    walks = [*_walks(session, scope(actor), filters, now)]
    if not walks:
        return PageView(())
    picked = _picked(walks, key, backwards=before is not None, limit=size + 1)
    rows = session.execute(_details(picked)).all()
    is_more = len(rows) > size
    if key is not None and (not rows if before is None else len(rows) < size):
        return page(session, actor, filters, now, language, size=size, known=known)
    rows = rows[:size] if before is None else rows[-size:]
    paused = sorted({row.complaint_id for row in rows if row.paused and row.met_at is None})
    held = moving(session, paused, known or Known(), now)
    lines = tuple(_line(row, held, now, language) for row in rows)
    has_previous, has_next = (key is not None, is_more) if before is None else (is_more, True)
    return PageView(
        lines,
        previous=lines[0].key if lines and has_previous else None,
        next=lines[-1].key if lines and has_next else None,
    )


def every_line(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    language: Language | str,
    *,
    after: PageKey | None,
    size: int,
    known: Known,
) -> tuple[LineView, ...]:
    """Return the next lines after a key, none where there are no more: for those who read the register whole."""
    walks = [*_walks(session, scope(actor), filters, now)]
    if not walks:
        return ()
    rows = session.execute(_details(_picked(walks, after, backwards=False, limit=size))).all()
    paused = sorted({row.complaint_id for row in rows if row.paused and row.met_at is None})
    held = moving(session, paused, known, now)
    return tuple(_line(row, held, now, language) for row in rows)


def counters(session: Session, actor: Actor, now: datetime) -> CountersView:
    """Count what is overdue, what is late without a reason, and what waits or is held."""
    found = []
    for state in (State.OVERDUE, State.UNEXPLAINED, State.WAITING):
        walks = [*_walks(session, scope(actor), Filters(state=state), now)]
        if not walks:
            return CountersView(0, 0, 0)
        some = sa.union_all(*(_limited(walk, COUNTED_UP_TO) for walk in walks)).limit(COUNTED_UP_TO)
        found.append(sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery())
    return CountersView(*session.execute(sa.select(*found)).one())


def is_empty(session: Session, actor: Actor, now: datetime) -> bool:
    """Return whether there is no deadline at all that the actor sees."""
    walks = [*_walks(session, scope(actor), EVERYTHING, now)]
    return not any(session.execute(walk.limit(1)).first() for walk in walks)


def plant_zones(session: Session, plants: Sequence[int]) -> Mapping[int, str]:
    """Return the zones of the plants."""
    found = session.execute(sa.select(PlantRow.id, PlantRow.zone).where(PlantRow.id.in_(plants)))
    return dict(iter(found))


def midnight(on: date, zone: str) -> datetime:
    """Return the instant at which the day begins there."""
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


# ---------------------------------------------------------------- statements


def _walks(session: Session, seen: Scope, filters: Filters, now: datetime) -> Iterator[sa.Select[Any]]:
    """Yield one statement per index range; together they are what the actor sees and asked for."""
    seen = narrowed_scope(seen, filters.customer_id)
    plants = sorted(seen.plants & filters.plants if filters.plants else seen.plants)
    wanted = _wanted(filters, now)
    dated = filters.from_on is not None or filters.until_on is not None
    zones = plant_zones(session, plants) if dated and plants else {}
    for plant in plants:
        bounds = _within(filters, zones[plant]) if dated else []
        base = sa.select(_D.judged_due_at, _D.complaint_id, _D.milestone).where(*wanted, *bounds)
        if seen.customers is None:
            yield base.where(_D.plant_id == plant)
        elif len(plants) * len(seen.customers) <= _MOST_WALKS:
            for customer in sorted(seen.customers):
                # Adding nothing keeps the store from walking the whole plant for one customer.
                yield base.where(_D.customer_id == customer, _D.plant_id + 0 == plant)
        else:
            yield base.where(_D.plant_id == plant, _D.customer_id.in_(sorted(seen.customers)))


def _wanted(filters: Filters, now: datetime) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.milestone:
        wanted.append(_D.milestone == filters.milestone)
    if filters.state is not None:
        wanted += _state_is(filters.state, now)
    return wanted


def _state_is(state: State, now: datetime) -> list[sa.ColumnElement[bool]]:
    overdue = sa.and_(_D.owed, _D.judged_due_at < now)
    met_late = _D.met_at > _D.judged_due_at
    match state:
        case State.OPEN:
            return [_D.owed]
        case State.OVERDUE:
            return [_D.owed, _D.judged_due_at < now]
        case State.WAITING:
            return [_D.owed, _D.judged_due_at == NOTHING_DUE_AT]
        case State.MET:
            return [_D.met_at <= _D.judged_due_at]
        case State.MET_LATE:
            return [met_late]
        case State.UNEXPLAINED:
            return [_D.judged_due_at < now, sa.or_(overdue, met_late), _D.late_reason == ""]


def _within(filters: Filters, zone: str) -> list[sa.ColumnElement[bool]]:
    bounds: list[sa.ColumnElement[bool]] = []
    if filters.from_on is not None:
        bounds.append(_D.judged_due_at >= midnight(filters.from_on, zone))
        bounds.append(sa.or_(_D.judged_due_at < NOTHING_DUE_AT, _D.owed))
    if filters.until_on is not None:
        bounds.append(_D.judged_due_at < midnight(filters.until_on + timedelta(days=1), zone))
    return bounds


_ORDER = (_D.judged_due_at, _D.complaint_id, _D.milestone)


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
            there = sa.tuple_(
                sa.literal(key.due_at, UtcInstant()), sa.literal(key.complaint_id), sa.literal(key.milestone)
            )
            walk = walk.where(here < there if backwards else here > there)  # noqa: PLW2901
        walked.append(_limited(walk.order_by(*_turned(_ORDER, backwards=backwards)), limit))
    if len(walked) == 1:
        return walked[0].subquery("picked")
    merged = sa.union_all(*walked).subquery("merged")
    order = (merged.c.judged_due_at, merged.c.complaint_id, merged.c.milestone)
    return sa.select(merged).order_by(*_turned(order, backwards=backwards)).limit(limit).subquery("picked")


def _turned(columns: Sequence[Any], *, backwards: bool) -> list[Any]:
    return [column.desc() if backwards else column.asc() for column in columns]


def _details(picked: sa.Subquery) -> sa.Select[Any]:
    columns: Any = (  # too many for the types that follow a statement
        DeadlineRow.complaint_id,
        DeadlineRow.milestone,
        DeadlineRow.title_zh,
        DeadlineRow.title_en,
        DeadlineRow.started_at,
        DeadlineRow.contractual_due_at,
        DeadlineRow.due_at,
        DeadlineRow.judged_due_at,
        DeadlineRow.met_at,
        DeadlineRow.owed,
        DeadlineRow.paused,
        DeadlineRow.provisional,
        DeadlineRow.calendar,
        DeadlineRow.late_reason,
        ComplaintRow.number,
        ComplaintRow.tier,
        ComplaintRow.profile,
        CustomerRow.code.label("customer_code"),
        CustomerRow.name.label("customer"),
        CustomerRow.name_en.label("customer_en"),
        CustomerRow.accepts_stops,
        PartRow.number.label("part_number"),
        PartRow.name.label("part"),
        PartRow.name_en.label("part_en"),
        PlantRow.code.label("plant"),
        PlantRow.zone,
        UserRow.name.label("cqe"),
        _Explained.name.label("late_reason_by"),
    )
    return (
        sa.select(*columns)
        .select_from(picked)
        .join(
            DeadlineRow,
            sa.and_(
                DeadlineRow.complaint_id == picked.c.complaint_id, DeadlineRow.milestone == picked.c.milestone
            ),
        )
        .join(ComplaintRow, ComplaintRow.id == DeadlineRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .outerjoin(UserRow, UserRow.id == ComplaintRow.cqe_id)
        .outerjoin(_Explained, _Explained.id == DeadlineRow.late_reason_by)
        .order_by(picked.c.judged_due_at, picked.c.complaint_id, picked.c.milestone)
    )


# ---------------------------------------------------------------- views


def _line(
    row: Any, held: Mapping[int, tuple[Deadline, ...]], now: datetime, language: Language | str
) -> LineView:
    agreed = row.due_at
    stopped = row.paused and row.met_at is None
    if stopped:
        agreed = next(
            (one.due_at for one in held.get(row.complaint_id, ()) if one.milestone.name == row.milestone),
            agreed,
        )
    judged = row.judged_due_at if row.judged_due_at < NOTHING_DUE_AT else None
    at = row.met_at or (now if row.owed else None)
    return LineView(
        key=PageKey(row.judged_due_at, row.complaint_id, row.milestone),
        number=row.number,
        plant=row.plant,
        zone=row.zone,
        customer_code=row.customer_code,
        customer=named(row.customer, row.customer_en, language),
        part_number=row.part_number,
        part=named(row.part, row.part_en, language),
        tier=row.tier,
        milestone=row.milestone,
        title_zh=row.title_zh,
        title_en=row.title_en,
        started_at=row.started_at,
        contractual_due_at=row.contractual_due_at,
        agreed_due_at=agreed,
        judged_due_at=judged,
        accepts_stops=row.accepts_stops,
        met_at=row.met_at,
        lateness=_lateness(row, judged, now, stopped=stopped),
        late_by=_late_by(judged, at),
        contractual_late_by=_late_by(row.contractual_due_at, at),
        agreed_late_by=_late_by(agreed, at),
        left=_NONE if judged is None or at is None else max(_NONE, judged - at),
        late_reason=row.late_reason,
        late_reason_by=row.late_reason_by or "",
        cqe=row.cqe or "",
        provisional=row.provisional,
        stopped=stopped,
        calendar=row.calendar,
        profile=row.profile,
    )


def _late_by(due_at: datetime | None, at: datetime | None) -> timedelta:
    return _NONE if due_at is None or at is None else max(_NONE, at - due_at)


def _lateness(row: Any, judged: datetime | None, now: datetime, *, stopped: bool) -> Lateness:
    if row.met_at is not None:
        return Lateness.MET_LATE if judged is not None and row.met_at > judged else Lateness.MET
    if not row.owed:
        return Lateness.NONE
    if judged is None:
        return Lateness.STOPPED if stopped else Lateness.WAITING
    if judged < now:
        return Lateness.OVERDUE
    return Lateness.SOON if judged - now <= SOON else Lateness.ON_TIME
