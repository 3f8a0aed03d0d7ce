"""Put the failure categories of returned pieces in order: three levels, both languages, shared or of one plant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from eightd.domain.returns.categories import LEVELS, SHIPPED, Meaning
from eightd.domain.words import Message, Phrase
from eightd.persistence.tables.returns import FailureCategoryRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import (
    TAKEN,
    UNKNOWN,
    begin,
    change,
    check_version,
    record_new,
    text_problems,
)
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.verb import Done, verb

_NOUN = "failure_category"
_LIMITS = {"code": 40, "name": 200, "name_en": 200}
_TOO_DEEP = Phrase(
    "category.too_deep",
    "There are {levels} levels; this one is the lowest.",
    "共 {levels} 级，该项已是最低级。",
)
_OTHER_PLANT = Phrase(
    "category.other_plant",
    "What lies below a plant's own category is that plant's.",
    "工厂自有分类的下级也属于该工厂。",
)
_LAST = Phrase(
    "category.last",
    "One category for every plant must mean this; make another one first.",
    "须保留一个对所有工厂有效且具有该含义的分类，请先新建。",
)


@dataclass(frozen=True, slots=True)
class CategoryFields:
    """What may be changed of a category; ``meaning`` None takes that of the one above."""

    name: str
    name_en: str
    meaning: Meaning | None
    active: bool


@verb("failure_category.create")
def create_category(
    work: Work, *, code: str, parent_id: int | None, plant_id: int | None, fields: CategoryFields
) -> Done:
    """Add a category below another, or at the top; ``plant_id`` None serves every plant. Raises Invalid."""
    begin(work, plant_id=plant_id)
    parent = None if parent_id is None else work.session.get(FailureCategoryRow, parent_id)
    values = {**_values(fields), "code": code}
    problems = text_problems(values, _LIMITS, ("code", "name"))
    if parent_id is not None and (
        parent is None or (parent.plant_id is not None and parent.plant_id not in work.actor.plants)
    ):
        problems["parent_id"] = UNKNOWN.say()
    elif parent is not None and parent.level >= LEVELS:
        problems["parent_id"] = _TOO_DEEP.say(levels=LEVELS)
    elif parent is not None and parent.plant_id not in (None, plant_id):
        problems["plant_id"] = _OTHER_PLANT.say()
    taken = sa.select(FailureCategoryRow.id).where(
        sa.func.lower(FailureCategoryRow.code) == code.lower(),
        # a shared one would meet the plants' own in their tree
        sa.true()
        if plant_id is None
        else sa.or_(FailureCategoryRow.plant_id.is_(None), FailureCategoryRow.plant_id == plant_id),
    )
    if work.session.execute(taken.limit(1)).first() is not None:
        problems.setdefault("code", TAKEN.say(value=code))
    if problems:
        raise Invalid(problems)
    row = FailureCategoryRow(
        parent_id=parent_id, plant_id=plant_id, level=1 if parent is None else parent.level + 1, **values
    )
    work.session.add(row)
    work.session.flush()
    record_new(work, _NOUN, f"{code} {row.name}"[:120], {**values, "plant_id": plant_id})
    return Done(id=row.id, version=row.version)


@verb("failure_category.change")
def change_category(work: Work, *, category_id: int, version: int, fields: CategoryFields) -> Done:
    """Rename a category, say what it means, or offer it no more; pieces keep it. Raises Stale or Invalid."""
    begin(work)
    row = work.session.get(FailureCategoryRow, category_id, with_for_update=True)
    if row is None or (row.plant_id is not None and row.plant_id not in work.actor.plants):
        raise NotFound
    check_version(row, version)
    values = _values(fields)
    problems = text_problems({**values, "code": row.code}, _LIMITS, ("name",))
    if row.meaning and row.plant_id is None and _is_last(work, row):
        problems |= _losing(row, values)
    if problems:
        raise Invalid(problems)
    change(work, row, _NOUN, f"{row.code} {row.name}"[:120], values)
    return Done(id=row.id, version=row.version)


@verb("failure_category.add_shipped")
def add_shipped(work: Work) -> Done:
    """Add the categories that the program brings along and whose code nobody uses, for every plant.

    ``version`` of the answer says how many were added; what was renamed or deactivated stays so.
    """
    begin(work)
    added = add_missing(work)
    if added:
        work.record(f"{_NOUN}.shipped_added", subject="", new={"count": added})
    return Done(version=added)


def add_missing(work: Work) -> int:
    """Add the shipped categories that are not there; return how many."""
    rows = work.session.execute(sa.select(FailureCategoryRow).where(FailureCategoryRow.plant_id.is_(None)))
    known = {row.code: row for row in rows.scalars()}
    added = 0
    for one in SHIPPED:  # those above come first
        if one.code in known:
            continue
        row = FailureCategoryRow(
            parent_id=known[one.parent].id if one.parent else None,
            level=one.level,
            code=one.code,
            name=one.name,
            name_en=one.name_en,
            meaning=one.meaning.value if one.meaning else "",
        )
        work.session.add(row)
        if one.level < LEVELS:
            work.session.flush()
        known[one.code] = row
        added += 1
    return added


def _values(fields: CategoryFields) -> dict[str, Any]:
    return {
        "name": fields.name,
        "name_en": fields.name_en,
        "meaning": fields.meaning.value if fields.meaning else "",
        "active": fields.active,
    }


def _is_last(work: Work, row: FailureCategoryRow) -> bool:
    other = sa.select(FailureCategoryRow.id).where(
        FailureCategoryRow.meaning == row.meaning,
        FailureCategoryRow.plant_id.is_(None),
        FailureCategoryRow.active,
        FailureCategoryRow.id != row.id,
    )
    return work.session.execute(other.limit(1)).first() is None


def _losing(row: FailureCategoryRow, values: dict[str, Any]) -> dict[str, Message]:
    lost = {}
    if values["meaning"] != row.meaning:
        lost["meaning"] = _LAST.say()
    if row.active and not values["active"]:
        lost["active"] = _LAST.say()
    return lost
