"""Instants as Excel's serial numbers on the plant's wall clock: days since 1899-12-30, as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_ZERO = date(1899, 12, 30).toordinal()
"""Excel's day 0, as it counts from 1 March 1900 on."""

_LAST_OF_DAY = timedelta(days=1) - timedelta.resolution
_MINUTE = timedelta(minutes=1)
# Ten decimals keep Excel from showing 16:39 for 16:40.
_MINUTES = tuple(f"{minute / 1440:.10f}"[1:] for minute in range(1440))


class _Offsets(dict[int, int | None]):
    """Minutes from UTC to the zone's clock by UTC day; None on a day whose offset is not one number."""

    __slots__ = ("_zone",)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, day: int) -> int | None:
        start = datetime.combine(date.fromordinal(day), time(), UTC)
        hours = {(start + timedelta(hours=hour)).astimezone(self._zone).utcoffset() for hour in range(24)}
        end = (start + _LAST_OF_DAY).astimezone(self._zone).utcoffset()
        offset = end if hours == {end} else None
        minutes = None if offset is None or offset % _MINUTE else offset // _MINUTE
        self[day] = minutes
        return minutes


@lru_cache(maxsize=8)
def _offsets(zone: ZoneInfo) -> _Offsets:
    """Return the zone's offsets, the same ones for every column of a sheet."""
    return _Offsets(zone)


def local_serial(zone: ZoneInfo) -> Callable[[datetime], str]:
    """Return the function from an aware instant to its local serial number, to the second.

    A number before Excel's first true day is returned like any other: the caller decides. A naive
    instant raises ``ValueError``. Asking the zone costs most of the time, so its offset is kept
    per UTC day, except on the days on which it changes.
    """
    offsets = _offsets(zone)

    def serial(value: datetime) -> str:
        if value.tzinfo is not UTC:
            if value.tzinfo is None:
                raise ValueError(f"an instant without a zone: {value.isoformat()}")
            value = value.astimezone(UTC)
        ordinal = value.toordinal()
        offset = offsets[ordinal]
        if offset is None:
            local = value.astimezone(zone)
            ordinal = local.toordinal()
            minutes = local.hour * 60 + local.minute
            second = local.second
        else:
            minutes = value.hour * 60 + value.minute + offset
            second = value.second
            if not 0 <= minutes < 1440:
                days, minutes = divmod(minutes, 1440)
                ordinal += days
        if second:
            fraction = (minutes * 60 + second) * 10**10 // 86400
            return f"{ordinal - DAY_ZERO}.{fraction:010d}"
        return f"{ordinal - DAY_ZERO}{_MINUTES[minutes]}"

    return serial
