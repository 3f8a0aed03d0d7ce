"""What stands beside a discipline: the stepper, and the facts of the others that it builds on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import url_for
from flask_babel import gettext

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    ContainmentAnswer,
    EmergencyAnswer,
    ProblemAnswer,
    ValidationAnswer,
)
from eightd.domain.workflow.labels import DISCIPLINE_LABELS
from eightd.queries.discipline import DisciplinePage, StepView
from eightd.web import formats, words

_D = DisciplineCode
_BESIDE: Mapping[DisciplineCode, tuple[DisciplineCode, ...]] = {
    _D.D0: (),
    _D.D1: (),
    _D.D2: (_D.D0,),
    _D.D3: (_D.D2,),
    _D.D4: (_D.D2, _D.D3),
    _D.D5: (_D.D4,),
    _D.D6: (_D.D5, _D.D3),
    _D.D7: (_D.D4, _D.D5),
    _D.D8: (_D.D6,),
}
"""Which other disciplines' facts help with each."""


@dataclass(frozen=True)
class Facts:
    """A few lines of another discipline, with the way to it; the complaint's own facts have no code."""

    title: str
    url: str
    lines: tuple[str, ...]
    numbered: bool = False


class Named(Protocol):
    """What is said of whose discipline it is."""

    @property
    def number(self) -> str:
        """Return the number of the complaint, or of a supplier's 8D."""

    @property
    def description(self) -> str:
        """Return what it is about."""


class Answered(Protocol):
    """A page of a discipline, ours or a supplier's."""

    @property
    def header(self) -> Named:
        """Return whose discipline it is."""

    @property
    def code(self) -> DisciplineCode:
        """Return which discipline it is."""

    @property
    def answer(self) -> Answer | None:
        """Return its answer."""

    @property
    def answers(self) -> Mapping[DisciplineCode, Answer]:
        """Return the answers to every discipline begun."""


def stepper(view: Any, current: DisciplineCode | None = None) -> list[dict[str, Any]]:
    """Return the nine disciplines for ``ui.stepper``; ``view`` has ``steps`` and ``header``."""
    here = current or getattr(view, "code", None)
    return [_step(view.header.number, one, is_current=one.code is here) for one in view.steps]


def beside(view: DisciplinePage) -> list[Facts]:
    """Return the facts for this discipline: the complaint's own first."""
    found = [_complaint(view)]
    if view.code is DisciplineCode.D1:
        lines = tuple(f"{words.word(role)}: {view.holders[role]}" for role in Role if role in view.holders)
        found.append(Facts(gettext("Who does what"), _complaint_url(view), lines))
    for code in _BESIDE[view.code]:
        lines = tuple(line for line in _lines(view, code) if line)
        if lines:
            numbered = code in (DisciplineCode.D4, DisciplineCode.D5)
            found.append(Facts(str(words.word(code)), _url(view.header.number, code), lines, numbered))
    return [one for one in found if one.lines]


def uncovered(view: Answered) -> tuple[str, ...]:
    """Return the causes of D4 that no action of D5 names; nothing on other pages."""
    causes = view.answers.get(DisciplineCode.D4)
    if view.code is not DisciplineCode.D5 or not isinstance(causes, CauseAnswer):
        return ()
    chosen = view.answer.actions if isinstance(view.answer, ActionAnswer) else ()
    named = {one.cause for one in chosen if one.action}
    return tuple(f"{at + 1} · {one.text}" for at, one in enumerate(causes.causes) if at not in named)


def effect(view: Answered) -> str:
    """Return what the fish's head says: our words of the problem, else the complaint's description."""
    problem = view.answers.get(DisciplineCode.D2)
    text = (problem.five_w2h.what or problem.our_words) if isinstance(problem, ProblemAnswer) else ""
    text = text or view.header.description or view.header.number
    return text if len(text) <= 60 else text[:59] + "…"


def _step(number: str, one: StepView, *, is_current: bool) -> dict[str, Any]:
    asked = one.is_owed or one.state is not DisciplineState.OPEN
    not_asked = gettext("Optional") if one.code is DisciplineCode.D0 else gettext("Not asked for")
    return {
        "code": one.code.value,
        "name": formats.message(DISCIPLINE_LABELS[one.code]),
        "state": one.state.value if asked else "not_needed",
        "state_label": words.word(one.state) if asked else not_asked,
        "url": _url(number, one.code),
        "current": is_current,
    }


def _url(number: str, code: DisciplineCode) -> str:
    return url_for("discipline.page", number=number, code=code.value)


def _complaint_url(view: DisciplinePage) -> str:
    return url_for("complaint.page", number=view.header.number)


def _complaint(view: DisciplinePage) -> Facts:
    header = view.header
    part = header.part_name_en if formats.language() == "en" and header.part_name_en else header.part_name
    lines = [f"{header.part_number} {part}", header.description]
    if header.lots:
        lines.append(f"{gettext('Lots')}: {', '.join(header.lots)}")
    if header.quantity_delivered is not None:
        lines.append(f"{gettext('Delivered')}: {formats.number(header.quantity_delivered)}")
    if header.quantity_inspected is not None:
        lines.append(f"{gettext('Inspected')}: {formats.number(header.quantity_inspected)}")
    return Facts(header.number, _complaint_url(view), tuple(line for line in lines if line.strip()))


def _lines(view: DisciplinePage, code: DisciplineCode) -> Iterable[str]:
    answer = view.answers.get(code)
    if isinstance(answer, EmergencyAnswer):
        yield from (answer.symptom, answer.action)
    elif isinstance(answer, ProblemAnswer):
        yield answer.our_words or answer.customer_words
        for label, value in (
            (gettext("Specification"), answer.specification),
            (gettext("Actual"), answer.actual),
        ):
            if value:
                yield f"{label}: {value}"
    elif isinstance(answer, ContainmentAnswer):
        yield from (f"{one.what} ({one.owner})" if one.owner else one.what for one in answer.actions)
        if answer.first_clean_lot:
            yield f"{gettext('First clean lot')}: {answer.first_clean_lot}"
    elif isinstance(answer, CauseAnswer):
        yield from (f"{words.word(one.path)}: {one.text}" for one in answer.causes if one.text)
    elif isinstance(answer, ActionAnswer):
        yield from (one.action for one in answer.actions)
    elif isinstance(answer, ValidationAnswer):
        yield from (f"{one.before} → {one.after}" for one in answer.validations if one.before or one.after)
