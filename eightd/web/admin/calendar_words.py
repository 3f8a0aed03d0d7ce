"""How a year of a calendar is worded: names of months and weekdays, and what stands for each kind of day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from eightd.queries.administration.calendars import DayMark


@dataclass(frozen=True, slots=True)
class Mark:
    """How a kind of day is shown: symbol, tone, word, and the few letters in its cell. Colour never speaks alone."""

    symbol: str
    tone: str
    word: Any
    letters: Any


MARKS: Mapping[DayMark, Mark] = {
    DayMark.WORKING: Mark("circle", "grey", _l("Ordinary working day"), ""),
    DayMark.WEEKEND: Mark("minus", "grey", _l("Weekend"), "–"),
    DayMark.HOLIDAY: Mark("calendar-off", "red", _l("Holiday"), _lp("letters of a day", "H")),
    DayMark.MOVED: Mark("repeat", "amber", _l("Moved working day"), _lp("letters of a day", "M")),
    DayMark.OWN_OFF: Mark("building-factory-2", "violet", _l("Own day off"), _lp("letters of a day", "off")),
    DayMark.OWN_ON: Mark("tool", "blue", _l("Own working day"), _lp("letters of a day", "on")),
}


@dataclass(frozen=True, slots=True)
class YearWords:
    """What the pictures of a year are made of in one language; weekdays from Monday, short and long."""

    months: Sequence[str]
    weekdays: Sequence[tuple[str, str]]
    marks: Mapping[DayMark, Mark]

    @property
    def labels(self) -> str:
        """Return the marks for the script that repaints clicked days, as JSON."""
        labels = {
            mark.value: {"letters": str(one.letters), "word": str(one.word)}
            for mark, one in self.marks.items()
        }
        defaults = {"own_off": gettext("Plant closed"), "own_on": gettext("Plant works")}
        return json.dumps({"marks": labels, "defaults": defaults, "plain": gettext("as official")})


def year_words() -> YearWords:
    """Return the words in the language of the request."""
    locale = get_locale() or Locale("en")
    short, long = locale.days["stand-alone"]["short"], locale.days["stand-alone"]["wide"]
    if locale.language == "zh":
        short = locale.days["stand-alone"]["narrow"]
    return YearWords(
        months=[locale.months["stand-alone"]["wide"][month] for month in range(1, 13)],
        weekdays=[(short[day], long[day]) for day in range(7)],
        marks=MARKS,
    )
