"""Put the catalogue of phenomena in order: both languages, kind, and what is offered no more (procedure 2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from eightd.domain.complaint import DefectKind
from eightd.persistence.locks import hold
from eightd.persistence.tables.catalogue import PhenomenonRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import (
    TAKEN,
    begin,
    change,
    check_version,
    record_new,
    text_problems,
)
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.verb import Done, verb

_LIMITS = {"text": 200, "text_en": 200}


@dataclass(frozen=True, slots=True)
class PhenomenonFields:
    """A phenomenon in both languages; reports use ``text_en`` where it is filled."""

    kind: DefectKind
    text: str
    text_en: str
    active: bool


@verb("phenomenon.create")
def create_phenomenon(work: Work, *, fields: PhenomenonFields) -> Done:
    """Add a phenomenon to the catalogue. Raises Invalid."""
    begin(work)
    hold(work.session, "phenomena")  # somebody may register a complaint with it
    _insist_valid(work, fields)
    row = PhenomenonRow(**asdict(fields))
    work.session.add(row)
    work.session.flush()
    record_new(work, "phenomenon", row.text[:120], asdict(fields))
    return Done(id=row.id, version=row.version)


@verb("phenomenon.change")
def change_phenomenon(work: Work, *, phenomenon_id: int, version: int, fields: PhenomenonFields) -> Done:
    """Change a phenomenon; complaints keep the words they were registered with. Raises Stale or Invalid."""
    begin(work)
    row = work.session.get(PhenomenonRow, phenomenon_id, with_for_update=True)
    if row is None:
        raise NotFound
    check_version(row, version)
    _insist_valid(work, fields, row.id)
    change(work, row, "phenomenon", row.text[:120], asdict(fields))
    return Done(id=row.id, version=row.version)


def _insist_valid(work: Work, fields: PhenomenonFields, own_id: int = 0) -> None:
    problems = text_problems(asdict(fields), _LIMITS, ("text",))
    other = sa.select(PhenomenonRow.id).where(
        PhenomenonRow.kind == fields.kind, PhenomenonRow.text == fields.text, PhenomenonRow.id != own_id
    )
    if work.session.execute(other.limit(1)).first() is not None:
        problems.setdefault("text", TAKEN.say(value=fields.text))
    if problems:
        raise Invalid(problems)
