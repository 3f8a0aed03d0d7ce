"""One page per discipline: draft, submit, accept, return, reopen, and what was submitted before (procedure 6, 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import wtforms
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer, ContainmentAnswer
from eightd.domain.discipline.stock import StockBalance, balance
from eightd.domain.discipline.texts import keyed
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.content import blocking, warning
from eightd.domain.workflow.outcome import Allowed
from eightd.queries import discipline as queries
from eightd.queries import tasks
from eightd.queries.discipline import DisciplinePage
from eightd.usecases import discipline as verbs
from eightd.usecases.errors import Conflicting, Invalid, NotAllowed
from eightd.usecases.verb import Done
from eightd.web import formats, forms, panels, places, rail, requests
from eightd.web.discipline_forms import beside, drawing, facts, layout, mapping, reading, registry
from eightd.web.discipline_forms.layout import Difference, DisciplineForm

blueprint = Blueprint("discipline", __name__, url_prefix="/complaints/<number>")

CODES = ", ".join(code.value for code in DisciplineCode)

SAVED: Mapping[Action, Any] = {
    Action.SAVE_DRAFT: _l("The draft was saved."),
    Action.SUBMIT: _l("The answer was submitted."),
    Action.ACCEPT: _l("The answer was accepted."),
    Action.RETURN_FOR_REWORK: _l("The answer was returned."),
    Action.REOPEN_DISCIPLINE: _l("The discipline was opened again."),
}

_BY_NAME = {
    "save": Action.SAVE_DRAFT,
    "submit": Action.SUBMIT,
    "accept": Action.ACCEPT,
    "return": Action.RETURN_FOR_REWORK,
    "reopen": Action.REOPEN_DISCIPLINE,
}


class JudgementForm(forms.Form):
    """The reason or remark that goes with a verdict on an answer."""

    reason = wtforms.TextAreaField(_l("Reason"), [Length(max=4000)])


@dataclass(frozen=True)
class Comparison:
    """What changed between two submissions."""

    older: int
    newer: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed too: what they wrote."""

    place: str
    label: str
    theirs: str


@blueprint.get(f"/<any({CODES}):code>")
def page(number: str, code: str) -> str:
    """Show a discipline: to type in where the person may, to read otherwise."""
    view = _view(number, DisciplineCode(code))
    return _page(view, _form(view))


@blueprint.post(f"/<any({CODES}):code>")
def act(number: str, code: str) -> Response | tuple[str, int]:
    """Save, submit, accept, return or reopen; the button says which."""
    action = _BY_NAME.get(request.form.get("do", ""))
    if action is None:
        abort(400)
    view = _view(number, DisciplineCode(code))
    if action in (Action.SAVE_DRAFT, Action.SUBMIT):
        return _write(view, action)
    return _judge(view, action)


@blueprint.get(f"/<any({CODES}):code>/submissions/<int:submission>")
def submission(number: str, code: str, submission: int) -> str:
    """Show an earlier submission and what changed since the one before it."""
    view = _view(number, DisciplineCode(code))
    found = next((one for one in view.submissions if one.number == submission), None)
    if found is None:
        abort(404)
    _offer(view)
    return render_template(
        "discipline/submission.html",
        page=view,
        submission=found,
        shown=reading.shown(view.code, found.answer, view.header.zone) if found.answer else [],
        comparison=_comparison(view, submission),
        steps=facts.stepper(view),
    )


def _view(number: str, code: DisciplineCode) -> DisciplinePage:
    with requests.services().uow.reading() as session:
        view = queries.discipline_page(session, requests.actor(), number, code)
    if view is None:
        abort(404)
    return view


def _offer(view: DisciplinePage) -> None:
    registry.offer_rows(view.answers)


def _form(view: DisciplinePage) -> DisciplineForm:
    _offer(view)
    answer = view.answer
    if answer is None:
        done = _done_days(view)
        answer = keyed(registry.begun(view.code, view.answers, view.header.quantity_delivered, done))
    return registry.filled(view.code, answer, view.header.zone)


def _done_days(view: DisciplinePage) -> Mapping[str, date]:
    """Return when the actions of D5 were done, for D6 to begin with."""
    if view.code is not DisciplineCode.D6:
        return {}
    with requests.services().uow.reading() as session:
        return tasks.done_days(session, requests.actor(), view.header.number)


def _write(view: DisciplinePage, action: Action) -> Response | tuple[str, int]:
    _offer(view)
    form = registry.FORMS[view.code]()
    if not form.validate() or beside.refuses():
        return _page(view, form, version=requests.seen_version()), 422
    answer = registry.read(form, view.code, view.header.zone)
    verb: Callable[..., Done] = verbs.save_draft if action is Action.SAVE_DRAFT else verbs.submit
    try:
        verb(
            requests.services().uow,
            requests.order(),
            number=view.header.number,
            code=view.code,
            version=requests.seen_version(),
            answer=answer,
        )
    except NotAllowed as refusal:
        if not refusal.gates:
            raise
        form.form_errors = [formats.message(gate) for gate in refusal.gates]
        return _page(view, form, version=requests.seen_version()), 409
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(view, form, version=requests.seen_version()), 422
    except Conflicting as clash:
        return _merging(view, clash), 409
    return _done(view, action)


def _merging(view: DisciplinePage, clash: Conflicting) -> str:
    """Show what was typed merged with what others saved meanwhile; theirs stands beside where both changed the same."""
    g.wants_new_key = True  # the old key belongs to the order that was refused
    fresh = _view(view.header.number, view.code)
    _offer(fresh)
    zone = fresh.header.zone
    form, theirs = (registry.filled(view.code, one, zone) for one in (clash.mine, clash.theirs))
    fields, values = dict(places.fields_by_place(form)), places.values(theirs, clash.theirs)
    conflicts = [
        Conflict(place, str(fields[place].label.text) if place in fields else place, values.get(place, ""))
        for place in clash.places
    ]
    return _page(fresh, form, conflicts=conflicts, written=clash.mine)


def _judge(view: DisciplinePage, action: Action) -> Response | tuple[str, int]:
    form = JudgementForm()
    reason = form.reason.data or ""
    if not form.validate():
        return _page(view, _form(view), judgement=form, open_dialog=action), 422
    uow, order = requests.services().uow, requests.order()
    place: dict[str, Any] = {
        "number": view.header.number,
        "code": view.code,
        "version": requests.seen_version(),
    }
    if action is not Action.ACCEPT and not reason:
        form.reason.errors = [gettext("Please give the reason.")]
        return _page(view, _form(view), judgement=form, open_dialog=action), 422
    if action is Action.ACCEPT:
        verbs.accept(uow, order, **place, note=reason)
    elif action is Action.RETURN_FOR_REWORK:
        verbs.return_for_rework(uow, order, **place, reason=reason)
    else:
        verbs.reopen_discipline(uow, order, **place, reason=reason)
    return _done(view, action)


def _done(view: DisciplinePage, action: Action) -> Response:
    flash(f"{view.code.value}: {SAVED[action]}", "success")
    return redirect(url_for("discipline.page", number=view.header.number, code=view.code.value), 303)


def _page(
    view: DisciplinePage,
    form: DisciplineForm,
    *,
    judgement: JudgementForm | None = None,
    open_dialog: Action | None = None,
    conflicts: Sequence[Conflict] = (),
    written: Answer | None = None,
    version: int | None = None,
) -> str:
    """Draw the page; ``version`` is what a form that was sent is made from, and not saved."""
    may_write = isinstance(view.outcomes[Action.SAVE_DRAFT], Allowed)
    if may_write:
        mapping.pad(form, form.BLANKS)
    read = []
    if not may_write and view.answer is not None:
        read = reading.shown(view.code, view.answer, view.header.zone)
    numbers = [one.number for one in view.submissions]
    return render_template(
        "discipline/page.html",
        page=view,
        form=form,
        may_write=may_write,
        shown=read,
        beside=beside.sheet(
            form, written or view.answer, view.header.report_language, as_sent=written is None
        ),
        facts=facts.beside(view),
        uncovered=facts.uncovered(view),
        balance=_balance(view),
        drawing=drawing.fishbone_svg(view.answers.get(DisciplineCode.D4), facts.effect(view))
        if view.code is DisciplineCode.D4
        else None,
        blocking=blocking(view.findings),
        warnings=warning(view.findings),
        judgement=judgement or JudgementForm(forms.NOTHING),
        open_dialog=open_dialog,
        comparison=_comparison(view, numbers[0]) if len(numbers) > 1 else None,
        bound=layout.bound,
        columns=layout.columns,
        is_rows=lambda part: isinstance(part, layout.Rows),
        may_add_evidence=view.may_add_evidence,
        version=view.version if version is None else version,
        unsaved=version is not None or bool(conflicts),
        conflicts=conflicts,
        rail=rail.steps(view),
        next_step=rail.next_step(view),
        panels=panels.offered(view),
        scripts=panels.scripts(),
    )


def _balance(view: DisciplinePage) -> StockBalance | None:
    answer: Answer | None = view.answer
    return balance(answer) if isinstance(answer, ContainmentAnswer) else None


def _comparison(view: DisciplinePage, newer: int) -> Comparison | None:
    """Compare a submission with the one before it, where the person may read both."""
    by_number = {one.number: one.answer for one in view.submissions}
    older = max((number for number in by_number if number < newer), default=None)
    if older is None:
        return None
    before, after = by_number[older], by_number[newer]
    if before is None or after is None:
        return None
    zone = view.header.zone
    return Comparison(
        older,
        newer,
        tuple(reading.differences(view.code, before, after, zone)),
    )
