"""Make and change plants: name, zone, close of business, calendar, prefix of numbers (procedure 1 and 4)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from eightd.domain.complaint import HISTORY
from eightd.domain.cost.amounts import currency_problem
from eightd.domain.words import Language, Message, Phrase
from eightd.persistence.dialects import alike
from eightd.persistence.tables.catalogue import CalendarRow
from eightd.persistence.tables.complaint import ComplaintRow, NumberRow
from eightd.persistence.tables.money import ClaimRow, CostRow
from eightd.persistence.tables.people import PlantRow, UserPlantRow
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
from eightd.usecases.administration.recomputing import recompute_open
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.verb import Done, verb

_ZONE = Phrase("plant.zone", "There is no such time zone.", "没有这个时区。")
_PREFIX = Phrase(
    "plant.prefix", "One letter, then up to nine letters or digits.", "以字母开头，最多十个字母或数字。"
)
_PREFIX_USED = Phrase(
    "plant.prefix_used",
    "Numbers with “{prefix}” were given out already; the prefix stays.",
    "已使用“{prefix}”编号，前缀不能更改。",
)
_PREFIX_MEETS = Phrase(
    "plant.prefix_meets",
    "A plant has the prefix “{prefix}”, and complaints from older logs are numbered with {history} before the prefix: "
    "the numbers of the two could meet.",
    "已有工厂使用前缀“{prefix}”，而历史投诉的编号在前缀前加“{history}”，两者的编号可能重复。",
)
_CURRENCY_USED = Phrase(
    "plant.currency_used",
    "Costs or claims were recorded in {currency}; the currency stays.",
    "已有以 {currency} 计的费用或索赔，货币不能更改。",
)
_LIMITS = {
    "code": 20, "name": 200, "name_en": 200, "zone": 64, "calendar": 40, "number_prefix": 10, "address": 1000,
    "address_en": 1000,
}  # fmt: skip
_REQUIRED = ("code", "name", "zone", "calendar", "number_prefix")
_MOVES_CLOCKS = {"zone", "close_of_business", "calendar"}


@dataclass(frozen=True, slots=True)
class PlantFields:
    """What is kept about a plant; ``close_of_business`` is a time on its own wall clock."""

    code: str
    name: str
    name_en: str
    zone: str
    language: Language
    close_of_business: time
    calendar: str
    number_prefix: str
    currency: str = "CNY"
    address: str = ""
    address_en: str = ""


@verb("plant.create")
def create_plant(work: Work, *, fields: PlantFields) -> Done:
    """Make a plant and let the actor belong to it, so that somebody administers it. Raises Invalid."""
    begin(work)
    values = asdict(fields)
    _insist_valid(work, fields)
    row = PlantRow(**values)
    work.session.add(row)
    work.session.flush()
    work.session.add(UserPlantRow(user_id=work.actor.id, plant_id=row.id))
    record_new(work, "plant", row.code, values)
    return Done(id=row.id, version=row.version)


@verb("plant.change")
def change_plant(work: Work, *, plant_id: int, version: int, fields: PlantFields) -> Done:
    """Change a plant; a new zone, close of business or calendar moves the open deadlines at once.

    The prefix stays once a number was given out, since numbers are never reused. Raises Stale or Invalid.
    """
    begin(work, plant_id=plant_id)
    row = work.session.get(PlantRow, plant_id, with_for_update=True)
    if row is None:
        raise NotFound
    check_version(row, version)
    _insist_valid(work, fields, row)
    changed = change(work, row, "plant", row.code, asdict(fields))
    if changed & _MOVES_CLOCKS:
        recompute_open(work, ComplaintRow.plant_id == row.id)
    return Done(id=row.id, version=row.version)


def _insist_valid(work: Work, fields: PlantFields, row: PlantRow | None = None) -> None:
    problems: dict[str, Message] = text_problems(asdict(fields), _LIMITS, _REQUIRED)
    for name, message in (
        ("code", _taken(work, fields.code, PlantRow.code, row)),
        ("zone", None if _is_zone(fields.zone) else _ZONE.say()),
        ("calendar", None if _has_calendar(work, fields.calendar) else UNKNOWN.say()),
        ("number_prefix", _prefix_problem(work, fields.number_prefix, row)),
        ("currency", _currency_problem(work, fields.currency, row)),
    ):
        if message is not None:
            problems.setdefault(name, message)
    if problems:
        raise Invalid(problems)


def _taken(
    work: Work, value: str, column: sa.orm.InstrumentedAttribute[str], row: PlantRow | None
) -> Message | None:
    """Say that another plant has the value, whatever its case."""
    found = sa.select(PlantRow.id).where(alike(column, value), PlantRow.id != (0 if row is None else row.id))
    return None if work.session.execute(found.limit(1)).first() is None else TAKEN.say(value=value)


def _currency_problem(work: Work, currency: str, row: PlantRow | None) -> Message | None:
    if row is None or currency == row.currency:
        return currency_problem(currency)
    for table in (CostRow, ClaimRow):
        used = sa.select(table.id).where(table.plant_id == row.id).limit(1)
        if work.session.execute(used).first() is not None:
            return _CURRENCY_USED.say(currency=row.currency)
    return currency_problem(currency)


def _prefix_problem(work: Work, prefix: str, row: PlantRow | None) -> Message | None:
    if row is not None and prefix == row.number_prefix:
        return None
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,9}", prefix):
        return _PREFIX.say()
    if row is not None and _gave_numbers(work, row.id):
        return _PREFIX_USED.say(prefix=row.number_prefix)
    if (taken := _taken(work, prefix, PlantRow.number_prefix, row)) is not None:
        return taken
    for near in (HISTORY + prefix, prefix[len(HISTORY) :] if prefix.upper().startswith(HISTORY) else ""):
        if near and _taken(work, near, PlantRow.number_prefix, row) is not None:
            return _PREFIX_MEETS.say(prefix=near, history=HISTORY)
    return None


def _gave_numbers(work: Work, plant_id: int) -> bool:
    found = sa.select(NumberRow.year).where(NumberRow.plant_id == plant_id).limit(1)
    return work.session.execute(found).first() is not None


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _has_calendar(work: Work, name: str) -> bool:
    found = sa.select(CalendarRow.id).where(CalendarRow.name == name).limit(1)
    return work.session.execute(found).first() is not None
