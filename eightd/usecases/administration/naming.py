"""Versioned rules by name: what a name may be, which version is the newest, which comes next (procedure 3 and 4)."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from eightd.domain.words import Message, Phrase
from eightd.persistence.dialects import alike
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import REQUIRED, TAKEN, TOO_LONG
from eightd.usecases.errors import Invalid, NotFound, Stale

_CHARACTERS = Phrase(
    "rules.name",
    "Letters, digits, blanks and . _ - only; not “new”.",
    "仅限文字、数字、空格和 . _ -；不能为“new”。",
)


def next_number(work: Work, table: Any, name: str, seen: int) -> int:
    """Return the number of the version to be made after the one that the actor saw; 0 was seen of a new name.

    Raises NotFound for a version of a name that does not exist, Stale where somebody made one meanwhile.
    """
    newest = (
        work.session.execute(sa.select(sa.func.max(table.number)).where(table.name == name)).scalar_one() or 0
    )
    if newest != seen:
        if newest == 0:
            raise NotFound
        raise Stale(newest)
    return seen + 1


def insist_new_name(work: Work, table: Any, name: str, most: int) -> None:
    """Raise Invalid for a name that cannot be given or is taken, whatever its case."""
    problem = name_problem(name, most)
    if problem is None:
        found = sa.select(table.id).where(alike(table.name, name)).limit(1)
        if work.session.execute(found).first() is not None:
            problem = TAKEN.say(value=name)
    if problem is not None:
        raise Invalid({"name": problem})


def name_problem(name: str, most: int) -> Message | None:
    """Say why a name cannot be given: it stands in addresses and, with its version, in every complaint."""
    if not name:
        return REQUIRED.say()
    if len(name) > most:
        return TOO_LONG.say(most=most)
    fits = re.fullmatch(r"\w[\w. -]*", name) and name == name.strip() and name.lower() != "new"
    return None if fits else _CHARACTERS.say()
