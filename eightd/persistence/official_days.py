"""Countries' public holidays and moved working days as working calendars (procedure 4: calendars).

The tables are those of the ``holidays`` library. Where a government publishes them year by year, only the years
that are really in its table are official; the library's guesses beyond are used but marked provisional.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache, lru_cache

import holidays
from holidays.countries.china import ChinaStaticHolidays
from holidays.version import __version__ as library_version

from eightd.domain.clock.calendar import YEAR_END, DayName, WorkingCalendar
from eightd.domain.errors import UnknownNameError
from eightd.domain.words import Phrase

FIRST_YEAR, LAST_YEAR = 2001, 2035
"""The years whose holidays are known; dates outside are provisional and follow the weekend only."""

_CHINA = "CN"
_CHINESE = ("zh_CN", "zh_TW", "zh_HK")
_ENGLISH = ("en_US", "en_HK", "en_IN")
_DECREED_SINCE = 2015
_LAST_DECREED_YEAR = max(ChinaStaticHolidays.special_public_holidays)
_MAKE_UP = DayName("make-up working day", "补班")
_UNKNOWN = Phrase("calendar.unknown", "calendar: there is no calendar {name}", "calendar：没有日历 {name}")


@lru_cache(maxsize=1)
def available_countries() -> tuple[str, ...]:
    """Return the two-letter codes of all countries with a calendar, in order."""
    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def official_calendar(country: str = _CHINA) -> WorkingCalendar:
    """Return the calendar of an ISO 3166 country code, the same object each time.

    Upper and lower case are the same. The version names the library's version and, for countries that publish
    year by year, the last official year: ``CN@2026-0.109``. Raises UnknownNameError for any other code.
    """
    code = country.upper()
    if code not in available_countries():
        raise UnknownNameError(_UNKNOWN.say(name=repr(country)))
    return _build(code)


def table_version(country: str) -> str:
    """Return the version of a country's table as the library has it now, such as ``2026-0.109``."""
    return official_calendar(country).version


@cache  # at most one entry per country
def _build(code: str) -> WorkingCalendar:
    english = _table(code, _ENGLISH)
    chinese = _table(code, _CHINESE)
    moved = _moved_days(code, english)
    official = _official_years(code, english, moved)
    is_decreed = code == _CHINA or _is_decreed(moved)
    return WorkingCalendar(
        name=code,
        version=f"{max(official)}-{library_version}" if is_decreed else library_version,
        weekend=frozenset(english.weekend),
        holidays={day: DayName(en=name, zh=chinese.get(day, name)) for day, name in english.items()},
        working_days=moved,
        official_years=official,
        reaches_back=is_decreed and _reaches_back(moved),
    )


def _table(code: str, languages: Collection[str]) -> holidays.HolidayBase:
    """Return the library's table, filled, in the first of the languages that it speaks, else in its own.

    A table without any Chinese names is shown in English on Chinese pages too.
    """
    unfilled = holidays.country_holidays(code)
    language = next((one for one in (*languages, *_ENGLISH) if one in unfilled.supported_languages), None)
    return holidays.country_holidays(code, years=_years(unfilled), language=language)


def _years(table: holidays.HolidayBase) -> range:
    return range(max(FIRST_YEAR, table.start_year), min(LAST_YEAR, table.end_year) + 1)


def _moved_days(code: str, table: holidays.HolidayBase) -> Mapping[date, DayName]:
    names = _china_make_up_names() if code == _CHINA else {}
    return {day: names.get(day, _MAKE_UP) for day in sorted(table.weekend_workdays) if day.year >= FIRST_YEAR}


def _china_make_up_names() -> Mapping[date, DayName]:
    """Name each moved working day by the day off it makes up for: (off month, off day, on month, on day, …)."""
    names = {}
    for year, entries in ChinaStaticHolidays.special_public_holidays.items():
        for off_month, off_day, *moved_from in entries:
            if len(moved_from) < 2 or not isinstance(moved_from[0], int):
                continue  # a day off that nothing makes up for, with its name
            off = date(year, off_month, off_day).isoformat()
            on_year = moved_from[2] if len(moved_from) > 2 else year
            names[date(on_year, moved_from[0], moved_from[1])] = DayName(f"for {off}", f"补 {off}")
    return names


def _is_decreed(moved: Collection[date]) -> bool:
    """Return whether the country still moves working days, which it can only announce year by year."""
    return any(day.year >= _DECREED_SINCE for day in moved)


def _reaches_back(moved: Collection[date]) -> bool:
    """Return whether working days are moved at the very end of a year, for the New Year of the next."""
    return any(day.year >= _DECREED_SINCE and (day.month, day.day) >= YEAR_END for day in moved)


def _official_years(code: str, table: holidays.HolidayBase, moved: Collection[date]) -> frozenset[int]:
    """Return the years that will not change any more, as far as the library can know.

    China: the years of its official table. Elsewhere all years, but for those with dates that the library only
    estimates (moon sightings) and, in countries that move working days, those after the last table.
    """
    if code == _CHINA:
        return frozenset(ChinaStaticHolidays.special_public_holidays)
    years = set(_years(table))
    years -= {day.year for day, name in table.items() if "estimated)" in name}
    if _is_decreed(moved):
        last = max(_LAST_DECREED_YEAR, max(moved).year)
        years = {year for year in years if year <= last}
    return frozenset(years)
