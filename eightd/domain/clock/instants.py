"""Instants and wall-clock times: aware in, UTC inside, plant zone for people (procedure 4)."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, tzinfo

from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Phrase

EARLIEST_YEAR = 1900
LATEST_YEAR = 2200

_NAIVE = Phrase("clock.naive", "An instant needs a zone: {instant}.", "时间必须带时区：{instant}。")
_FAR = Phrase(
    "clock.far",
    "An instant must lie between {first} and {last}: {instant}.",
    "时间应在 {first} 与 {last} 年之间：{instant}。",
)


def as_utc(instant: datetime) -> datetime:
    """Return the instant in UTC.

    Raises ImplausibleError for an instant without a zone and for a year before 1900 or after 2200.
    """
    if instant.tzinfo is not UTC:
        if instant.utcoffset() is None:
            raise ImplausibleError(_NAIVE.say(instant=instant.isoformat()))
        if MINYEAR < instant.year < MAXYEAR:  # the outermost years could overflow on the way to UTC
            instant = instant.astimezone(UTC)
    if not EARLIEST_YEAR <= instant.year <= LATEST_YEAR:
        raise ImplausibleError(_FAR.say(first=EARLIEST_YEAR, last=LATEST_YEAR, instant=instant.isoformat()))
    return instant


def wall_clock_instant(day: date, at: time, zone: tzinfo) -> datetime:
    """Return the UTC instant at which the zone's clocks show the time on that day.

    A time that occurs twice (clocks set back) means the first; a time that does not occur (clocks set forward)
    is read with the offset that held before, so it lies as much later as the clocks were moved.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def shown(instant: datetime, zone: tzinfo) -> str:
    """Return the instant as people in the zone read it, to the minute."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")
