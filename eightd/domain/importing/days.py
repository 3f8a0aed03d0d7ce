"""Read a day however it was written: real dates, serial numbers, and texts in half a dozen manners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

from eightd.domain.importing import wording
from eightd.domain.importing.cells import Cell, Reading, error_in, folded, is_blank


class DayOrder(StrEnum):
    """What comes first in a date such as 03/04/2023."""

    UNSAID = ""
    DAY = "day"
    MONTH = "month"


EARLIEST = date(1980, 1, 1)
"""Nothing in a complaint log is older; what seems so was mistyped."""

_LONGEST = 60
_MOST_MONTHS = 12
_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(29_221, 73_051)  # 1980-01-01 to 2100-01-01
_HAN = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_TIME = (
    r"(?:[T\s]*(?:上午|下午|am|pm)?\s*\d{1,2}[:时点]\d{0,2}(?:[:分]\d{0,2}(?:\.\d+)?)?\s*(?:am|pm)?秒?"
    r"(?:z|[+-]\d\d:?\d\d)?)?"
)
_WEEKDAY = r"(?:\s*[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)?"
_SEP = r"\s*[-/.,\\年月]\s*"
_YMD = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})\s*[日号]?{_WEEKDAY}{_TIME}", re.IGNORECASE)
_YM = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\.0+)?")
_SHORT = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})\s*[日号]?{_TIME}", re.IGNORECASE)
_DMY = re.compile(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}){_TIME}", re.IGNORECASE)
_MD = re.compile(r"(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_D_MON_Y = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]*{_MONTH}[\s,-]*(\d{{4}}|\d\d){_TIME}", re.IGNORECASE
)
_MON_D_Y = re.compile(rf"{_MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(\d{{4}}){_TIME}", re.IGNORECASE)
_BEGINNING = re.compile(rf"(\d{{4}}{_SEP}\d{{1,2}}{_SEP}\d{{1,2}})(?!\d)\s*[日号]?\s*\D")


def read_day(cell: Cell, *, latest: date, order: DayOrder = DayOrder.UNSAID) -> Reading[date]:
    """Read a day; an empty cell is no day and no problem.

    Days after ``latest``, before 1980 and such that the calendar does not have are problems. Where only the
    manner of writing could say which number is the month, ``order`` decides; without it that is a problem.
    """
    if is_blank(cell):
        return Reading()
    shown = folded(cell)
    if error_in(cell):
        return Reading(problem=wording.CELL_ERROR.say(text=error_in(cell)))
    if len(shown) > _LONGEST:
        return Reading(problem=wording.NO_DAY.say(text=f"{shown[:_LONGEST]}…"))
    found = _of_value(cell) if not isinstance(cell, str) else _of_text(_digits(shown), shown, order)
    if found.value is None or found.problem is not None:
        return found
    if found.value > latest:
        return Reading(problem=wording.DAY_AHEAD.say(day=found.value.isoformat()))
    if found.value < EARLIEST:
        return Reading(problem=wording.DAY_LONG_AGO.say(day=found.value.isoformat()))
    return found


def _of_value(cell: Cell) -> Reading[date]:
    if isinstance(cell, datetime):
        return Reading(cell.date())
    if isinstance(cell, date):
        return Reading(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and 0 < cell < 1e9:
        if int(cell) in _SERIALS:
            return Reading(_DAY_ZERO + timedelta(days=int(cell)))
        compact = _COMPACT.fullmatch(str(int(cell)))
        if compact is not None:
            return _day(str(int(cell)), *map(int, compact.groups()))
    return Reading(problem=wording.NO_DAY.say(text=folded(cell)))


def _of_text(text: str, shown: str, order: DayOrder) -> Reading[date]:
    for pattern in (_YMD, _COMPACT):
        if whole := pattern.fullmatch(text):
            return _day(shown, *map(int, whole.groups()))
    if serial := _SERIAL.fullmatch(text):
        return _of_value(int(serial[1]))
    if named := _D_MON_Y.fullmatch(text):
        return _day(shown, _full_year(int(named[3])), _MONTHS[named[2].lower()], int(named[1]))
    if named := _MON_D_Y.fullmatch(text):
        return _day(shown, int(named[3]), _MONTHS[named[1].lower()], int(named[2]))
    if mixed := _DMY.fullmatch(text):
        return _of_mixed(shown, int(mixed[1]), int(mixed[2]), int(mixed[3]), order)
    if short := _SHORT.fullmatch(text):
        return _of_short(shown, int(short[1]), int(short[2]), int(short[3]), order)
    if month := _YM.fullmatch(text):
        return _taken(shown, _day(shown, int(month[1]), int(month[2]), 1))
    if near := _MD.fullmatch(text):
        exists = _day(shown, 2000, int(near[1]), int(near[2])).value is not None
        return Reading(problem=(wording.NO_YEAR if exists else wording.NO_DAY).say(text=shown))
    if begun := _BEGINNING.match(text):
        return _taken(shown, _of_text(begun[1], shown, order))
    return Reading(problem=wording.NO_DAY.say(text=shown))


def _of_mixed(shown: str, first: int, second: int, year: int, order: DayOrder) -> Reading[date]:
    by_day, by_month = _day(shown, year, second, first), _day(shown, year, first, second)
    if by_day.value is None or by_month.value is None or first == second:
        return by_month if by_day.value is None else by_day
    if order is DayOrder.UNSAID:
        one, other = by_day.value.isoformat(), by_month.value.isoformat()
        return Reading(problem=wording.TWO_DAYS.say(text=shown, one=one, other=other))
    return by_day if order is DayOrder.DAY else by_month


def _of_short(shown: str, first: int, second: int, third: int, order: DayOrder) -> Reading[date]:
    """Read a date whose year has two digits: 23.1.10 begins with it, 1/10/23 ends with it."""
    if order is DayOrder.UNSAID and first > _MOST_MONTHS:
        return _taken(shown, _day(shown, _full_year(first), second, third))
    return _taken(shown, _of_mixed(shown, first, second, _full_year(third), order))


def _taken(shown: str, found: Reading[date]) -> Reading[date]:
    if found.value is None:
        return found
    return Reading(found.value, wording.DAY_TAKEN.say(text=shown, day=found.value.isoformat()))


def _full_year(year: int) -> int:
    return year if year > 99 else 2000 + year


def _day(shown: str, year: int, month: int, day: int) -> Reading[date]:
    try:
        return Reading(date(year, month, day))
    except ValueError:
        return Reading(problem=wording.NO_DAY.say(text=shown))


def _digits(text: str) -> str:
    """Write Chinese numerals beside 年, 月 and 日 as digits: 二〇二三年二月三十日 becomes 2023年2月30日."""
    if not any(mark in text for mark in "年月日号"):
        return text
    return "".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    for part in re.split(r"([零〇○一二三四五六七八九十两]+)", text):
        yield han(part) if part and part[0] in "零〇○一二三四五六七八九十两" else part


def han(numerals: str) -> str:
    """Return Chinese numerals up to ninety-nine, or digit by digit as in years, as plain digits."""
    tens, ten, ones = numerals.partition("十")
    if not ten:
        return "".join(str(_HAN[char]) for char in numerals)
    return f"{_HAN.get(tens, 1)}{_HAN.get(ones, 0)}"
