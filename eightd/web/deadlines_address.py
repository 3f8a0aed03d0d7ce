"""What the address of the register of deadlines asks for: kept when bookmarked, left out with a word where unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from eightd.queries import board, on_time, people
from eightd.queries.deadline_register import Filters, PageKey, State
from eightd.queries.on_time import MOST_MONTHS
from eightd.web import formats, requests

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_KEY = re.compile(r"(\d{1,18})-(\d{1,15})-(.{1,60})", re.DOTALL)
_LONGEST_CODE = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; ``parameters`` say it again, ``ignored`` names what meant nothing.

    ``is_usual`` says that nothing was asked for, so that the usual period is shown: from the first day of the
    month before this one on.
    """

    filters: Filters
    parameters: Mapping[str, str]
    ignored: tuple[str, ...]
    is_usual: bool
    after: PageKey | None
    before: PageKey | None
    plants: Mapping[str, int]
    milestones: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Period:
    """The days that rates are asked for, both included; ``is_cut`` where more than five years were."""

    from_on: date
    until_on: date
    is_cut: bool


def read(given: MultiDict[str, str]) -> Asked:
    """Read the parameters of an address or a form."""
    ignored: list[str] = []
    with requests.services().uow.reading() as session:
        actor = requests.actor()
        plants = {code: one for code, one in people.plant_codes(session).items() if one in actor.plants}
        milestones = on_time.milestones(session)
        code = given.get("customer", "").strip()[:_LONGEST_CODE]
        customer = board.customer_by_code(session, actor, code, formats.language()) if code else None
    if code and customer is None:
        ignored.append("customer")
    is_usual = not any(name in given for name in ("from", "until", "state"))
    since, until = requests.asked_day(given, "from", ignored), requests.asked_day(given, "until", ignored)
    if is_usual:
        since = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    state, milestone, plant = (given.get(name, "") for name in ("state", "milestone", "plant"))
    for name, value, known in (
        ("state", state, set(State)),
        ("milestone", milestone, milestones),
        ("plant", plant, plants),
    ):
        if value and value not in known:
            ignored.append(name)
    filters = Filters(
        from_on=since,
        until_on=until,
        customer_id=None if customer is None else customer.id,
        milestone=milestone if milestone in milestones else "",
        plants=frozenset({plants[plant]}) if plant in plants else frozenset(),
        state=State(state) if state in set(State) else None,
    )
    said = {
        "from": "" if since is None else since.isoformat(),
        "until": "" if until is None else until.isoformat(),
        "customer": "" if customer is None else customer.code,
        "milestone": filters.milestone,
        "plant": plant if filters.plants else "",
        "state": filters.state.value if filters.state else "",
    }
    keys = {name: _key(given.get(name, "")) for name in ("after", "before")}
    ignored += [name for name, key in keys.items() if given.get(name) and key is None]
    # An empty period is said too: without it the address would mean the usual one.
    parameters = {name: value for name, value in said.items() if value or name == "from"}
    return Asked(
        filters, parameters, tuple(ignored), is_usual, keys["after"],
        None if keys["after"] else keys["before"], plants, milestones,
    )  # fmt: skip


def period(asked: Asked) -> Period:
    """Return the days for rates: those asked for, else the twelve months that end with this one."""
    this_month = today().replace(day=1)
    until = asked.filters.until_on or _month(this_month, 1) - timedelta(days=1)
    since = None if asked.is_usual else asked.filters.from_on
    since = since or _month(until.replace(day=1), -11)
    earliest = _month(until.replace(day=1), 1 - MOST_MONTHS)
    return Period(max(since, earliest), until, since < earliest)


def written(key: PageKey | None) -> str:
    """Return a place in the register as addresses carry it."""
    if key is None:
        return ""
    return f"{(key.due_at - _BEGINNING) // timedelta(microseconds=1)}-{key.complaint_id}-{key.milestone}"


def today() -> date:
    """Return the day it is for the person who looks."""
    return requests.services().clock().astimezone(ZoneInfo(requests.person().zone)).date()


def _key(text: str) -> PageKey | None:
    found = _KEY.fullmatch(text)
    if found is None or not (found[1] + found[2]).isascii():
        return None
    try:
        due_at = _BEGINNING + timedelta(microseconds=int(found[1]))
    except OverflowError:
        return None
    complaint_id = int(found[2])
    milestone = found[3].replace("\0", "")
    return PageKey(due_at, complaint_id, milestone) if complaint_id < 2**31 else None


def _month(first: date, further: int) -> date:
    """Return the first day of the month so many months on."""
    number = first.year * 12 + first.month - 1 + further
    return date(number // 12, number % 12 + 1, 1)
