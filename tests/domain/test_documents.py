"""Strict reading of plain documents."""

from datetime import date, time
from decimal import Decimal

import pytest

from eightd.domain.documents import read_date, read_decimal, read_instant, read_time_of_day, read_yes_no
from eightd.domain.errors import MalformedError


def test_decimals_are_exact():
    assert read_decimal("0.10", "x") == Decimal("0.1")
    assert read_decimal(2, "x") == Decimal(2)


@pytest.mark.parametrize("wrong", [0.1, True, None, "one", "NaN", "Infinity", ""])
def test_an_inexact_decimal_is_refused(wrong):
    with pytest.raises(MalformedError):
        read_decimal(wrong, "x")


def test_dates_and_times_of_day():
    assert read_date("2026-02-28", "x") == date(2026, 2, 28)
    assert read_time_of_day("17:30", "x") == read_time_of_day("17:30:00", "x") == time(17, 30)


@pytest.mark.parametrize("wrong", ["2026-02-29", "20260228", "2026-W09-1", 20260228, None])
def test_another_date_is_refused(wrong):
    with pytest.raises(MalformedError):
        read_date(wrong, "x")


@pytest.mark.parametrize("wrong", ["24:00", "5:30", "17", "17:30+08:00", 1730])
def test_another_time_of_day_is_refused(wrong):
    with pytest.raises(MalformedError):
        read_time_of_day(wrong, "x")


def test_an_instant_needs_its_offset():
    assert read_instant("2026-03-12T08:40:00Z", "x") == read_instant("2026-03-12T16:40+08:00", "x")


@pytest.mark.parametrize("wrong", ["2026-03-12T16:40:00", "2026-03-12", "soon", 1773304800, None])
def test_an_instant_without_offset_is_refused(wrong):
    with pytest.raises(MalformedError, match="with its offset"):
        read_instant(wrong, "at")


def test_the_place_is_named():
    with pytest.raises(MalformedError, match=r"^flags\.safety: "):
        read_yes_no(0, "flags.safety")
