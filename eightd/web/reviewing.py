"""The sceptical reviewer on the page: findings beside a discipline, the whole 8D with its scores, scores compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length, Optional

from eightd.domain.authority import may
from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.scores import HIGHEST, Assessor
from eightd.domain.reviewer.registry import BY_ID
from eightd.domain.reviewer.scoring import CRITERIA, GENERAL
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed
from eightd.queries import reviewing as queries
from eightd.queries.reviewing import PanelView, ReviewPage
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.reviewing import findings as accepting
from eightd.usecases.reviewing import scores as verbs
from eightd.usecases.verb import Done
from eightd.web import forms, requests

blueprint = Blueprint("reviewing", __name__)

CODES = ", ".join(code.value for code in DisciplineCode)
_YEAR = timedelta(days=365)


class LetStandForm(forms.Form):
    """Which finding is let stand, and why."""

    digest = wtforms.HiddenField()
    reason = wtforms.TextAreaField(_l("Reason"), [Length(max=accepting.LONGEST_REASON)])


class ScoresForm(forms.Form):
    """A score for each discipline, empty where none is given; the program cannot be scored for."""

    note = wtforms.TextAreaField(_l("Remark"), [Length(max=verbs.LONGEST_NOTE)])


for _code in DisciplineCode:
    setattr(
        ScoresForm,
        _code.value,
        wtforms.SelectField(
            _code.value,
            choices=lambda: [("", "–"), *((str(n), str(n)) for n in range(HIGHEST, -1, -1))],
            default="",
        ),
    )


class PeriodForm(forms.Form):
    """Which complaints are compared: received in these days, both included."""

    since = wtforms.DateField(_l("Received from"), [Optional()])
    until = wtforms.DateField(_l("Received until"), [Optional()])


@blueprint.get(f"/complaints/<number>/<any({CODES}):code>/review")
def panel(number: str, code: str) -> str:
    """Show what the reviewer finds on a discipline as it is stored, as a part of its page."""
    return _panel(_panel_view(number, DisciplineCode(code)))


@blueprint.post(f"/complaints/<number>/<any({CODES}):code>/review")
def let_stand(number: str, code: str) -> str | Response | tuple[str, int]:
    """Let a finding stand with a reason."""
    form = LetStandForm()
    reason = form.reason.data or ""
    view = _panel_view(number, DisciplineCode(code))
    if form.validate() and reason:
        accepting.accept_finding(
            requests.services().uow,
            requests.order(),
            number=number,
            code=view.review.code,
            digest=form.digest.data or "",
            reason=reason,
        )
        if requests.is_partial():
            return _panel(_panel_view(number, view.review.code))
        flash(gettext("The finding is let stand."), "success")
        return redirect(url_for(".page", number=number, _anchor=code), 303)
    problem = gettext("Please give the reason.") if not reason else "; ".join(map(str, form.reason.errors))
    if requests.is_partial():
        return _panel(view, form, problem)
    return _page(_view(number), refused=(form.digest.data or "", reason, problem)), 422


@blueprint.get("/complaints/<number>/review")
def page(number: str) -> str:
    """Show the whole 8D before the reviewer, with all scores."""
    return _page(_view(number))


@blueprint.post("/complaints/<number>/review/score")
def score(number: str) -> Response | tuple[str, int]:
    """Record the CQE's scores."""
    return _record(number, Assessor.CQE)


@blueprint.post("/complaints/<number>/review/assessment")
def assess(number: str) -> Response | tuple[str, int]:
    """Record the customer's scores."""
    return _record(number, Assessor.CUSTOMER)


@blueprint.get("/assessments")
def comparison() -> str:
    """Compare the three over many complaints, by customer and discipline."""
    if not isinstance(may(requests.actor(), Action.VIEW), Allowed):
        raise NotFound
    today = requests.services().clock().astimezone(ZoneInfo(requests.person().zone)).date()
    form = PeriodForm(request.args)
    form.validate()
    since = form.since.data if isinstance(form.since.data, date) else today - _YEAR
    until = form.until.data if isinstance(form.until.data, date) else today
    form.since.data, form.until.data = since, until
    chosen = request.args.get("customer", type=int)
    with requests.services().uow.reading() as session:
        rows = queries.comparison(session, requests.actor(), since=since, until=until, customer_id=chosen)
    return render_template(
        "reviewing/comparison.html",
        rows=rows,
        form=form,
        chosen=chosen,
        assessors=list(Assessor),
        highest=HIGHEST,
    )


def _record(number: str, assessor: Assessor) -> Response | tuple[str, int]:
    view = _view(number)
    form = ScoresForm()
    try:
        if not form.validate():
            raise Invalid({})
        uow, order, version = requests.services().uow, requests.order(), requests.seen_version()
        verb = verbs.score if assessor is Assessor.CQE else verbs.record_assessment
        done: Done = verb(
            uow, order, number=number, version=version, scores=_given(form), note=form.note.data or ""
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(view, typed=(assessor, form)), 422
    flash(gettext("The scores were kept."), "success")
    return redirect(url_for(".page", number=done.number, _anchor="scores"), 303)


def _given(form: ScoresForm) -> Mapping[DisciplineCode, int]:
    given = {code: form[code.value].data for code in DisciplineCode}
    return {code: int(score) for code, score in given.items() if score}


def _view(number: str) -> ReviewPage:
    with requests.services().uow.reading() as session:
        view = queries.review_page(session, requests.actor(), number, requests.services().clock())
    if view is None:
        abort(404)
    return view


def _panel_view(number: str, code: DisciplineCode) -> PanelView:
    with requests.services().uow.reading() as session:
        view = queries.panel(session, requests.actor(), number, code, requests.services().clock())
    if view is None:
        abort(404)
    return view


def _panel(view: PanelView, form: LetStandForm | None = None, problem: str = "") -> str:
    refused = ("", "", "") if form is None else (form.digest.data or "", form.reason.data or "", problem)
    return render_template(
        "reviewing/panel.html",
        view=view,
        may_accept=isinstance(view.may_accept, Allowed),
        rules=BY_ID,
        refused=refused,
    )


def _page(
    view: ReviewPage,
    *,
    typed: tuple[Assessor, ScoresForm] | None = None,
    refused: tuple[str, str, str] = ("", "", ""),
) -> str:
    scoring = {
        assessor: typed[1] if typed and typed[0] is assessor else _scores_form(view, assessor)
        for assessor in (Assessor.CQE, Assessor.CUSTOMER)
    }
    return render_template(
        "reviewing/page.html",
        view=view,
        may_accept=isinstance(view.outcomes[Action.ACCEPT_FINDING], Allowed),
        rules=BY_ID,
        scoring=scoring,
        open_form=typed[0] if typed else None,
        criteria=CRITERIA,
        general=GENERAL,
        highest=HIGHEST,
        assessors=list(Assessor),
        refused=refused,
    )


def _scores_form(view: ReviewPage, assessor: Assessor) -> ScoresForm:
    """Return the form as the assessor's newest scores fill it."""
    known = {
        one.code.value: str(one.scores[assessor].score) for one in view.disciplines if assessor in one.scores
    }
    return ScoresForm(forms.NOTHING, data=known)
