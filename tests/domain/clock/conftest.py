"""China's calendar of 2026 as the State Council published it, and the zones used."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.clock.calendar import WorkingCalendar
from tests.domain.clock import published


@pytest.fixture(scope="session")
def china() -> WorkingCalendar:
    return replace(published.china_of(2026), official_years=frozenset({2025, 2026}))


@pytest.fixture(scope="session")
def shanghai() -> ZoneInfo:
    return ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="session")
def prague() -> ZoneInfo:
    return ZoneInfo("Europe/Prague")
