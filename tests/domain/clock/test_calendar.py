"""Which days are worked, and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eightd.domain.clock.calendar import DayName, WorkingCalendar
from eightd.domain.errors import ImplausibleError


@pytest.mark.parametrize(
    ("on", "working", "code"),
    [
        (date(2026, 3, 12), True, "day.working"),
        (date(2026, 3, 14), False, "day.weekend"),
        (date(2026, 2, 14), True, "day.moved"),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 15), False, "day.holiday"),
        (date(2026, 2, 24), True, "day.working"),
    ],
)
def test_the_official_table(china, on, working, code):
    kind = china.day(on)
    assert (kind.working, kind.reason.code, kind.provisional) == (working, code, False)


def test_the_plants_own_days_come_first(china):
    stocktaking, rush = DayName("stocktaking", "盘点"), DayName("rush order", "赶货")
    saturday, moved, holiday, monday = (
        date(2026, 3, 14),
        date(2026, 2, 14),
        date(2026, 10, 1),
        date(2026, 3, 16),
    )
    own = china.with_own_days(
        name="plant",
        version="3",
        off={moved: stocktaking, monday: stocktaking},
        on={saturday: rush, holiday: rush},
    )
    assert own.ref == "plant@3"
    assert [own.day(day).working for day in (saturday, moved, holiday, monday)] == [True, False, True, False]
    assert own.day(saturday).reason.text("zh") == "工厂自定工作日：赶货"
    assert own.day(monday).reason.text("en") == "the plant's own day off: stocktaking"
    assert china.day(monday).working


def test_a_moved_working_day_beats_a_holiday_of_the_same_date(china):
    on = date(2026, 10, 1)
    both = replace(china, working_days={on: DayName("x", "x")})
    assert both.day(on).working


def test_a_year_without_an_official_table_is_provisional(china):
    assert china.day(date(2027, 1, 4)).provisional
    assert china.day(date(2024, 12, 31)).provisional
    assert not china.day(date(2026, 12, 31)).provisional


@pytest.mark.parametrize(
    ("on", "awaited"),
    [
        (date(2026, 12, 24), None),
        (date(2026, 12, 25), 2027),  # 29 December 2018 was worked by the decree for 2019
        (date(2026, 12, 31), 2027),
        (date(2025, 12, 31), None),
        (date(2027, 1, 1), 2027),
        (date(2027, 12, 31), 2027),
    ],
)
def test_late_december_waits_for_the_next_table_where_tables_reach_back(china, on, awaited):
    assert replace(china, reaches_back=True).day(on).awaited_year == awaited


def test_a_table_completes_its_year_and_leaves_official_ones(china):
    guessed = replace(
        china, reaches_back=True, holidays={**china.holidays, date(2027, 9, 15): DayName("x", "x")}
    )
    spring = {
        date(2027, 2, 6): DayName("Spring Festival", "春节"),
        date(2026, 10, 1): DayName("other", "别名"),
    }
    moved = {
        date(2027, 2, 20): DayName("make-up day", "补班"),
        date(2027, 2, 6) + timedelta(1): DayName("x", "x"),
    }
    told = guessed.with_table(off=spring, on=moved, complete_years={2026, 2027})
    assert not any(told.day(date(2027, 1, 1) + timedelta(day)).provisional for day in range(358))
    assert not told.day(date(2026, 12, 31)).provisional
    assert told.day(date(2027, 9, 15)).working  # guessed, and not in the complete table
    assert told.day(date(2027, 2, 6)).reason.text("zh") == "节假日：春节"
    assert told.day(date(2027, 2, 20)).reason.text("zh") == "调休上班：补班"
    assert told.day(date(2026, 10, 1)).reason.text("zh") == "节假日：国庆节"  # known by its name already
    assert not told.day(date(2026, 5, 1)).working
    assert told.day(date(2028, 1, 3)).awaited_year == 2028


def test_a_table_without_complete_years_adds_its_days_only(china):
    told = china.with_table(off={date(2026, 2, 14): DayName("x", "x")}, on={}, complete_years=())
    assert not told.day(date(2026, 2, 14)).working  # was a moved working day
    assert told.official_years == china.official_years


def test_another_weekend():
    gulf = WorkingCalendar("X", "1", weekend=frozenset({4, 5}))
    assert not gulf.day(date(2026, 3, 13)).working
    assert gulf.day(date(2026, 3, 15)).working
    assert gulf.day(date(2026, 3, 13)).reason.text("en") == "weekend (Friday)"


def test_braces_in_a_name_stay_as_written():
    for name in (DayName("{a}", "{b}"), DayName("{a}", "{a}")):
        assert (name.message().text("en"), name.message().text("zh")) == (name.en, name.zh)


def test_contradictions_are_refused(china):
    day, name = date(2026, 3, 3), DayName("x", "x")
    with pytest.raises(ImplausibleError, match="2026-03-03"):
        replace(china, own_days_off={day: name}, own_days_on={day: name})
    with pytest.raises(ImplausibleError, match="Monday"):
        WorkingCalendar("X", "1", weekend=frozenset({7}))


def test_calendars_are_equal_by_their_days(china):
    same = replace(china, holidays=dict(china.holidays))
    assert same == china
    assert hash(same) == hash(china)
    assert replace(china, holidays={}) != china
