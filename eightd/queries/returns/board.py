"""Returns by stage: how many stand where, which have waited longest, whose turn it is, which samples do not come.

Cards are walked by key along one index range per plant and stage; only what a page shows is read in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import Scope, scope
from eightd.domain.returns.ledger import HERE
from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnMovementRow, ReturnRow

COLUMN_SIZE = 8
"""Cards of one column while all are shown."""

PAGE_SIZE = 50
"""Cards of one page while a single stage is shown."""

MOST_AWAITED = 50

_R = ReturnRow.__table__.c
_S = ReturnStage


class Desk(StrEnum):
    """Whose turn it is; the stages in which somebody there is awaited."""

    ALL = "all"
    SALES = "sales"
    WAREHOUSE = "warehouse"
    PRODUCTION = "production"
    ANALYSIS = "analysis"
    FINANCE = "finance"


OPEN_STAGES: tuple[ReturnStage, ...] = tuple(stage for stage in ReturnStage if stage.is_open)
STAGES_OF: Mapping[Desk, tuple[ReturnStage, ...]] = {
    Desk.ALL: OPEN_STAGES,
    Desk.SALES: (_S.ANNOUNCED, _S.REWORKED, _S.SETTLED),
    Desk.WAREHOUSE: (_S.ANNOUNCED, _S.RECEIVED, _S.CHECKED, _S.REWORKED),
    Desk.PRODUCTION: (_S.BOOKED_IN, _S.DRAWN, _S.PLANNED),
    Desk.ANALYSIS: (_S.COUNTED, _S.ANALYSED),
    Desk.FINANCE: (_S.REDELIVERED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the board is narrowed to; ``stage`` shows that stage alone, also an ended one."""

    desk: Desk = Desk.ALL
    stage: ReturnStage | None = None
    plant_id: int | None = None
    customer_id: int | None = None
    kind: ReturnKind | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class PageKey:
    """A place in one stage's list: after the return with this id, or before it."""

    id: int
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One return. ``here`` are the pieces the plant answers for; ``late`` against the day expected or promised."""

    id: int
    number: str
    parcel: str
    kind: ReturnKind
    stage: ReturnStage
    stage_at: datetime
    zone: str
    complaint_number: str
    customer_name: str
    customer_name_en: str
    part_number: str
    part_name: str
    part_name_en: str
    quantity_announced: int
    here: int
    location: str
    expected_on: date | None
    promised_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: how many there are, the first of them, whether more follow."""

    stage: ReturnStage
    count: int
    cards: tuple[Card, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class AwaitedView:
    """A complaint whose sample has not come; ``due_at`` from when it is overdue, ``chased_at`` the last request."""

    complaint_number: str
    customer_name: str
    customer_name_en: str
    part_number: str
    zone: str
    since: datetime
    due_at: datetime
    chased_at: datetime | None


@dataclass(frozen=True, slots=True)
class BoardView:
    """The columns in the order of the course, and samples that are overdue with no parcel on its way."""

    columns: tuple[Column, ...]
    counts: Mapping[ReturnStage, int]
    overdue_samples: tuple[AwaitedView, ...]
    previous: PageKey | None = None
    next: PageKey | None = None


def board(
    session: Session, actor: Actor, filters: Filters, now: datetime, place: PageKey | None = None
) -> BoardView:
    """Return the columns of a desk, or one stage's page from a place on. Five statements whatever there is.

    Open returns stand in the order in which they were announced, ended ones the newest first.
    """
    seen = _narrowed(scope(actor), filters)
    if not seen.plants:
        return BoardView((), {}, ())
    today = _today(session, seen, now)
    counts = _counts(session, seen, filters, today)
    stages = (filters.stage,) if filters.stage else STAGES_OF[filters.desk]
    size = PAGE_SIZE if filters.stage else COLUMN_SIZE
    cards = _cards(session, _picked(seen, filters, stages, today, place, size + 1), today)
    columns = []
    for stage in stages:
        own = [card for card in cards if card.stage is stage]
        own.sort(key=lambda card: card.id if stage.is_open else -card.id)
        shown = own[-size:] if place is not None and place.backwards else own[:size]
        columns.append(Column(stage, counts.get(stage, len(own)), tuple(shown), more=len(own) > size))
    previous, next_ = _neighbours(columns[0], place) if filters.stage else (None, None)
    wants_samples = filters.stage is None and filters.desk in (Desk.ALL, Desk.SALES)
    overdue = overdue_samples(session, actor, now, filters) if wants_samples else ()
    return BoardView(tuple(columns), counts, overdue, previous, next_)


def overdue_samples(
    session: Session, actor: Actor, now: datetime, filters: Filters | None = None
) -> tuple[AwaitedView, ...]:
    """Return complaints whose sample is overdue, those that wait longest first. One statement."""
    seen = _narrowed(scope(actor), filters or Filters())
    if not seen.plants:
        return ()
    statement = (
        sa.select(
            ComplaintRow.number,
            CustomerRow.name,
            CustomerRow.name_en,
            PartRow.number.label("part_number"),
            PlantRow.zone,
            ComplaintRow.sample_wanted_from_at,
            ComplaintRow.received_at,
            ComplaintRow.sample_due_at,
            ComplaintRow.sample_chased_at,
        )
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .where(ComplaintRow.plant_id.in_(sorted(seen.plants)), ComplaintRow.sample_due_at <= now)
        .order_by(ComplaintRow.sample_due_at, ComplaintRow.id)
        .limit(MOST_AWAITED)
    )
    if seen.customers is not None:
        statement = statement.where(ComplaintRow.customer_id.in_(sorted(seen.customers)))
    return tuple(
        AwaitedView(
            complaint_number=row.number,
            customer_name=row.name,
            customer_name_en=row.name_en or row.name,
            part_number=row.part_number,
            zone=row.zone,
            since=row.sample_wanted_from_at or row.received_at,
            due_at=row.sample_due_at,
            chased_at=row.sample_chased_at,
        )
        for row in session.execute(statement)
    )


def _narrowed(seen: Scope, filters: Filters) -> Scope:
    plants, customers = seen.plants, seen.customers
    if filters.plant_id is not None:
        plants = plants & {filters.plant_id}
    if filters.customer_id is not None:
        wanted = frozenset({filters.customer_id})
        customers = wanted if customers is None else customers & wanted
    return Scope(plants if customers != frozenset() else frozenset(), customers, drafts=seen.drafts)


def _today(session: Session, seen: Scope, now: datetime) -> Mapping[int, date]:
    """Return each plant's day."""
    found = session.execute(sa.select(PlantRow.id, PlantRow.zone).where(PlantRow.id.in_(sorted(seen.plants))))
    return {plant_id: now.astimezone(ZoneInfo(zone)).date() for plant_id, zone in found}


def _wanted(seen: Scope, filters: Filters, today: Mapping[int, date], plant_id: int) -> list[Any]:
    """Return the conditions on returns of one plant, the stage aside."""
    conditions: list[Any] = [_R.plant_id == plant_id]
    if seen.customers is not None:
        conditions.append(_R.customer_id.in_(sorted(seen.customers)))
    if filters.kind is not None:
        conditions.append(_R.kind == filters.kind)
    if filters.late:
        conditions.append(_late(today[plant_id]))
    return conditions


def _late(today: date) -> sa.ColumnElement[bool]:
    """Announced ones are late after the day expected, those here after the day promised."""
    over = (_S.REDELIVERED, _S.SETTLED, _S.CLOSED, _S.CANCELLED)
    return sa.or_(
        sa.and_(_R.stage == _S.ANNOUNCED, _R.expected_on < today),
        sa.and_(_R.stage.not_in((_S.ANNOUNCED, *over)), _R.promised_on < today),
    )


def _counts(
    session: Session, seen: Scope, filters: Filters, today: Mapping[int, date]
) -> Mapping[ReturnStage, int]:
    """Count the open returns by stage, and those of an ended stage where it is asked for."""
    ended = filters.stage is not None and not filters.stage.is_open
    walks = [
        sa.select(_R.stage, sa.func.count().label("many"))
        .where(*_wanted(seen, filters, today, plant_id), _R.is_open == sa.true())
        .group_by(_R.stage)
        for plant_id in sorted(today)
    ]
    if ended:
        walks += [
            sa.select(_R.stage, sa.func.count().label("many"))
            .where(
                *_wanted(seen, filters, today, plant_id),
                _R.is_open == sa.false(),
                _R.stage == filters.stage,
            )
            .group_by(_R.stage)
            for plant_id in sorted(today)
        ]
    totals: dict[ReturnStage, int] = dict.fromkeys(OPEN_STAGES, 0)
    for stage, many in session.execute(sa.union_all(*walks)):
        totals[ReturnStage(stage)] = totals.get(ReturnStage(stage), 0) + many
    return totals


def _picked(
    seen: Scope,
    filters: Filters,
    stages: Sequence[ReturnStage],
    today: Mapping[int, date],
    place: PageKey | None,
    size: int,
) -> sa.CompoundSelect[Any]:
    """Return the ids to show: the first of each plant and stage from the place on."""
    walks = []
    for plant_id in sorted(today):
        for stage in stages:
            backwards = place is not None and place.backwards
            ascending = stage.is_open is not backwards
            statement = sa.select(_R.id).where(
                *_wanted(seen, filters, today, plant_id), _R.is_open == stage.is_open, _R.stage == stage
            )
            if place is not None:
                statement = statement.where(_R.id > place.id if ascending else _R.id < place.id)
            ordered = statement.order_by(_R.id if ascending else _R.id.desc()).limit(size)
            walks.append(sa.select(ordered.subquery().c.id))
    return sa.union_all(*walks)


def _cards(session: Session, picked: sa.CompoundSelect[Any], today: Mapping[int, date]) -> list[Card]:
    found = session.execute(
        sa.select(ReturnRow, ComplaintRow.number, CustomerRow, PartRow, PlantRow.zone)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .join(CustomerRow, CustomerRow.id == ReturnRow.customer_id)
        .join(PartRow, PartRow.id == ReturnRow.part_id)
        .join(PlantRow, PlantRow.id == ReturnRow.plant_id)
        .where(ReturnRow.id.in_(sa.select(picked.subquery().c.id)))
    ).all()
    pieces = pieces_here(session, [row.id for row, *_ in found])
    return [
        Card(
            id=row.id,
            number=row.number,
            parcel=row.parcel,
            kind=row.kind,
            stage=row.stage,
            stage_at=row.stage_at,
            zone=zone,
            complaint_number=number,
            customer_name=customer.name,
            customer_name_en=customer.name_en or customer.name,
            part_number=part.number,
            part_name=part.name,
            part_name_en=part.name_en or part.name,
            quantity_announced=row.quantity_announced,
            here=pieces.get(row.id, 0),
            location=row.location,
            expected_on=row.expected_on,
            promised_on=row.promised_on,
            late=_is_late(row, today[row.plant_id]),
        )
        for row, number, customer, part, zone in found
    ]


def pieces_here(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many pieces of each return the plant answers for. One statement."""
    if not ids:
        return {}
    moved = ReturnMovementRow.__table__.c
    came = sa.case((moved.to_place.in_(HERE), moved.quantity), else_=0)
    went = sa.case((moved.from_place.in_(HERE), moved.quantity), else_=0)
    found = session.execute(
        sa.select(moved.return_id, sa.func.sum(came - went))
        .where(moved.return_id.in_(ids))
        .group_by(moved.return_id)
    )
    return {return_id: int(many) for return_id, many in found}


def _is_late(row: ReturnRow, today: date) -> bool:
    if row.stage is _S.ANNOUNCED:
        return row.expected_on is not None and row.expected_on < today
    done = row.stage in (_S.REDELIVERED, _S.SETTLED) or not row.is_open
    return row.promised_on is not None and row.promised_on < today and not done


def _neighbours(column: Column, place: PageKey | None) -> tuple[PageKey | None, PageKey | None]:
    """Return the keys of the pages before and after the one shown."""
    if not column.cards:
        return None, None
    first, last = column.cards[0].id, column.cards[-1].id
    backwards = place is not None and place.backwards
    has_previous = column.more if backwards else place is not None
    has_next = True if backwards else column.more
    return (
        PageKey(first, backwards=True) if has_previous else None,
        PageKey(last) if has_next else None,
    )
