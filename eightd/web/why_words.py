"""Why a date is what it is, as a page shows it: the ledger, the months with a mark for each day, the text to paste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from eightd.domain.clock.explanation import judged_on, plain_text
from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.month_picture import DayRole, PictureDay, PictureMonth
from eightd.domain.clock.steps import Step
from eightd.domain.words import Language
from eightd.queries.why import WhyView
from eightd.web import formats

TEXTS: Mapping[str, tuple[Any, tuple[Language, ...]]] = {
    "zh": (_l("Chinese"), (Language.ZH,)),
    "en": (_l("English"), (Language.EN,)),
    "both": (_l("Chinese and English"), (Language.ZH, Language.EN)),
}
"""The languages that the text to paste is offered in."""

MARKS: Mapping[DayRole, tuple[Any, Any]] = {
    DayRole.START: ("▶", _l("the clock starts")),
    DayRole.TICK: ("", _l("counted")),
    DayRole.HOLIDAY: (_lp("calendar mark", "H"), _l("holiday")),
    DayRole.WEEKEND: ("–", _l("weekend")),
    DayRole.OWN_OFF: ("×", _l("the plant's own day off")),
    DayRole.OFF: ("–", _l("day off")),
    DayRole.MOVED: (_lp("calendar mark", "W"), _l("working day moved here")),
    DayRole.OWN_ON: ("+", _l("the plant works on this day")),
    DayRole.STOPPED: ("‖", _l("clock stopped")),
    DayRole.CONTRACTUAL: ("◇", _l("due by contract")),
    DayRole.AGREED: ("◆", _l("due as agreed")),
    DayRole.PROVISIONAL: ("?", _l("provisional")),
    DayRole.TODAY: ("●", _l("today")),
}
"""How a day is marked, beside its colour, and what the mark means."""

_LEDGER = {
    LedgerKind.START: "start",
    LedgerKind.TICK: "tick",
    LedgerKind.SKIPPED_DAY: "skipped",
    LedgerKind.SKIPPED_TICK: "stopped",
    LedgerKind.STOP: "stopped",
    LedgerKind.CONTRACTUAL_DUE: "due",
    LedgerKind.PROVISIONAL: "skipped",
    LedgerKind.DUE: "due",
}


@dataclass(frozen=True)
class Cell:
    """One day of a month: ``marks`` for the eye, ``said`` for whoever hears the page, ``title`` the reasons."""

    day: int
    classes: str
    count: int | None
    marks: str
    said: str
    title: str


@dataclass(frozen=True)
class Month:
    """One month with its heading; None for places outside it."""

    title: str
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(view: WhyView) -> list[Month]:
    """Return the months that the clock ran through."""
    return [_month(one) for one in view.months]


def legend(view: WhyView) -> list[tuple[str, Any, Any]]:
    """Return role, mark and meaning of what the months show, in a fixed order."""
    shown = {role for month in view.months for day in _days(month) for role in day.roles}
    return [(role.value, *MARKS[role]) for role in MARKS if role in shown]


def text(view: WhyView, wanted: str) -> tuple[str, str]:
    """Return the text to paste and which languages it is in: those wanted, else the customer's."""
    chosen = wanted if wanted in TEXTS else view.language.value
    return plain_text(view.explanation, TEXTS[chosen][1]), chosen


def judged(view: WhyView) -> str:
    """Say which date is judged and why."""
    return formats.message(judged_on(accepts_stops=view.accepts_stops))


def ledger(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return the lines of the ledger."""
    return [
        {
            "day": formats.day(step.on),
            "weekday": weekdays()[step.on.weekday()],
            "kind": _LEDGER[step.kind],
            "tick": step.count,
            "reason": step.sentence.text(formats.language()),
        }
        for step in steps
    ]


def weekdays() -> tuple[str, ...]:
    """Return the short names of the weekdays from Monday on."""
    names: tuple[str, ...] = (
        gettext("Mon"),
        gettext("Tue"),
        gettext("Wed"),
        gettext("Thu"),
        gettext("Fri"),
        gettext("Sat"),
        gettext("Sun"),
    )
    return names


def month_title(first: date) -> str:
    """Return a month's heading, such as ``2026-10``."""
    return f"{first:%Y-%m}"


def _days(month: PictureMonth) -> Iterable[PictureDay]:
    return (day for week in month.weeks for day in week if day is not None)


def _month(month: PictureMonth) -> Month:
    return Month(
        title=month_title(date(month.year, month.month, 1)),
        weeks=tuple(tuple(None if day is None else _cell(day) for day in week) for week in month.weeks),
    )


def _cell(day: PictureDay) -> Cell:
    language = formats.language()
    roles = [role for role in MARKS if role in day.roles]
    said = [_said(role, day) for role in roles]
    return Cell(
        day=day.on.day,
        classes=" ".join(f"is-{role.value.replace('_', '-')}" for role in roles),
        count=day.count,
        marks=" ".join(str(MARKS[role][0]) for role in roles if role not in {DayRole.TICK, DayRole.TODAY}),
        said=gettext(", ").join(said),
        title="\n".join(one.text(language) for one in day.sentences),
    )


def _said(role: DayRole, day: PictureDay) -> str:
    if role is DayRole.TICK and day.count is not None:
        return str(gettext("counted: %(count)d", count=day.count))
    return str(MARKS[role][1])
