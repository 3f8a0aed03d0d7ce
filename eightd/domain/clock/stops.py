"""Times in which a clock does not run (procedure 4: stops, their beginning included, their end not)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from eightd.domain.clock.instants import as_utc
from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Message, Phrase

_BACKWARDS = Phrase("stop.backwards", "A stop cannot end before it begins.", "停表的结束不能早于开始。")


class StopReason(StrEnum):
    """Why a clock was stopped."""

    LABORATORY = "laboratory"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_SUPPLIER = "waiting_supplier"
    OTHER = "other"
    WAITING_SAMPLE = "waiting_sample"  # nobody stops the clock for it: it follows from the wait itself


CHOSEN: tuple[StopReason, ...] = tuple(
    reason for reason in StopReason if reason is not StopReason.WAITING_SAMPLE
)
"""The reasons a person gives."""

_REASONS = {
    StopReason.LABORATORY: Phrase("stop.laboratory", "laboratory test", "实验室测试"),
    StopReason.WAITING_CUSTOMER: Phrase("stop.waiting_customer", "waiting for the customer", "等待客户"),
    StopReason.WAITING_SUPPLIER: Phrase("stop.waiting_supplier", "waiting for the supplier", "等待供应商"),
    StopReason.WAITING_SAMPLE: Phrase("stop.waiting_sample", "waiting for the sample", "等待样品"),
    StopReason.OTHER: Phrase("stop.other", "other reason", "其他原因"),
}
_OTHER_NOTED = Phrase("stop.other_noted", "{note}", "{note}")


@dataclass(frozen=True, slots=True)
class ClockStop:
    """One stop, from its beginning up to but without its end; still running where ``to_at`` is None.

    Both instants are kept in UTC. Raises ImplausibleError for a naive instant and for an end before the
    beginning; a stop as long as nothing is allowed and moves nothing.
    """

    from_at: datetime
    to_at: datetime | None
    reason: StopReason
    note: str = ""

    def __post_init__(self) -> None:
        """Bring both ends to UTC and check their order."""
        object.__setattr__(self, "from_at", as_utc(self.from_at))
        if self.to_at is not None:
            object.__setattr__(self, "to_at", as_utc(self.to_at))
            if self.to_at < self.from_at:
                raise ImplausibleError(_BACKWARDS.say())

    @property
    def reason_words(self) -> Message:
        """Return the reason in both languages; another reason is told by its note, where it has one."""
        if self.reason is StopReason.OTHER and self.note:
            return _OTHER_NOTED.say(note=self.note)
        return _REASONS[self.reason].say()


class Interval(NamedTuple):
    """A time in UTC in which clocks do not run, ``to_at`` excluded."""

    from_at: datetime
    to_at: datetime


def stopped_intervals(stops: Iterable[ClockStop], now: datetime) -> tuple[Interval, ...]:
    """Return the stops as intervals in order, those that overlap or touch made one.

    A stop that is still running counts as lasting until ``now``; one that begins later, or has no length, does
    not count.
    """
    now = as_utc(now)
    return merged(
        Interval(stop.from_at, now if stop.to_at is None else stop.to_at)
        for stop in sorted(stops, key=lambda stop: stop.from_at)
    )


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Join intervals, ordered by their beginning, that overlap or touch; drop the empty ones."""
    joined: list[Interval] = []
    for interval in intervals:
        if interval.to_at <= interval.from_at:
            continue
        if joined and interval.from_at <= joined[-1].to_at:
            joined[-1] = Interval(joined[-1].from_at, max(joined[-1].to_at, interval.to_at))
        else:
            joined.append(interval)
    return tuple(joined)


def run_on(started_at: datetime, duration: timedelta, intervals: Sequence[Interval]) -> datetime:
    """Return when a clock that starts then has run for the duration, standing still in the merged intervals.

    As for working days, reaching the end at the very beginning of a stop counts as inside it.
    """
    due_at = started_at + duration
    for interval in intervals:
        if interval.to_at <= started_at:
            continue
        if interval.from_at > due_at:
            break
        due_at += interval.to_at - max(interval.from_at, started_at)
    return due_at


def running_stop(stops: Iterable[ClockStop], now: datetime) -> ClockStop | None:
    """Return the stop without an end that has begun, the earliest of several, or None."""
    running = [stop for stop in stops if stop.to_at is None and stop.from_at <= now]
    return min(running, key=lambda stop: stop.from_at, default=None)
