"""What follows a closed case: why one is opened again, what was wrong before, and the watch (procedure 6 and 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode

USUAL_WATCH_DAYS = 90
"""For so long a closed case is watched where nobody says otherwise."""


class ReopeningWhy(StrEnum):
    """What made somebody open a case again."""

    REJECTED = "rejected"
    RECURRED = "recurred"
    DISSATISFIED = "dissatisfied"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was wrong with one discipline's answer when the case was opened again."""

    code: DisciplineCode
    text: str


@dataclass(frozen=True, slots=True)
class Watch:
    """For how long part and phenomena of a closed case are watched: until a day, for so many lots, or both.

    ``until_on`` is the last day that counts. ``seen`` are the lots that went by without the phenomenon.
    """

    from_on: date
    until_on: date | None = None
    lots: int | None = None
    seen: tuple[str, ...] = ()
    ended_on: date | None = None

    def is_live(self, on: date) -> bool:
        """Return whether it still watches on this day; with lots to wait for, the day alone does not end it."""
        if self.ended_on is not None:
            return False
        if self.lots is not None:
            return not self.is_full
        return self.until_on is None or on <= self.until_on

    @property
    def is_full(self) -> bool:
        """Return whether every lot that was to be watched has gone by."""
        return self.lots is not None and len(self.seen) >= self.lots


def with_lots(seen: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Return the lots seen with further ones, each once and in the order in which they came."""
    cleaned = (lot.strip() for lot in (*seen, *more))
    return tuple(dict.fromkeys(lot for lot in cleaned if lot))
