"""The board's filters and place in its address: kept when bookmarked, ignored with a word where unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from eightd.domain.complaint import Role, Stage, Tier
from eightd.queries.board_walk import PageKey, Standing
from eightd.queries.filters import Extent

E = TypeVar("E", bound=StrEnum)

MINE, EVERYBODY = "mine", "all"
LONGEST_TEXT = 200
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_KEY = re.compile(r"(\d{1,18})-(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Address:
    """What the address says; ``whose`` is mine, all or a role, None where the board is to choose.

    ``ignored`` holds the names of what could not be understood.
    """

    extent: Extent = Extent.OPEN
    whose: str | None = None
    tier: Tier | None = None
    stage: Stage | None = None
    customer: str = ""
    standing: Standing | None = None
    text: str = ""
    after: PageKey | None = None
    before: PageKey | None = None
    ignored: tuple[str, ...] = ()

    @property
    def role(self) -> Role | None:
        """Return the role the list is narrowed to, if any."""
        return None if self.whose in {None, MINE, EVERYBODY} else Role(self.whose or "")

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything but the order and the page was asked for."""
        return bool(self.tier or self.stage or self.customer or self.standing or self.text)

    def parameters(self) -> dict[str, str]:
        """Return the address as it is written: only what was asked for, in a fixed order."""
        written = {
            "q": self.text,
            "extent": "" if self.extent is Extent.OPEN else self.extent.value,
            "whose": self.whose or "",
            "tier": self.tier or "",
            "stage": self.stage or "",
            "customer": self.customer,
            "standing": self.standing or "",
            "after": _written(self.after),
            "before": _written(self.before),
        }
        return {name: str(value) for name, value in written.items() if value}

    def at(self, *, after: PageKey | None = None, before: PageKey | None = None) -> Address:
        """Return the same list at another place."""
        return replace(self, after=after, before=before)

    def without_customer(self) -> Address:
        """Return the address without its customer, which turned out to be none that is known."""
        return replace(self, customer="", ignored=(*self.ignored, "customer"))


def read(given: MultiDict[str, str]) -> Address:
    """Read an address; what is unknown is left out and named."""
    ignored: list[str] = []

    def one(name: str, kind: type[E]) -> E | None:
        value = given.get(name, "")
        if value and value not in set(kind):
            ignored.append(name)
            return None
        return kind(value) if value else None

    whose = given.get("whose", "")
    if whose and whose not in {MINE, EVERYBODY, *Role}:
        ignored.append("whose")
        whose = ""
    keys: dict[str, PageKey | None] = {}
    for name in ("after", "before"):
        keys[name] = _key(given.get(name, ""))
        if given.get(name) and keys[name] is None:
            ignored.append(name)
    return Address(
        extent=one("extent", Extent) or Extent.OPEN,
        whose=whose or None,
        tier=one("tier", Tier),
        stage=one("stage", Stage),
        customer=given.get("customer", "").strip()[:LONGEST_TEXT],
        standing=one("standing", Standing),
        text=" ".join(given.get("q", "").replace("\0", " ").split())[:LONGEST_TEXT],
        after=keys["after"],
        before=None if keys["after"] else keys["before"],
        ignored=tuple(ignored),
    )


def _written(key: PageKey | None) -> str:
    if key is None:
        return ""
    return f"{(key.due_at - _BEGINNING) // timedelta(microseconds=1)}-{key.id}"


def _key(text: str) -> PageKey | None:
    found = _KEY.fullmatch(text)
    if found is None or not text.isascii():
        return None
    try:
        due_at = _BEGINNING + timedelta(microseconds=int(found[1]))
    except OverflowError:
        return None
    complaint_id = int(found[2])
    return PageKey(due_at, complaint_id) if complaint_id < 2**31 else None
