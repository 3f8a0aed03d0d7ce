"""Make and change parts as we name them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from eightd.persistence.dialects import alike
from eightd.persistence.locks import hold
from eightd.persistence.tables.catalogue import PartRow
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

_LIMITS = {
    "number": 80,
    "name": 200,
    "name_en": 200,
    "customer_number": 80,
    "drawing_revision": 40,
    "product_line": 80,
}


@dataclass(frozen=True, slots=True)
class PartFields:
    """What is kept about a part."""

    number: str
    name: str
    name_en: str
    customer_number: str
    drawing_revision: str
    product_line: str
    active: bool


@verb("part.create")
def create_part(work: Work, *, fields: PartFields) -> Done:
    """Make a part. Raises Invalid."""
    begin(work)
    hold(work.session, f"part:{fields.number.lower()}")  # somebody may register a complaint about it
    _insist_valid(work, fields)
    row = PartRow(**asdict(fields))
    work.session.add(row)
    work.session.flush()
    record_new(work, "part", row.number, asdict(fields))
    return Done(id=row.id, version=row.version)


@verb("part.change")
def change_part(work: Work, *, part_id: int, version: int, fields: PartFields) -> Done:
    """Change a part; complaints keep what they say about it at registration. Raises Stale or Invalid."""
    begin(work)
    row = work.session.get(PartRow, part_id, with_for_update=True)
    if row is None:
        raise NotFound
    check_version(row, version)
    _insist_valid(work, fields, row.id)
    change(work, row, "part", row.number, asdict(fields))
    return Done(id=row.id, version=row.version)


def _insist_valid(work: Work, fields: PartFields, own_id: int = 0) -> None:
    problems = text_problems(asdict(fields), _LIMITS, ("number", "name"))
    other = sa.select(PartRow.id).where(alike(PartRow.number, fields.number), PartRow.id != own_id).limit(1)
    if work.session.execute(other).first() is not None:
        problems.setdefault("number", TAKEN.say(value=fields.number))
    if problems:
        raise Invalid(problems)
