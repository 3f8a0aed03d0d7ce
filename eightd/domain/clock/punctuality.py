"""How many promised dates were kept (procedure 9, indicators: on-time rate per milestone, contractual and agreed).

Counted is a milestone that was met, in time or late, or that is still owed and overdue; one that is open and
not due yet is not counted, nor is one that was never met of a case that has ended: nobody owes it any more. A
milestone belongs to the period in which the date that is judged for its customer lies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """One milestone: its two dates and the one that is judged, None where there is none (yet)."""

    contractual_due_at: datetime | None
    agreed_due_at: datetime | None
    judged_due_at: datetime | None
    met_at: datetime | None
    owed: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of the counted milestones were in time on one kind of date."""

    counted: int = 0
    in_time: int = 0

    @property
    def late(self) -> int:
        """Return how many were not."""
        return self.counted - self.in_time

    @property
    def share(self) -> float | None:
        """Return the part in time, from 0 to 1; None where nothing was counted."""
        return self.in_time / self.counted if self.counted else None

    def __add__(self, other: Rate) -> Rate:
        """Return both together."""
        return Rate(self.counted + other.counted, self.in_time + other.in_time)


@dataclass(frozen=True, slots=True)
class Punctuality:
    """The on-time rates by the date that is judged for each customer, by the contractual and by the agreed one."""

    judged: Rate = Rate()
    contractual: Rate = Rate()
    agreed: Rate = Rate()

    def __add__(self, other: Punctuality) -> Punctuality:
        """Return both together."""
        return Punctuality(
            self.judged + other.judged, self.contractual + other.contractual, self.agreed + other.agreed
        )


def counts(due_at: datetime | None, met_at: datetime | None, *, owed: bool, now: datetime) -> bool:
    """Say whether a date counts by now: met, or owed and past; at the due instant itself it is not yet past."""
    if due_at is None:
        return False
    return met_at is not None or (owed and due_at < now)


def in_time(due_at: datetime | None, met_at: datetime | None) -> bool:
    """Say whether a date was kept; meeting it at the due instant itself is in time."""
    return due_at is not None and met_at is not None and met_at <= due_at


def punctuality(promises: Iterable[Promise], now: datetime) -> Punctuality:
    """Return the rates of some milestones; each date counts by itself, so the three may count differently.

    While the agreed date lies ahead, the contractual one may be past already: then only that one is counted.
    """
    total = Punctuality()
    for one in promises:
        total += Punctuality(
            *(
                Rate(
                    int(counts(due_at, one.met_at, owed=one.owed, now=now)), int(in_time(due_at, one.met_at))
                )
                for due_at in (one.judged_due_at, one.contractual_due_at, one.agreed_due_at)
            )
        )
    return total
