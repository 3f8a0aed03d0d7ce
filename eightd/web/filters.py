"""A list's filters in the address, so that a list can be kept, sent and exported; board and log alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from eightd.domain.complaint import Role, Stage, Tier
from eightd.queries.deadlines import Lateness
from eightd.queries.filters import Extent, Filters

E = TypeVar("E", bound=StrEnum)

LATENESS = (Lateness.OVERDUE, Lateness.SOON, Lateness.ON_TIME, Lateness.WAITING)
"""What a list may be asked for."""

_LONGEST_TEXT = 200
_YEARS = range(1970, 2200)  # a date outside asks for nothing


def read(address: MultiDict[str, str], *, extent: Extent = Extent.ALL) -> Filters:
    """Return the filters of an address; what cannot be understood asks for nothing.

    ``extent`` holds where the address names none.
    """
    return Filters(
        extent=_one(address, "extent", Extent) or extent,
        tiers=frozenset(_several(address, "tier", Tier)),
        stages=frozenset(_several(address, "stage", Stage)),
        customers=frozenset(_ids(address.getlist("customer"))),
        plants=frozenset(_ids(address.getlist("plant"))),
        role=_one(address, "role", Role),
        mine=address.get("mine") == "1",
        lateness=next((one for one in LATENESS if one.value == address.get("lateness")), None),
        text=address.get("q", "").strip()[:_LONGEST_TEXT],
        received_from_on=_day(address.get("from")),
        received_until_on=_day(address.get("until")),
    )


def write(filters: Filters) -> dict[str, list[str]]:
    """Return the filters as an address has them: only what was asked for, in a fixed order."""
    found = {
        "extent": [filters.extent.value],  # always told: lists differ in what they begin with
        "tier": [one.value for one in Tier if one in filters.tiers],
        "stage": [one.value for one in Stage if one in filters.stages],
        "customer": [str(one) for one in sorted(filters.customers)],
        "plant": [str(one) for one in sorted(filters.plants)],
        "role": [filters.role.value] if filters.role else [],
        "mine": ["1"] if filters.mine else [],
        "lateness": [filters.lateness.value] if filters.lateness else [],
        "q": [filters.text] if filters.text else [],
        "from": [filters.received_from_on.isoformat()] if filters.received_from_on else [],
        "until": [filters.received_until_on.isoformat()] if filters.received_until_on else [],
    }
    return {name: values for name, values in found.items() if values}


def _one(address: MultiDict[str, str], name: str, kind: type[E]) -> E | None:
    return next(iter(_several(address, name, kind)), None)


def _several(address: MultiDict[str, str], name: str, kind: type[E]) -> list[E]:
    given = address.getlist(name)
    return [one for one in kind if one.value in given]


def _ids(given: Iterable[str]) -> list[int]:
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 10]


def _day(given: str | None) -> date | None:
    try:
        on = date.fromisoformat(given or "")
    except ValueError:
        return None
    return on if on.year in _YEARS else None
