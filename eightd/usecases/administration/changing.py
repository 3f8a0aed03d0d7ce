"""What every administrative verb begins and ends with: authority, one at a time, the version seen, the entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol

from eightd.domain.authority import PlantSubject, may
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.locks import hold
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.errors import NotFound, Stale

REQUIRED = Phrase("admin.required", "Please fill this in.", "请填写。")
TOO_LONG = Phrase("admin.too_long", "At most {most} characters.", "最多 {most} 个字符。")
TAKEN = Phrase("admin.taken", "“{value}” is in use already.", "“{value}”已被使用。")
UNKNOWN = Phrase("admin.unknown", "There is no such entry (any more).", "该项不存在（或已删除）。")


class Versioned(Protocol):
    """A row with a version that rises with every change."""

    version: Any


def begin(work: Work, *, plant_id: int | None = None, customer_id: int | None = None) -> None:
    """Insist that the actor administers, here; then let no other administrator write until the commit.

    Looking whether a code is taken needs the lock: on PostgreSQL looking alone locks nothing. Raises NotFound.
    """
    subject = None if plant_id is None else PlantSubject(plant_id)
    insist(may(work.actor, Action.ADMINISTER, subject))
    if (
        customer_id is not None
        and work.actor.customers is not None
        and customer_id not in work.actor.customers
    ):
        raise NotFound
    hold(work.session, "administration")


def check_version(row: Versioned, seen: int) -> None:
    """Raise Stale where the row is not at the version that the actor saw."""
    if row.version != seen:
        raise Stale(row.version)


def text_problems(
    values: Mapping[str, str], limits: Mapping[str, int], required: Collection[str] = ()
) -> dict[str, Message]:
    """Return what is wrong with texts by field: empty though required, or longer than the column."""
    problems: dict[str, Message] = {}
    for name, most in limits.items():
        text = values[name]
        if name in required and not text:
            problems[name] = REQUIRED.say()
        elif len(text) > most:
            problems[name] = TOO_LONG.say(most=most)
    return problems


def plain(value: Any) -> Any:
    """Return the value as JSON holds it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def record_new(work: Work, noun: str, subject: str, values: Mapping[str, Any], reason: str = "") -> None:
    """Write down that something was made, with what it was made of; empty values are left out."""
    new = {name: plain(value) for name, value in values.items() if value not in (None, "", [], {})}
    work.record(f"{noun}.created", subject=subject, new=new, reason=reason)


def change(work: Work, row: Any, noun: str, subject: str, wanted: Mapping[str, Any]) -> frozenset[str]:
    """Give the row the wanted values, raise its version and write down old and new of what differs.

    Returns the names of what differed; where nothing does, nothing is written.
    """
    old = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
    if not old:
        return frozenset()
    for name in old:
        setattr(row, name, wanted[name])
    row.version += 1
    work.session.flush()
    work.record(
        f"{noun}.changed",
        subject=subject,
        old={name: plain(value) for name, value in old.items()},
        new={name: plain(wanted[name]) for name in old},
    )
    return frozenset(old)
