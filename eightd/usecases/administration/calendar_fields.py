"""What a version of a working calendar is made of, and whether it can be (procedure 4: calendars)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eightd.domain.words import Message, Phrase
from eightd.persistence.official_days import available_countries, official_calendar
from eightd.persistence.tables.catalogue import DayValue
from eightd.usecases.administration.changing import REQUIRED, TOO_LONG, UNKNOWN
from eightd.usecases.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS = 800
LONGEST_REASON = 120

YEARS = Phrase("calendar.years", "Between 2000 and 2100.", "应在 2000 与 2100 年之间。")
_TWICE = Phrase("calendar.twice", "This day stands here twice.", "该日期重复。")
_BOTH = Phrase("calendar.both_ways", "This day is listed as a day off as well.", "该日期同时列为休息日。")
_TOO_MANY = Phrase("calendar.too_many", "At most {most} own days.", "自定日期最多 {most} 天。")
_NO_TABLE = Phrase(
    "calendar.no_table",
    "No day of an official table of {year} is here: upload the table, or mark its days as official.",
    "未见 {year} 年官方日历的任何日期: 请上传官方日历, 或将其日期标为“官方”。",
)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day beside the library's table with the reason that people are shown; the plant's own if not ``official``.

    ``reason`` is Chinese where ``reason_en`` is given, else it is shown in both languages.
    """

    on: date
    reason: str
    reason_en: str = ""
    official: bool = False

    def kept(self) -> DayValue:
        """Return the reason as a calendar's row keeps it."""
        if not self.official and self.reason_en in ("", self.reason):
            return self.reason
        named: dict[str, object] = {"zh": self.reason, "en": self.reason_en or self.reason}
        return {**named, "official": True} if self.official else named

    def recorded(self) -> str:
        """Return the reason as the record says it."""
        return f"{self.reason} / {self.reason_en}" if self.reason_en else self.reason


@dataclass(frozen=True, slots=True)
class CalendarFields:
    """A country's public holidays with further days off and on; ``final_years`` are officially complete with them."""

    country: str
    off: tuple[OwnDay, ...]
    on: tuple[OwnDay, ...]
    final_years: tuple[int, ...] = ()

    def days_off(self) -> dict[str, DayValue]:
        """Return the days off as a calendar's row keeps them, in order."""
        return _kept(self.off)

    def days_on(self) -> dict[str, DayValue]:
        """Return the working days as a calendar's row keeps them, in order."""
        return _kept(self.on)

    def insist_valid(self) -> None:
        """Raise Invalid with a message per field, such as ``country`` or ``off-<row>-on``."""
        problems: dict[str, Message] = {}
        if self.country not in available_countries():
            problems["country"] = UNKNOWN.say()
        else:
            problems |= self._year_problems()
        if len(self.off) + len(self.on) > MOST_DAYS:
            problems[""] = _TOO_MANY.say(most=MOST_DAYS)
        days_off = {day.on for day in self.off}
        for prefix, days in (("off", self.off), ("on", self.on)):
            seen: set[date] = set()
            for index, day in enumerate(days):
                problem = _day_problem(day.on, seen)
                if problem is None and prefix == "on" and day.on in days_off:
                    problem = _BOTH.say()
                if problem is not None:
                    problems[f"{prefix}-{index}-on"] = problem
                if not day.reason:
                    problems[f"{prefix}-{index}-reason"] = REQUIRED.say()
                for name, text in (("reason", day.reason), ("reason_en", day.reason_en)):
                    if len(text) > LONGEST_REASON:
                        problems[f"{prefix}-{index}-{name}"] = TOO_LONG.say(most=LONGEST_REASON)
                seen.add(day.on)
        if problems:
            raise Invalid(problems)

    def _year_problems(self) -> dict[str, Message]:
        """Say which year is called complete although no day of its table is known."""
        known = official_calendar(self.country).official_years
        given = {day.on.year for day in self.off if day.official}
        for year in self.final_years:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                return {"final_years": YEARS.say()}
            if year not in known and year not in given:
                return {"final_years": _NO_TABLE.say(year=str(year))}
        return {}


def _kept(days: tuple[OwnDay, ...]) -> dict[str, DayValue]:
    return {day.on.isoformat(): day.kept() for day in sorted(days, key=lambda one: one.on)}


def _day_problem(on: date, seen: set[date]) -> Message | None:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        return YEARS.say()
    return _TWICE.say() if on in seen else None
