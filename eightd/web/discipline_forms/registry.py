"""Which form belongs to which discipline, and how an answer gets into it and out of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date
from typing import Any

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    ANSWER_TYPES,
    ActionAnswer,
    Answer,
    CauseAnswer,
    ContainmentAnswer,
    CorrectiveAction,
    Dimension,
    Fishbone,
    FishboneCause,
    IsIsNot,
    ProblemAnswer,
    Validation,
    ValidationAnswer,
)
from eightd.domain.discipline.shares import action_code, cause_code
from eightd.web import forms
from eightd.web.discipline_forms import analysis, correction, early, fields
from eightd.web.discipline_forms.beside import collected
from eightd.web.discipline_forms.layout import DisciplineForm
from eightd.web.discipline_forms.mapping import answer_of, form_values, is_blank

FORMS: Mapping[DisciplineCode, type[DisciplineForm]] = {
    DisciplineCode.D0: early.EmergencyForm,
    DisciplineCode.D1: early.TeamForm,
    DisciplineCode.D2: early.ProblemForm,
    DisciplineCode.D3: analysis.ContainmentForm,
    DisciplineCode.D4: analysis.CausesForm,
    DisciplineCode.D5: correction.ActionsForm,
    DisciplineCode.D6: correction.ValidationForm,
    DisciplineCode.D7: correction.PreventionForm,
    DisciplineCode.D8: correction.ClosureForm,
}


def offer_rows(answers: Mapping[DisciplineCode, Answer]) -> None:
    """Let D5 choose among the causes of D4, and D6 among the actions of D5."""
    causes = answers.get(DisciplineCode.D4)
    actions = answers.get(DisciplineCode.D5)
    fields.offer(
        causes=[(at, f"{cause_code(at)} · {one.text}") for at, one in enumerate(causes.causes)]
        if isinstance(causes, CauseAnswer)
        else [],
        actions=[(at, f"{action_code(at)} · {one.action}") for at, one in enumerate(actions.actions)]
        if isinstance(actions, ActionAnswer)
        else [],
    )


def begun(
    code: DisciplineCode,
    answers: Mapping[DisciplineCode, Answer],
    delivered: int | None,
    done: Mapping[str, date] | None = None,
) -> Answer:
    """Return what an empty discipline begins with: a row per cause, per action, the header's quantity.

    ``done`` says by the key of its row on which day an action of D5 was reported as done.
    """
    causes, actions = answers.get(DisciplineCode.D4), answers.get(DisciplineCode.D5)
    if code is DisciplineCode.D5 and isinstance(causes, CauseAnswer):
        return ActionAnswer(actions=tuple(CorrectiveAction(cause=at) for at in range(len(causes.causes))))
    if code is DisciplineCode.D6 and isinstance(actions, ActionAnswer):
        return ValidationAnswer(
            validations=tuple(
                Validation(action=at, done_on=(done or {}).get(row.key))
                for at, row in enumerate(actions.actions)
            )
        )
    if code is DisciplineCode.D3:
        return ContainmentAnswer(delivered=delivered)
    if code is DisciplineCode.D2:
        return ProblemAnswer(is_is_not=tuple(IsIsNot(dimension) for dimension in Dimension))
    return ANSWER_TYPES[code]()


def filled(code: DisciplineCode, answer: Answer, zone: str) -> DisciplineForm:
    """Return the form showing an answer, whatever the request sends."""
    if isinstance(answer, ProblemAnswer):
        answer = replace(answer, is_is_not=_all_dimensions(answer.is_is_not))
    return FORMS[code](forms.NOTHING, data=form_values(answer, zone, FORMS[code]))


def read(form: DisciplineForm, code: DisciplineCode, zone: str) -> Answer:
    """Return the answer that a valid form holds."""
    answer = collected(answer_of(form, ANSWER_TYPES[code], zone))
    return _relinked(form, answer) if isinstance(answer, CauseAnswer) else answer


def _all_dimensions(rows: tuple[IsIsNot, ...]) -> tuple[IsIsNot, ...]:
    """Return the comparisons with an empty one for each dimension that has none, in its place."""
    made = list(rows)
    order = list(Dimension)
    for dimension in order:
        if all(row.dimension is not dimension for row in made):
            later = (at for at, row in enumerate(made) if order.index(row.dimension) > order.index(dimension))
            made.insert(next(later, len(made)), IsIsNot(dimension, key=secrets.token_hex(4)))
    return tuple(made)


def _relinked(form: DisciplineForm, answer: CauseAnswer) -> CauseAnswer:
    """Let the fishbone name the causes that are left: a form counts its empty rows too."""
    rows: Any = form["causes"]
    filled_rows = (at for at, entry in enumerate(rows) if not is_blank(entry.form))
    places = {at: index for index, at in enumerate(filled_rows)}

    def linked(bone: tuple[FishboneCause, ...]) -> tuple[FishboneCause, ...]:
        return tuple(replace(one, cause=None if one.cause is None else places.get(one.cause)) for one in bone)

    bones = {
        one.name: linked(getattr(answer.fishbone, one.name)) for one in dataclass_fields(answer.fishbone)
    }
    return replace(answer, fishbone=Fishbone(**bones))
