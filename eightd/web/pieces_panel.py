"""What returned pieces showed, beside D2, D3 and D4, to be taken over into the draft by the ordinary saving."""

from __future__ import annotations

from dataclasses import dataclass

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.texts import keyed
from eightd.domain.returns.feeding import FED, Results, fed
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Refused
from eightd.queries.discipline import DisciplinePage, discipline_page
from eightd.queries.returns import pieces as queries
from eightd.usecases import discipline as verbs
from eightd.usecases.errors import Stale
from eightd.web import formats, forms, places, requests
from eightd.web.discipline_forms import registry

blueprint = Blueprint("pieces_panel", __name__, url_prefix="/complaints/<number>")

CODES = ", ".join(code.value for code in FED)


@dataclass(frozen=True)
class Change:
    """A field that taking over would change, in words."""

    label: str
    before: str
    after: str


@blueprint.get(f"/<any({CODES}):code>/pieces", endpoint="panel")
def panel(number: str, code: str) -> str:
    """Show the results and what taking them over would change, as a part of the discipline's page."""
    view, results = _found(number, DisciplineCode(code))
    before = _answer(view)
    after = None if results is None else fed(before, results)
    outcome = view.outcomes[Action.SAVE_DRAFT]
    return render_template(
        "returns_pieces/panel.html",
        number=number,
        code=code,
        version=view.version,
        results=results,
        changes=[] if after is None else _changes(view, before, after),
        why=formats.message(outcome.message) if isinstance(outcome, Refused) else None,
    )


@blueprint.post(f"/<any({CODES}):code>/pieces", endpoint="take_over")
def take_over(number: str, code: str) -> Response:
    """Write the results into the draft, as if somebody had typed them; what else stands there is kept."""
    discipline = DisciplineCode(code)
    view, results = _found(number, discipline)
    if results is None:
        abort(404)
    seen = requests.seen_version()
    if seen != view.version:
        raise Stale(view.version)
    verbs.save_draft(
        requests.services().uow,
        requests.order(),
        number=number,
        code=discipline,
        version=seen,
        answer=fed(_answer(view), results),
    )
    flash(gettext("%(code)s: the results of the returned pieces were taken over.", code=code), "success")
    return redirect(url_for("discipline.page", number=number, code=code), 303)


def _found(number: str, code: DisciplineCode) -> tuple[DisciplinePage, Results | None]:
    with requests.services().uow.reading() as session:
        view = discipline_page(session, requests.actor(), number, code)
        results = queries.results(session, requests.actor(), number)
    return view or abort(404), results


def _answer(view: DisciplinePage) -> Answer:
    """Return the draft as its form would begin."""
    if view.answer is not None:
        return view.answer
    registry.offer_rows(view.answers)
    return keyed(registry.begun(view.code, view.answers, view.header.quantity_delivered, {}))


def _changes(view: DisciplinePage, before: Answer, after: Answer) -> list[Change]:
    """Name the fields that would change, with their values as the form shows them."""
    registry.offer_rows(view.answers)
    old, new = (_shown(view, one) for one in (before, after))
    return [
        Change(label, old.get(place, ("", ""))[1], value)
        for place, (label, value) in new.items()
        if value != old.get(place, ("", ""))[1]
    ]


def _shown(view: DisciplinePage, answer: Answer) -> dict[str, tuple[str, str]]:
    """Return each field's label and value by its place; a choice by its words."""
    form = registry.filled(view.code, answer, view.header.zone)
    shown = {}
    for place, one in places.fields_by_place(form):
        value = forms.view(one)["value"]
        if isinstance(one, wtforms.SelectField):
            value = next((label for key, label, *_ in one.iter_choices() if str(key) == str(value)), value)
        shown[place] = (str(one.label.text), "" if value is None else str(value))
    return shown
