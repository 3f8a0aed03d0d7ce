"""Which days a plant works, and why (procedure 4: calendars with moved working days and own days)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Message, Phrase

SATURDAY, SUNDAY = 5, 6

_OWN_OFF = Phrase("day.own_off", "the plant's own day off: {name}", "工厂自定休息日：{name}")
_OWN_ON = Phrase("day.own_on", "the plant works on this day: {name}", "工厂自定工作日：{name}")
_MOVED = Phrase("day.moved", "working day moved here: {name}", "调休上班：{name}")
_HOLIDAY = Phrase("day.holiday", "holiday: {name}", "节假日：{name}")
_WEEKEND = Phrase("day.weekend", "weekend ({weekday})", "周末（{weekday}）")
_WORKING = Phrase("day.working", "working day ({weekday})", "工作日（{weekday}）")
_WEEKDAYS = (
    Phrase("day.monday", "Monday", "星期一"),
    Phrase("day.tuesday", "Tuesday", "星期二"),
    Phrase("day.wednesday", "Wednesday", "星期三"),
    Phrase("day.thursday", "Thursday", "星期四"),
    Phrase("day.friday", "Friday", "星期五"),
    Phrase("day.saturday", "Saturday", "星期六"),
    Phrase("day.sunday", "Sunday", "星期日"),
)
_WEEKEND_REASONS = tuple(_WEEKEND.say(weekday=weekday.say()) for weekday in _WEEKDAYS)
_WORKING_REASONS = tuple(_WORKING.say(weekday=weekday.say()) for weekday in _WEEKDAYS)

_BAD_WEEKEND = Phrase(
    "calendar.weekend",
    "A weekend has days from 0 (Monday) to 6 (Sunday).",
    "周末应为 0（星期一）至 6（星期日）。",
)
_BOTH = Phrase(
    "calendar.both",
    "{on} cannot be both an own day off and an own working day.",
    "{on} 不能既是自定休息日又是自定工作日。",
)


@dataclass(frozen=True, slots=True)
class DayName:
    """Why a day is special, in both languages."""

    en: str
    zh: str

    def message(self) -> Message:
        """Return the name as a message; braces in it stay as written."""
        return (
            _NAME.say(en=self.en)
            if self.en == self.zh
            else Phrase("day.name", _kept(self.en), _kept(self.zh)).say()
        )


_NAME = Phrase("day.name", "{en}", "{en}")


def _kept(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


YEAR_END = (12, 25)
"""Month and day from which on the next year's decree may still move working days: New Year's make-up days."""


@dataclass(frozen=True, slots=True)
class DayKind:
    """Whether a day is worked, why, and the year of the official table that may still change it, else None."""

    working: bool
    reason: Message
    awaited_year: int | None = None

    @property
    def provisional(self) -> bool:
        """Return whether an official table that decides on the day is still to come."""
        return self.awaited_year is not None


@dataclass(frozen=True)
class WorkingCalendar:
    """One version of a calendar; weekdays count from Monday, 0.

    ``reaches_back`` says that a year's table may move days at the end of the year before, as China's does.
    Raises ImplausibleError for a weekday that does not exist and for a day both on and off.
    """

    name: str
    version: str
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    holidays: Mapping[date, DayName] = field(default_factory=dict)
    working_days: Mapping[date, DayName] = field(default_factory=dict)
    own_days_off: Mapping[date, DayName] = field(default_factory=dict)
    own_days_on: Mapping[date, DayName] = field(default_factory=dict)
    official_years: frozenset[int] = frozenset()
    reaches_back: bool = False

    def __post_init__(self) -> None:
        """Refuse a weekend or own days that contradict themselves."""
        if not self.weekend <= frozenset(range(7)):
            raise ImplausibleError(_BAD_WEEKEND.say())
        for day in self.own_days_off.keys() & self.own_days_on.keys():
            raise ImplausibleError(_BOTH.say(on=day.isoformat()))

    def __hash__(self) -> int:
        """Hash by name and version; equality still compares every day."""
        return hash((self.name, self.version))

    @property
    def ref(self) -> str:
        """Return name and version as in ``CN@2026-0.109``."""
        return f"{self.name}@{self.version}"

    def day(self, on: date) -> DayKind:
        """Say whether the plant-local date is worked.

        The plant's own days come first, then moved working days, then holidays, then the weekend. A date in a
        year without an official table is provisional whatever decides it; so is, where tables reach back, one
        from 25 December on while the next year has none.
        """
        working, reason = self._decide(on)
        return DayKind(working, reason, self._awaited_year(on))

    def _awaited_year(self, on: date) -> int | None:
        if on.year not in self.official_years:
            return on.year
        if self.reaches_back and (on.month, on.day) >= YEAR_END and on.year + 1 not in self.official_years:
            return on.year + 1
        return None

    def _decide(self, on: date) -> tuple[bool, Message]:
        for days, working, phrase in (
            (self.own_days_off, False, _OWN_OFF),
            (self.own_days_on, True, _OWN_ON),
            (self.working_days, True, _MOVED),
            (self.holidays, False, _HOLIDAY),
        ):
            if on in days:
                return working, phrase.say(name=days[on].message())
        weekday = on.weekday()
        if weekday in self.weekend:
            return False, _WEEKEND_REASONS[weekday]
        return True, _WORKING_REASONS[weekday]

    def with_table(
        self, *, off: Mapping[date, DayName], on: Mapping[date, DayName], complete_years: Collection[int]
    ) -> WorkingCalendar:
        """Return the calendar with days of an official table that it lacks.

        What this calendar only guessed of the complete years is dropped, and they are provisional no longer; of
        years that are official already nothing is. Where a given day says what this calendar says, its
        name here stays; else the given day wins, whatever it was.
        """
        guessed = frozenset(complete_years) - self.official_years
        holidays = {day: name for day, name in self.holidays.items() if day.year not in guessed}
        working = {day: name for day, name in self.working_days.items() if day.year not in guessed}
        for day, name in off.items():
            working.pop(day, None)
            holidays.setdefault(day, name)
        for day, name in on.items():
            working.setdefault(day, name)
        return replace(
            self,
            holidays=holidays,
            working_days=working,
            official_years=self.official_years | frozenset(complete_years),
        )

    def with_own_days(
        self, *, name: str, version: str, off: Mapping[date, DayName], on: Mapping[date, DayName]
    ) -> WorkingCalendar:
        """Return a plant's calendar: this one with the plant's own days in place of its own."""
        return replace(self, name=name, version=version, own_days_off=dict(off), own_days_on=dict(on))
