"""Texts to start from: wordings of the catalogue, and what was accepted in earlier cases of this part or phenomenon.

Only accepted answers of complaints that the actor may see are read, of the same plant, without what is internal. A
text that names a customer other than the complaint's own is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.authority import Allowed, PlantSubject, may, may_see, scope
from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.phrases import field_of
from eightd.domain.discipline.texts import for_customers, texts
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.workbench import SavedPhraseRow

MOST = 10
_LOOKED_AT = 60  # the newest cases of each kind: enough to find ten texts, and never a scan
_READ = 25  # answers


@dataclass(frozen=True, slots=True)
class TextView:
    """One text to start from in the languages it has."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A text of an earlier case: whose part it was and when, never whose customer."""

    number: str
    part: str
    received_at: datetime
    zone: str
    same_part: bool
    text: TextView


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """An earlier case whose answer to the discipline was accepted."""

    number: str
    part: str
    received_at: datetime
    same_part: bool


@dataclass(frozen=True, slots=True)
class TextsView:
    """What the panel offers for one field; ``field`` None while no text field has the focus."""

    number: str
    code: DisciplineCode
    field: str | None
    zone: str
    plant_id: int
    phrases: tuple[TextView, ...]
    earlier: tuple[EarlierText, ...]
    cases: tuple[EarlierCase, ...]
    may_save: bool


@dataclass(frozen=True, slots=True)
class PlacedText:
    """One text of a whole answer by its place and field."""

    place: str
    field: str
    text: TextView


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An earlier accepted answer to be read beside the form."""

    number: str
    code: DisciplineCode
    source: EarlierCase
    zone: str
    texts: tuple[PlacedText, ...]


def panel(session: Session, actor: Actor, number: str, code: DisciplineCode, place: str) -> TextsView | None:
    """Return the texts for a place in three statements; None where the complaint is hidden or drafts are."""
    found = _opened(session, actor, number)
    if found is None:
        return None
    row, zone = found
    field = field_of(code, place)
    answers = _earlier(session, actor, row, code)
    return TextsView(
        number=row.number,
        code=code,
        field=field,
        zone=zone,
        plant_id=row.plant_id,
        phrases=() if field is None else _phrases(session, row.plant_id, code, field),
        earlier=() if field is None else tuple(_distinct(_texts_at(answers, code, field, zone)))[:MOST],
        cases=tuple(one.case for one in answers)[:MOST],
        may_save=isinstance(may(actor, Action.EXTEND_CATALOGUE, PlantSubject(row.plant_id)), Allowed),
    )


def whole_answer(
    session: Session, actor: Actor, number: str, code: DisciplineCode, source: str
) -> WholeAnswer | None:
    """Return an earlier case's accepted answer; None where either is hidden or the two have nothing in common."""
    found = _opened(session, actor, number)
    if found is None:
        return None
    row, zone = found
    one = next((one for one in _earlier(session, actor, row, code) if one.case.number == source), None)
    if one is None:
        return None
    placed = tuple(
        PlacedText(place, field, text)
        for place, text in one.texts()
        if (field := field_of(code, place)) is not None
    )
    return WholeAnswer(row.number, code, one.case, zone, placed)


def _opened(session: Session, actor: Actor, number: str) -> tuple[ComplaintRow, str] | None:
    found = session.execute(
        sa.select(ComplaintRow, PlantRow.zone)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .where(ComplaintRow.number == number)
    ).one_or_none()
    if (
        found is None
        or not scope(actor).drafts
        or not may_see(actor, found[0].plant_id, found[0].customer_id)
    ):
        return None
    return found[0], found[1]


def _phrases(session: Session, plant_id: int, code: DisciplineCode, field: str) -> tuple[TextView, ...]:
    row = SavedPhraseRow
    rows = session.execute(
        sa.select(row.text_zh, row.text_en)
        .where(
            row.code == code,
            sa.or_(row.plant_id == plant_id, row.plant_id.is_(None)),
            row.active,
            row.field.in_(("", field)),
        )
        .order_by(row.field.desc(), row.plant_id.is_(None), row.id.desc())
        .limit(MOST)
    )
    return tuple(TextView(zh, en) for zh, en in rows)


@dataclass(frozen=True, slots=True)
class _Earlier:
    case: EarlierCase
    code: DisciplineCode
    document: dict[str, Any]
    other_customer: tuple[str, ...]  # names that must not be told

    def texts(self) -> Iterator[tuple[str, TextView]]:
        answer = for_customers(answer_from(self.code, self.document))
        for place, text in texts(answer).items():
            other = answer.translation.get(place, "").strip()
            told = f"{text}\n{other}".casefold()
            if any(name in told for name in self.other_customer):
                continue
            yield place, TextView(text, other) if answer.written_in is Language.ZH else TextView(other, text)


def _earlier(session: Session, actor: Actor, row: ComplaintRow, code: DisciplineCode) -> Sequence[_Earlier]:
    """Return the newest accepted answer of each earlier case with the part or a phenomenon, newest first."""
    seen = scope(actor)
    same_part = (
        sa.select(ComplaintRow.id)
        .where(ComplaintRow.part_id == row.part_id, ComplaintRow.id < row.id)
        .order_by(ComplaintRow.id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    own = sa.select(DefectLineRow.phenomenon).where(DefectLineRow.complaint_id == row.id)
    same_phenomenon = (
        sa.select(DefectLineRow.complaint_id)
        .where(DefectLineRow.phenomenon.in_(own), DefectLineRow.complaint_id < row.id)
        .order_by(DefectLineRow.complaint_id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    either = sa.union(sa.select(same_part.c.id), sa.select(same_phenomenon.c.complaint_id))
    accepted = aliased(SubmissionRow)
    newest = (
        sa.select(sa.func.max(accepted.number))
        .where(
            accepted.complaint_id == ComplaintRow.id, accepted.code == code, accepted.verdict == "accepted"
        )
        .correlate(ComplaintRow)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            ComplaintRow.number,
            ComplaintRow.received_at,
            ComplaintRow.part_id,
            ComplaintRow.customer_id,
            PartRow.number.label("part"),
            CustomerRow.code,
            CustomerRow.name,
            CustomerRow.name_en,
            SubmissionRow.answer,
        )
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(
            SubmissionRow,
            sa.and_(
                SubmissionRow.complaint_id == ComplaintRow.id,
                SubmissionRow.code == code,
                SubmissionRow.number == newest,
            ),
        )
        .where(ComplaintRow.id.in_(either), ComplaintRow.plant_id == row.plant_id)
        .order_by(ComplaintRow.id.desc())
        .limit(_READ)
    )
    if seen.customers is not None:
        statement = statement.where(ComplaintRow.customer_id.in_(sorted(seen.customers)))
    return [
        _Earlier(
            EarlierCase(one.number, one.part, one.received_at, one.part_id == row.part_id),
            code,
            one.answer,
            ()
            if one.customer_id == row.customer_id
            else tuple(name.casefold() for name in (one.code, one.name, one.name_en) if len(name) > 1),
        )
        for one in session.execute(statement)
    ]


def _texts_at(
    answers: Sequence[_Earlier], code: DisciplineCode, field: str, zone: str
) -> Iterator[EarlierText]:
    for one in answers:
        for place, text in one.texts():
            if field_of(code, place) == field:
                yield EarlierText(
                    one.case.number, one.case.part, one.case.received_at, zone, one.case.same_part, text
                )


def _distinct(found: Iterator[EarlierText]) -> Iterator[EarlierText]:
    """Leave out what an earlier one says in the same words."""
    told: set[TextView] = set()
    for one in found:
        if one.text not in told:
            told.add(one.text)
            yield one
