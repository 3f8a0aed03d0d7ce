"""What a line of the board says in words; kept per language, because a page says the same a hundred times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from eightd.domain.complaint import DisciplineCode, DisciplineState, Stage, Tier
from eightd.queries.board import BoardLineView
from eightd.queries.deadlines import Lateness
from eightd.web import formats, words

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A complaint of the list with everything in words; ``view`` has what needs none."""

    view: BoardLineView
    url: str
    tier: str
    stage: str
    due: str
    detail: str
    other: str
    pieces: str
    more: str
    progress: Markup


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language."""

    tiers: dict[Tier, str]
    stages: dict[Stage, str]
    milestones: dict[str, str]
    late: str
    left: str
    since: str
    by_contract: str
    as_agreed: str
    stopped: str
    waiting: str
    closed: str
    nothing: str
    comma: str


def lines(views: tuple[BoardLineView, ...], now: datetime) -> list[Line]:
    """Put the lines of a page into the words of this request's language."""
    language = formats.language()
    said = _words(language)
    address = url_for("complaint.page", number="0").removesuffix("0")
    return [_line(view, now, language, said, address) for view in views]


def _line(view: BoardLineView, now: datetime, language: str, said: _Words, address: str) -> Line:
    due, date = _due(view, now, language, said)
    milestone = view.milestone_title or said.milestones.get(view.milestone or "", view.milestone or "")
    return Line(
        view=view,
        url=address + quote(view.number, safe=""),
        tier=said.tiers[view.tier],
        stage=said.stages[view.stage],
        due=due,
        detail=f"{date} · {milestone}" if date and milestone else date or milestone,
        other=_other(view, said),
        pieces=_pieces(view.phenomenon_quantity, language),
        more=_more(view.more_phenomena, language) if view.more_phenomena else "",
        progress=_progress(view.disciplines, language),
    )


def _due(view: BoardLineView, now: datetime, language: str, said: _Words) -> tuple[str, str]:
    """Return how the complaint stands with its clock, and the date that is judged."""
    match view.lateness:
        case Lateness.OVERDUE | Lateness.SOON | Lateness.ON_TIME if view.judged_due_at is not None:
            template = said.late if view.lateness is Lateness.OVERDUE else said.left
            length = _length(_coarse(abs(view.judged_due_at - now)), language)
            return template % {"length": length}, formats.instant(view.judged_due_at, view.zone)
        case Lateness.STOPPED:
            return said.stopped, ""
        case Lateness.WAITING:
            return said.waiting, said.since % {"date": formats.day(view.received_at, view.zone)}
        case _:
            if view.closed_at is not None:
                return said.closed, formats.day(view.closed_at, view.zone)
            return said.nothing, ""


def _other(view: BoardLineView, said: _Words) -> str:
    """Return the date that is not judged, where it is another one; while a stop holds the clock, the contractual."""
    contractual, agreed = view.contractual_due_at, view.due_at
    if contractual is None or agreed is None:
        return ""
    if view.lateness is Lateness.STOPPED:
        return said.by_contract % {"date": formats.instant(contractual, view.zone)}
    if view.held:  # the contractual date is judged, and the agreed one moves on
        return said.stopped
    if contractual == agreed:
        return ""
    if view.judged_due_at == contractual:
        return said.as_agreed % {"date": formats.instant(agreed, view.zone)}
    return said.by_contract % {"date": formats.instant(contractual, view.zone)}


def _coarse(length: timedelta) -> timedelta:
    """Cut off what is not told anyway, so that equal words are looked up once: hours from a day on."""
    return length - length % timedelta(hours=1) if length >= _DAY else length - length % timedelta(minutes=1)


@lru_cache(maxsize=4)
def _words(language: str) -> _Words:
    del language  # only keeps the languages apart; the texts are those of this request
    return _Words(
        tiers={tier: str(words.word(tier)) for tier in Tier},
        stages={stage: str(words.word(stage)) for stage in Stage},
        milestones={name: str(label) for name, label in words.MILESTONES.items()},
        late=gettext("%(length)s late", length="%(length)s"),
        left=gettext("%(length)s left", length="%(length)s"),
        since=gettext("received %(date)s", date="%(date)s"),
        by_contract=gettext("by contract %(date)s", date="%(date)s"),
        as_agreed=gettext("as agreed %(date)s", date="%(date)s"),
        stopped=gettext("Clock stopped"),
        waiting=gettext("Waiting for a sample"),
        closed=gettext("Closed"),
        nothing=gettext("Nothing due"),
        comma=gettext(", "),
    )


@lru_cache(maxsize=8192)
def _length(length: timedelta, language: str) -> str:
    del language
    return str(formats.duration(length))


@lru_cache(maxsize=4096)
def _pieces(quantity: int, language: str) -> str:
    del language
    return str(ngettext("%(num)s piece", "%(num)s pieces", quantity))


@lru_cache(maxsize=256)
def _more(phenomena: int, language: str) -> str:
    del language
    return str(gettext("+%(num)s more", num=phenomena))


@lru_cache(maxsize=4096)
def _progress(states: tuple[DisciplineState, ...], language: str) -> Markup:
    """Return the dots of D0–D8 with their meaning as text; neighbours in the same state are told together."""
    told = []
    for state, run in groupby(zip(DisciplineCode, states, strict=True), key=lambda one: one[1]):
        codes = [code.value for code, _ in run]
        which = codes[0] if len(codes) == 1 else f"{codes[0]}–{codes[-1]}"
        told.append(f"{which} {words.word(state)}")
    dots = Markup().join(Markup('<i class="dot is-{}"></i>').format(state.value) for state in states)
    dotted = Markup('<span class="dots" role="img" aria-label="{0}" title="{0}">{1}</span>')
    return dotted.format(_words(language).comma.join(told), dots)
