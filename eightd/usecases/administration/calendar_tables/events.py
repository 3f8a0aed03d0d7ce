"""Read days from an iCal feed: all-day events, their ends exclusive, yearly ones repeated for five years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import icalendar

from eightd.domain.words import Message, Phrase
from eightd.usecases.administration.calendar_fields import FIRST_YEAR, LAST_YEAR
from eightd.usecases.administration.calendar_tables.cells import (
    DEFAULT_NAMES,
    MOST_LINES,
    TOO_LONG,
    Gathering,
    TableDay,
    insist_length,
    plain,
)
from eightd.usecases.errors import Invalid

_YEARS_AHEAD = 5
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=60)
_SPECIAL = "X-APPLE-SPECIAL-DAY"
_ALTERNATE = "ALTERNATE-WORKDAY"
_WORKED = re.compile(
    r"补班|(?<!不)上班|[（(\[]班[)）\]]|(?:^|[\s\u3000·:：])班$|^班|\bwork(?:ing)?[ -]?day\b|\bmake-?up\b",
    re.IGNORECASE,
)
_BROKEN = Phrase("feed.broken", "The iCal file is damaged.", "iCal 文件已损坏。")
_NO_START = Phrase("feed.no_start", "the event has no date", "该事件没有日期")
_TIMED = Phrase("feed.timed", "“{name}” is not an all-day event", "“{name}”不是全天事件")
_BAD_END = Phrase(
    "feed.bad_end",
    "“{name}” ends before it begins, or lasts more than {most} days",
    "“{name}”的结束早于开始，或超过 {most} 天",
)
_REPEATS = Phrase(
    "feed.repeats",
    "“{name}” repeats in another way than once a year; list its days one by one",
    "“{name}”不是每年重复一次；请逐日列出",
)
_BAD_YEAR = Phrase(
    "feed.bad_year", "“{name}” is not between 2000 and 2100", "“{name}”不在 2000 与 2100 年之间"
)
_SHOWN = 40


class _RefusedError(ValueError):
    def __init__(self, problem: Message) -> None:
        super().__init__(problem.code)
        self.problem = problem


def days_of_feed(text: str, *, this_year: int) -> tuple[TableDay, ...]:
    """Return the days of the feed's events in order; a day that several events name is taken once.

    Where a feed marks its special days, as Apple's calendar of China does, only those are taken. Otherwise an
    event is a working day when its name says so (班, 补班, 上班, workday) and a day off when not. Events that are
    cancelled are left out. Raises Invalid with a message for every event that cannot be taken.
    """
    lines = _lines_of_events(text)
    events = _events(text)
    if len(events) > MOST_LINES:
        raise Invalid({"file": TOO_LONG.say(most=MOST_LINES)})
    marks_days = any(_SPECIAL in event for event in events)
    gathering = Gathering()
    for number, event in enumerate(events):
        line = lines[number] if number < len(lines) else number + 1
        if (marks_days and _SPECIAL not in event) or _said(event, "STATUS").upper() == "CANCELLED":
            continue
        try:
            for day in _days(event, line, this_year):
                gathering.add(day, may_repeat=True)
        except _RefusedError as refused:
            gathering.tell(line, refused.problem)
    return gathering.days()


def _events(text: str) -> list[Any]:
    try:
        calendars = icalendar.Calendar.from_ical(text.encode(), multiple=True)
        # Only what stands directly in a calendar: a feed nested deeper is none.
        return [one for calendar in calendars for one in calendar.subcomponents if one.name == "VEVENT"]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise Invalid({"file": _BROKEN.say()}) from None


def _lines_of_events(text: str) -> list[int]:
    begins = re.compile(r"\s*BEGIN:VEVENT\s*", re.IGNORECASE)
    return [number for number, line in enumerate(text.splitlines(), 1) if begins.fullmatch(line)]


def _days(event: Any, line: int, this_year: int) -> Iterator[TableDay]:
    name = plain(_said(event, "SUMMARY"))
    shown = name[:_SHOWN] or "?"
    problem = insist_length(name)
    if problem is not None:
        raise _RefusedError(problem)
    first, length = _span(event, shown)
    working = _is_worked(event, name)
    english = ""
    if not name:
        name, english = DEFAULT_NAMES[working]
    for begins in _repeated(event, first, shown, this_year):
        for offset in range(length):
            yield TableDay(begins + timedelta(days=offset), working, name, english, line)


def _is_worked(event: Any, name: str) -> bool:
    special = _said(event, _SPECIAL).upper()
    if special:
        return special == _ALTERNATE
    categories = event.get("CATEGORIES")
    said = " ".join(map(str, getattr(categories, "cats", []) if categories is not None else []))
    return bool(_WORKED.search(name) or _WORKED.search(said))


def _span(event: Any, shown: str) -> tuple[date, int]:
    """Return the first day and how many there are."""
    first = _day(event, "DTSTART", shown)
    if first is None:
        raise _RefusedError(_NO_START.say())
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise _RefusedError(_BAD_YEAR.say(name=shown))
    after = _day(event, "DTEND", shown)
    lasts = first - first if after is None else after - first
    if after is None and "DURATION" in event:
        given = _value(event["DURATION"])
        if not isinstance(given, timedelta) or given % _DAY:
            raise _RefusedError(_TIMED.say(name=shown))
        lasts = given
    if not timedelta(0) <= lasts <= _LONGEST:
        raise _RefusedError(_BAD_END.say(name=shown, most=_LONGEST.days))
    return first, max(lasts.days, 1)  # an event that ends where it begins is a single day


def _day(event: Any, name: str, shown: str) -> date | None:
    """Return a date of the event, None where it has none; a time of day is refused."""
    given = event.get(name)
    if given is None:
        return None
    value = _value(given)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _RefusedError(_TIMED.say(name=shown))
    return value


def _value(given: Any) -> object:
    """Return what a property holds, None where the library could not read it."""
    try:
        return getattr(given, "dt", None)
    except ValueError:
        return None


def _repeated(event: Any, first: date, shown: str, this_year: int) -> Iterator[date]:
    """Yield the first days of an event: one, or those of five years where it repeats every year."""
    if any(name in event for name in ("RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")):
        raise _RefusedError(_REPEATS.say(name=shown))
    rule = event.get("RRULE")
    if rule is None:
        yield first
        return
    until = _yearly_until(rule, first)
    if until is None:
        raise _RefusedError(_REPEATS.say(name=shown))
    for year in range(max(first.year, this_year), this_year + _YEARS_AHEAD):
        if (first.month, first.day) == (2, 29) and not _is_leap(year):
            continue
        begins = first.replace(year=year)
        if begins <= until:
            yield begins


def _yearly_until(rule: Any, first: date) -> date | None:
    """Return the last date of a rule that repeats on the same day of every year, None for any other rule."""
    if not isinstance(rule, Mapping):
        return None  # several rules, or one that cannot be read
    parts = {str(name).upper(): list(values) for name, values in rule.items()}
    usual = {"FREQ": ["YEARLY"], "INTERVAL": [1], "BYMONTH": [first.month], "BYMONTHDAY": [first.day]}
    for name, values in parts.items():
        if name in {"COUNT", "UNTIL", "WKST"}:
            continue
        if [_comparable(one) for one in values] != usual.get(name):
            return None
    if "FREQ" not in parts:
        return None
    until = date.max
    if "UNTIL" in parts:
        given = parts["UNTIL"][0]
        until = given.date() if isinstance(given, datetime) else given
    if "COUNT" in parts:
        until = min(until, date(min(first.year + int(parts["COUNT"][0]) - 1, date.max.year), 12, 31))
    return until


def _comparable(value: Any) -> Any:
    return int(value) if isinstance(value, int) else str(value).upper()


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _said(event: Any, name: str) -> str:
    given = event.get(name, "")
    return str(given[0] if isinstance(given, list) and given else given)
