"""What helps while a complaint is being registered: suggestions, the tier to expect, similar and doubled cases.

Everything is limited to what the actor may see; nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import Scope, scope
from eightd.domain.classification.classify import Classification, classify
from eightd.domain.complaint import DefectCounts, DefectKind, Stage, Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import search
from eightd.persistence.repositories import rules
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.record import IdempotencyRow
from eightd.queries.board import named

SUGGESTED = 10
SIMILAR = 5


@dataclass(frozen=True, slots=True)
class PlantView:
    """A plant the actor may register in."""

    id: int
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One line of a list under a field: what is typed when it is chosen, what it is called, and a note."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SimilarView:
    """An earlier case with the same part or the same phenomenon."""

    number: str
    customer: str
    part: str
    phenomenon: str
    tier: Tier
    stage: Stage
    received_at: datetime
    zone: str
    same_part: bool


@dataclass(frozen=True, slots=True)
class DoubleView:
    """A complaint that carries the same customer's number."""

    number: str
    received_at: datetime
    zone: str
    stage: Stage


def plants(session: Session, actor: Actor, language: Language | str) -> tuple[PlantView, ...]:
    """Return the actor's plants, by code."""
    statement = sa.select(PlantRow).where(PlantRow.id.in_(sorted(actor.plants))).order_by(PlantRow.code)
    return tuple(
        PlantView(row.id, named(row.name, row.name_en, language), row.zone)
        for row in session.execute(statement).scalars()
    )


def customers(
    session: Session, actor: Actor, text: str, language: Language | str
) -> tuple[SuggestionView, ...]:
    """Return active customers whose code or name holds the text, those that begin with it first."""
    c, wanted = CustomerRow, _escaped(text)
    begins = sa.or_(*(_like(field, f"{wanted}%") for field in (c.code, c.name, c.name_en)))
    statement = sa.select(c.code, c.name, c.name_en).where(
        c.active, sa.or_(*(_like(field, f"%{wanted}%") for field in (c.code, c.name, c.name_en)))
    )
    limits = scope(actor).customers
    if limits is not None:
        statement = statement.where(c.id.in_(sorted(limits)))
    rows = session.execute(statement.order_by(sa.case((begins, 0), else_=1), c.code).limit(SUGGESTED))
    return tuple(SuggestionView(row.code, named(row.name, row.name_en, language)) for row in rows)


def parts(session: Session, actor: Actor, text: str, language: Language | str) -> tuple[SuggestionView, ...]:
    """Return active parts whose number or name holds the text, those whose number begins with it first.

    A part that has only been complained of where the actor sees nothing is not suggested.
    """
    p, wanted = PartRow, _escaped(text)
    fields = (p.number, p.name, p.name_en, p.customer_number)
    statement = (
        sa.select(p.number, p.name, p.name_en)
        .where(p.active, sa.or_(*(_like(field, f"%{wanted}%") for field in fields)), _part_seen(scope(actor)))
        .order_by(sa.case((_like(p.number, f"{wanted}%"), 0), else_=1), p.number)
        .limit(SUGGESTED)
    )
    return tuple(
        SuggestionView(row.number, named(row.name, row.name_en, language))
        for row in session.execute(statement)
    )


def phenomena(
    session: Session, text: str, language: Language | str, kind: DefectKind | None = None
) -> tuple[SuggestionView, ...]:
    """Return phenomena of the catalogue that hold the text; the value is the catalogue's own wording.

    The catalogue is one for the house: it holds words, not cases.
    """
    p, wanted = PhenomenonRow, _escaped(text)
    statement = sa.select(p.text, p.text_en).where(
        p.active, sa.or_(_like(p.text, f"%{wanted}%"), _like(p.text_en, f"%{wanted}%"))
    )
    if kind is not None:
        statement = statement.where(p.kind == kind)
    rows = session.execute(statement.order_by(p.text).limit(SUGGESTED))
    return tuple(
        SuggestionView(row.text, row.text, row.text_en if language == Language.EN else "") for row in rows
    )


def customer_named(session: Session, actor: Actor, text: str) -> CustomerRow | None:
    """Return the active customer that the text names by code or name; None where the actor may not see it."""
    wanted, c = text.strip(), CustomerRow
    if not wanted:
        return None
    rows = session.execute(
        sa.select(c).where(
            c.active,
            sa.or_(sa.func.lower(c.code) == wanted.lower(), c.name == wanted, c.name_en == wanted),
        )
    ).scalars()
    limits = scope(actor).customers
    return next((row for row in rows if limits is None or row.id in limits), None)


def expected_tier(
    session: Session, customer: CustomerRow | None, counts: DefectCounts, on: date
) -> Classification:
    """Classify counts as the verb would, by the customer's criteria in force on a plant-local date.

    The standard criteria are taken while no customer is known.
    """
    return classify(counts, rules.criteria_for(session, customer or CustomerRow(criteria="standard"), on))


def doubles(session: Session, actor: Actor, customer_id: int, customer_number: str) -> tuple[DoubleView, ...]:
    """Return complaints of this customer under the same customer's number, newest first."""
    c = ComplaintRow
    if not customer_number.strip():
        return ()
    statement = (
        sa.select(c.number, c.received_at, PlantRow.zone, c.stage)
        .join(PlantRow, PlantRow.id == c.plant_id)
        .where(
            c.customer_number == customer_number.strip(), c.customer_id == customer_id, *_seen(scope(actor))
        )
        .order_by(c.id.desc())
        .limit(SIMILAR)
    )
    return tuple(DoubleView(*row) for row in session.execute(statement))


_REGISTERING = frozenset({"complaint.register", "mail.register"})


def registered_under(session: Session, user_id: int, key: str) -> str | None:
    """Return the number that this person's form with this idempotency key was registered under, if it was."""
    row = session.get(IdempotencyRow, (user_id, key))
    return str(row.result["number"]) if row is not None and row.verb in _REGISTERING else None


def similar(
    session: Session, actor: Actor, part_number: str, reported: Sequence[str], language: Language | str
) -> tuple[SimilarView, ...]:
    """Return earlier cases with the same part, then such with one of the phenomena; newest first, five in all."""
    seen, c = scope(actor), ComplaintRow
    found: dict[int, bool] = {}
    if part_number.strip():
        of_part = sa.select(PartRow.id).where(sa.func.lower(PartRow.number) == part_number.strip().lower())
        statement = sa.select(c.id).where(c.part_id.in_(of_part), *_seen(seen)).order_by(c.id.desc())
        found |= dict.fromkeys(session.execute(statement.limit(SIMILAR)).scalars(), True)
    for phenomenon in dict.fromkeys(text.strip() for text in reported[:3]):
        matching = search.matching(session, phenomenon)
        if matching is None or len(found) >= SIMILAR:
            continue
        ids = matching.subquery()
        matching_id = next(iter(ids.c))
        statement = sa.select(c.id).join(ids, c.id == matching_id).where(*_seen(seen))
        for complaint_id in session.execute(statement.order_by(matching_id.desc()).limit(SIMILAR)).scalars():
            found.setdefault(complaint_id, False)
    return _cases(session, dict(list(found.items())[:SIMILAR]), language)


def _cases(session: Session, found: dict[int, bool], language: Language | str) -> tuple[SimilarView, ...]:
    if not found:
        return ()
    c, line = ComplaintRow, DefectLineRow
    phenomenon = (
        sa.select(line.phenomenon)
        .where(line.complaint_id == c.id)
        .order_by(line.quantity.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows: dict[int, Any] = {
        row.id: row
        for row in session.execute(
            sa.select(
                c.id,
                c.number,
                c.tier,
                c.stage,
                c.received_at,
                CustomerRow.name,
                CustomerRow.name_en,
                PartRow.number.label("part"),
                PlantRow.zone,
                phenomenon.label("phenomenon"),
            )
            .join(CustomerRow, CustomerRow.id == c.customer_id)
            .join(PartRow, PartRow.id == c.part_id)
            .join(PlantRow, PlantRow.id == c.plant_id)
            .where(c.id.in_(list(found)))
        )
    }
    return tuple(
        SimilarView(
            number=rows[one].number,
            customer=named(rows[one].name, rows[one].name_en, language),
            part=rows[one].part,
            phenomenon=rows[one].phenomenon or "",
            tier=rows[one].tier,
            stage=rows[one].stage,
            received_at=rows[one].received_at,
            zone=rows[one].zone,
            same_part=same_part,
        )
        for one, same_part in found.items()
    )


def _seen(seen: Scope) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [ComplaintRow.plant_id.in_(sorted(seen.plants))]
    if seen.customers is not None:
        conditions.append(ComplaintRow.customer_id.in_(sorted(seen.customers)))
    return conditions


def _part_seen(seen: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that the part was complained of within the scope, or nowhere."""
    c = ComplaintRow
    reported = sa.select(c.id).where(c.part_id == PartRow.id)
    # Adding nothing keeps the store on the part's own complaints instead of all of a plant's.
    within = reported.where((c.plant_id + 0).in_(sorted(seen.plants)))
    if seen.customers is not None:
        within = within.where((c.customer_id + 0).in_(sorted(seen.customers)))
    return sa.or_(within.exists(), ~reported.exists())


def _like(field: Any, pattern: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(field).like(pattern, escape="\\")


def _escaped(text: str) -> str:
    """Return the text in lower case with LIKE's own signs taken literally."""
    return text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
