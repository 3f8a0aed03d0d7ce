"""Suppliers as those who keep them see them: the list with figures, one supplier, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.authority import may
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.suppliers import PartSupplierRow, SupplierCaseRow, SupplierRow
from eightd.queries.administration.listing import Filter, Page, Place, containing, take_page
from eightd.queries.suppliers.figures import NOTHING, SupplierFigures, figures, seen_cases


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A supplier as it is kept."""

    id: int
    code: str
    name: str
    name_en: str
    contact: str
    emails: str
    language: Language
    lead_analysis: int
    lead_whole: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """A supplier in the list, with its record."""

    supplier: SupplierView
    figures: SupplierFigures


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One of a supplier's cases in its history."""

    number: str
    complaint: str
    part: str
    phenomenon: str
    state: SupplierCaseState
    due_at: datetime
    submitted_at: datetime | None
    score: int | None
    zone: str
    repeat: bool

    @property
    def was_late(self) -> bool | None:
        """Return whether the whole answer came late, None before it came."""
        return None if self.submitted_at is None else self.submitted_at > self.due_at


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same part and phenomenon more than once."""

    part: str
    phenomenon: str
    count: int


@dataclass(frozen=True, slots=True)
class SupplierHistory:
    """All that is known of how a supplier answers; ``repeats`` the most frequent first."""

    supplier: SupplierView
    figures: SupplierFigures
    repeats: tuple[Repeat, ...]
    cases: Page[CaseLine]
    may_keep: bool


_Earlier = aliased(SupplierCaseRow)
_MOST_REPEATS = 50


def suppliers(
    session: Session, actor: Actor, narrowed: Filter, place: Place, now: datetime
) -> Page[SupplierLine] | None:
    """Return a page of suppliers by code with their figures; None for whoever has nothing to do with them."""
    if not may_keep(actor):
        return None
    statement = sa.select(SupplierRow.id.label("id"), SupplierRow)
    if narrowed.active is not None:
        statement = statement.where(SupplierRow.active == narrowed.active)
    if narrowed.text:
        searched = (SupplierRow.code, SupplierRow.name, SupplierRow.name_en, SupplierRow.contact)
        statement = statement.where(containing(narrowed.text, *searched))
    page = take_page(session, statement, (SupplierRow.code, SupplierRow.id), place)
    known = figures(session, actor, [row.id for row in page.lines], now)
    return page.map(lambda row: SupplierLine(_view(row.SupplierRow), known.get(row.id, NOTHING)))


def supplier(session: Session, actor: Actor, supplier_id: int) -> SupplierView | None:
    """Return one supplier as it is kept."""
    row = session.get(SupplierRow, supplier_id) if may_keep(actor) else None
    return None if row is None else _view(row)


def history(
    session: Session, actor: Actor, supplier_id: int, place: Place, now: datetime
) -> SupplierHistory | None:
    """Return a supplier's record and its cases, the newest first, as far as the actor may see them.

    A supplier is known to whoever keeps suppliers, and to whoever sees one of its cases.
    """
    row = session.get(SupplierRow, supplier_id)
    known = figures(session, actor, [supplier_id], now)
    if row is None or not (may_keep(actor) or supplier_id in known):
        return None
    same = (sa.func.lower(SupplierCaseRow.part), sa.func.lower(SupplierCaseRow.phenomenon))
    own = sa.and_(
        SupplierCaseRow.supplier_id == supplier_id,
        seen_cases(actor),
        SupplierCaseRow.state != SupplierCaseState.CANCELLED,
    )
    repeated = session.execute(
        sa.select(
            sa.func.min(SupplierCaseRow.part).label("part"),
            sa.func.min(SupplierCaseRow.phenomenon).label("phenomenon"),
            sa.func.count().label("number"),
        )
        .where(own)
        .group_by(*same)
        .having(sa.func.count() > 1)
        .order_by(sa.func.count().desc(), sa.func.min(SupplierCaseRow.id))
        .limit(_MOST_REPEATS)
    ).all()
    is_repeat = (
        sa.select(_Earlier.id)
        .where(
            _Earlier.supplier_id == SupplierCaseRow.supplier_id,
            _Earlier.id < SupplierCaseRow.id,
            _Earlier.state != SupplierCaseState.CANCELLED,
            sa.func.lower(_Earlier.part) == same[0],
            sa.func.lower(_Earlier.phenomenon) == same[1],
        )
        .exists()
    )
    statement = (
        sa.select(
            SupplierCaseRow.id.label("id"),
            SupplierCaseRow,
            ComplaintRow.number,
            PlantRow.zone,
            is_repeat.label("repeat"),
        )
        .join(ComplaintRow, ComplaintRow.id == SupplierCaseRow.complaint_id)
        .join(PlantRow, PlantRow.id == SupplierCaseRow.plant_id)
        .where(SupplierCaseRow.supplier_id == supplier_id, seen_cases(actor))
    )
    page = take_page(session, statement, (SupplierCaseRow.id,), place, descending=True)
    return SupplierHistory(
        supplier=_view(row),
        figures=known.get(supplier_id, NOTHING),
        repeats=tuple(Repeat(one.part, one.phenomenon, int(one.number)) for one in repeated),
        cases=page.map(lambda one: _line(one.SupplierCaseRow, one.number, one.zone, bool(one.repeat))),
        may_keep=may_keep(actor),
    )


def supplier_choices(session: Session, part_id: int) -> tuple[tuple[int, str, bool], ...]:
    """Return id, name and whether it supplies the part, of the active suppliers; the part's own first."""
    supplies = (
        sa.select(PartSupplierRow.part_id)
        .where(PartSupplierRow.supplier_id == SupplierRow.id, PartSupplierRow.part_id == part_id)
        .exists()
    )
    rows = session.execute(
        sa.select(SupplierRow.id, SupplierRow.code, SupplierRow.name, supplies.label("own"))
        .where(SupplierRow.active)
        .order_by(supplies.desc(), SupplierRow.code)
    ).all()
    return tuple((row.id, f"{row.code} {row.name}", bool(row.own)) for row in rows)


def may_keep(actor: Actor) -> bool:
    """Return whether the actor keeps suppliers."""
    return isinstance(may(actor, Action.KEEP_SUPPLIERS), Allowed)


def _view(row: SupplierRow) -> SupplierView:
    return SupplierView(
        row.id, row.code, row.name, row.name_en, row.contact, row.emails, row.language,
        row.lead_analysis, row.lead_whole, row.active, row.version,
    )  # fmt: skip


def _line(row: SupplierCaseRow, complaint: str, zone: str, repeat: bool) -> CaseLine:
    return CaseLine(
        row.number, complaint, row.part, row.phenomenon, row.state, row.due_at, row.submitted_at,
        row.score, zone, repeat,
    )  # fmt: skip
