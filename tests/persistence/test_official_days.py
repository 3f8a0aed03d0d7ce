"""Official calendars, compared day by day with another library's."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from eightd.domain.errors import UnknownNameError
from eightd.persistence.official_days import available_countries, official_calendar


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("year", range(2020, 2027))
def test_china_is_the_same_as_the_oracle_on_every_day(year):
    china = official_calendar("CN")
    days = every_day(date(year, 1, 1), date(year, 12, 31))
    assert [day for day in days if china.day(day).working != chinese_calendar.is_workday(day)] == []
    assert not any(china.day(day).provisional for day in days if (day.month, day.day) < (12, 25))


def test_china_2026_as_published():
    china = official_calendar()
    off = [
        *every_day(date(2026, 1, 1), date(2026, 1, 3)),
        *every_day(date(2026, 2, 15), date(2026, 2, 23)),
        *every_day(date(2026, 4, 4), date(2026, 4, 6)),
        *every_day(date(2026, 5, 1), date(2026, 5, 5)),
        *every_day(date(2026, 6, 19), date(2026, 6, 21)),
        *every_day(date(2026, 9, 25), date(2026, 9, 27)),
        *every_day(date(2026, 10, 1), date(2026, 10, 7)),
    ]
    on = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}
    for day in every_day(date(2026, 1, 1), date(2026, 12, 31)):
        worked = (day.month, day.day) in on or (day.weekday() < 5 and day not in off)
        assert china.day(day).working is worked, day


def test_chinas_names_in_both_languages():
    china = official_calendar("CN")
    assert china.day(date(2026, 2, 17)).reason.text("zh") == "节假日：春节"
    assert china.day(date(2026, 2, 17)).reason.text("en") == "holiday: Chinese New Year (Spring Festival)"
    assert china.day(date(2026, 2, 14)).reason.text("zh") == "调休上班：补 2026-02-20"
    assert china.day(date(2026, 2, 14)).reason.text("en") == "working day moved here: for 2026-02-20"


def test_years_beyond_chinas_table_are_provisional():
    china = official_calendar("CN")
    assert china.day(date(2027, 1, 4)).provisional
    assert china.ref.startswith("CN@2026-")


@pytest.mark.parametrize("year", range(2020, 2026))
def test_the_end_of_a_year_is_settled_once_the_next_table_is_out(year):
    assert not official_calendar("CN").day(date(year, 12, 31)).provisional


def test_the_end_of_chinas_last_year_waits_for_the_next_table():
    china = official_calendar("CN")
    last = max(china.official_years)
    assert not china.day(date(last, 12, 24)).provisional
    assert china.day(date(last, 12, 25)).awaited_year == last + 1
    assert not official_calendar("HU").reaches_back  # moves days within the year that it announces


def test_computed_countries_are_official_years_ahead():
    germany = official_calendar("DE")
    assert not germany.day(date(2030, 10, 3)).provisional
    assert germany.day(date(2026, 10, 3)).reason.code == "day.holiday"
    assert germany.day(date(2026, 12, 25)).working is False
    assert germany.day(date(2036, 1, 2)).provisional
    assert not germany.ref.startswith("DE@20")


def test_countries_that_move_working_days_are_official_as_far_as_announced():
    hungary = official_calendar("HU")
    assert hungary.day(date(2026, 8, 8)).working
    assert hungary.day(date(2026, 8, 8)).reason.text("zh") == "调休上班：补班"
    assert not hungary.day(date(2026, 12, 31)).provisional
    assert hungary.day(date(2029, 1, 2)).provisional


def test_years_with_estimated_dates_are_provisional():
    emirates = official_calendar("AE")
    assert not emirates.day(date(2026, 1, 5)).provisional
    assert emirates.day(date(2028, 1, 5)).provisional


def test_a_weekend_other_than_saturday_and_sunday():
    israel = official_calendar("IL")
    assert not israel.day(date(2026, 3, 6)).working  # a Friday
    assert israel.day(date(2026, 3, 8)).working


def test_every_country_can_be_built_and_speaks_both_languages():
    countries = available_countries()
    assert {"CN", "CZ", "DE", "US", "VN"} <= set(countries)
    for code in countries:
        calendar = official_calendar(code)
        assert calendar.name == code
        for language in ("en", "zh"):
            assert calendar.day(date(2026, 1, 1)).reason.text(language)


def test_the_same_calendar_each_time_whatever_the_case():
    assert official_calendar("cn") is official_calendar("CN")


@pytest.mark.parametrize("code", ["", "ZZ", "China", "CHN", " CN"])
def test_an_unknown_country_is_refused(code):
    with pytest.raises(UnknownNameError, match="there is no calendar"):
        official_calendar(code)
