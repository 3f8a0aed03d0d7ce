"""China's calendar of 2026 as the State Council published it, and the zones used."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.clock.calendar import DayName, WorkingCalendar

_OFF = {
    "元旦": (date(2026, 1, 1), 3),
    "春节": (date(2026, 2, 15), 9),
    "清明节": (date(2026, 4, 4), 3),
    "劳动节": (date(2026, 5, 1), 5),
    "端午节": (date(2026, 6, 19), 3),
    "中秋节": (date(2026, 9, 25), 3),
    "国庆节": (date(2026, 10, 1), 7),
}
_ON = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]


@pytest.fixture(scope="session")
def china() -> WorkingCalendar:
    return WorkingCalendar(
        "CN",
        "2026",
        holidays={
            first + timedelta(days=day): DayName(name, name)
            for name, (first, n) in _OFF.items()
            for day in range(n)
        },
        working_days={day: DayName("make-up day", "补班") for day in _ON},
        official_years=frozenset({2025, 2026}),
    )


@pytest.fixture(scope="session")
def shanghai() -> ZoneInfo:
    return ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="session")
def prague() -> ZoneInfo:
    return ZoneInfo("Europe/Prague")
