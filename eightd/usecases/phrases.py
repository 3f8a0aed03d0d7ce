"""The catalogue of wordings to start from: saved from a field, put in order, brought along (procedure 7)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from eightd.domain.authority import Allowed, PlantSubject, may
from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.phrases import SHIPPED, fields_of
from eightd.domain.workflow.actions import Action
from eightd.persistence.locks import hold
from eightd.persistence.tables.workbench import SavedPhraseRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.administration.changing import (
    REQUIRED,
    TAKEN,
    UNKNOWN,
    change,
    check_version,
    record_new,
    text_problems,
)
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.verb import Done, verb

LONGEST = 2000
_LIMITS = {"text_zh": LONGEST, "text_en": LONGEST}


@dataclass(frozen=True, slots=True)
class PhraseFields:
    """A wording for a field of a discipline, empty for any of it; ``plant_id`` None serves every plant."""

    code: DisciplineCode
    field: str
    text_zh: str
    text_en: str
    plant_id: int | None
    active: bool = True


@verb("phrase.create")
def create_phrase(work: Work, *, fields: PhraseFields) -> Done:
    """Add a wording. Raises NotFound where the actor may not, Invalid."""
    _insist_may(work, fields.plant_id)
    hold(work.session, "phrases")
    _insist_valid(work, fields)
    row = SavedPhraseRow(**asdict(fields))
    work.session.add(row)
    work.session.flush()
    record_new(work, "phrase", _subject(row), asdict(fields))
    return Done(id=row.id, version=row.version)


@verb("phrase.change")
def change_phrase(work: Work, *, phrase_id: int, version: int, fields: PhraseFields) -> Done:
    """Change a wording; texts that were begun with it stay as they are. Raises NotFound, Stale or Invalid."""
    row = work.session.get(SavedPhraseRow, phrase_id, with_for_update=True)
    if row is None:
        raise NotFound
    _insist_may(work, row.plant_id)
    _insist_may(work, fields.plant_id)
    check_version(row, version)
    _insist_valid(work, fields, row.id)
    change(work, row, "phrase", _subject(row), asdict(fields))
    return Done(id=row.id, version=row.version)


@verb("phrase.add_shipped")
def add_shipped(work: Work) -> Done:
    """Add the wordings that the program brings along and that are not there, for every plant; for administrators.

    One that was deactivated stays so. ``version`` of the answer says how many were added.
    """
    insist(may(work.actor, Action.ADMINISTER))
    hold(work.session, "phrases")
    rows = work.session.execute(sa.select(SavedPhraseRow.code, SavedPhraseRow.field, SavedPhraseRow.text_zh))
    known = {(code, field, text_zh) for code, field, text_zh in rows}
    missing = [row for row in shipped_rows() if (row.code, row.field, row.text_zh) not in known]
    work.session.add_all(missing)
    if missing:
        work.record("phrase.shipped_added", subject="", new={"count": len(missing)})
    return Done(version=len(missing))


def shipped_rows() -> list[SavedPhraseRow]:
    """Return the wordings that the program brings along, as rows to be added."""
    return [
        SavedPhraseRow(plant_id=None, code=one.code, field=one.field, text_zh=one.zh, text_en=one.en)
        for one in SHIPPED
    ]


def _insist_may(work: Work, plant_id: int | None) -> None:
    """Insist that the actor keeps the plant's catalogue; what serves every plant is for administrators."""
    subject = None if plant_id is None else PlantSubject(plant_id)
    if not isinstance(may(work.actor, Action.ADMINISTER, subject), Allowed):
        if subject is None:
            raise NotFound
        insist(may(work.actor, Action.EXTEND_CATALOGUE, subject))


def _insist_valid(work: Work, fields: PhraseFields, own_id: int = 0) -> None:
    values: dict[str, Any] = asdict(fields)
    problems = text_problems(values, _LIMITS)
    if fields.field and fields.field not in fields_of(fields.code):
        problems["field"] = UNKNOWN.say()
    for name in ("text_zh", "text_en"):
        text = values[name]
        if not fields.text_zh and not fields.text_en:
            problems.setdefault("text_zh", REQUIRED.say())
        elif text:
            other = sa.select(SavedPhraseRow.id).where(
                SavedPhraseRow.code == fields.code,
                SavedPhraseRow.field == fields.field,
                SavedPhraseRow.plant_id.is_not_distinct_from(fields.plant_id),
                getattr(SavedPhraseRow, name) == text,
                SavedPhraseRow.id != own_id,
            )
            if work.session.execute(other.limit(1)).first() is not None:
                problems.setdefault(name, TAKEN.say(value=text[:60]))
    if problems:
        raise Invalid(problems)


def _subject(row: SavedPhraseRow) -> str:
    return f"{row.code.value} {(row.text_zh or row.text_en)[:100]}"
