"""Trivial cases answered together: tick them, write once, see case by case what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import Blueprint, abort, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eightd.domain.complaint import Channel, Role
from eightd.domain.discipline.answers import CausePath
from eightd.domain.words import Language
from eightd.domain.workflow.table import REVIEWERS
from eightd.queries import short_answers as queries
from eightd.queries.short_answers import TrivialCases, TrivialView
from eightd.usecases.ends import short_answers as verbs
from eightd.usecases.ends.short_answers import CaseResult, Dispatch, ShortText
from eightd.web import formats, forms, requests, words

blueprint = Blueprint("short_answers", __name__, url_prefix="/short-answers")

_MOST_PIECES = 2_000_000_000


def _long(label: Any, **others: Any) -> wtforms.TextAreaField:
    return wtforms.TextAreaField(label, [InputRequired(), Length(max=4_000)], **others)


class AnswerForm(forms.Form):
    """What is said of all the cases ticked."""

    leader = wtforms.StringField(_l("Answered by"), [InputRequired(), Length(max=120)])
    found = _long(_l("What was found"))
    stock = wtforms.IntegerField(
        _l("Pieces checked in our stock"), [Optional(), NumberRange(0, _MOST_PIECES)], default=0
    )
    stock_ng = wtforms.IntegerField(
        _l("Of these defective"), [Optional(), NumberRange(0, _MOST_PIECES)], default=0
    )
    correction = _long(_l("Correction"))
    cause = _long(_l("Cause"))
    path = wtforms.RadioField(
        _l("It is the cause of"), choices=lambda: words.choices(CausePath), default=CausePath.OCCURRENCE.value
    )
    verified_how = wtforms.TextAreaField(
        _l("How the cause was verified"),
        [Length(max=4_000)],
        description=_l("Empty: the cause is called a hypothesis."),
    )
    no_sample_because = _long(_l("Why no sample is needed"))

    def text(self) -> ShortText:
        """Return what was typed."""
        return ShortText(
            leader=self.leader.data or "",
            found=self.found.data or "",
            correction=self.correction.data or "",
            cause=self.cause.data or "",
            path=CausePath(self.path.data),
            verified_how=self.verified_how.data or "",
            stock=self.stock.data or 0,
            stock_ng=self.stock_ng.data or 0,
            no_sample_because=self.no_sample_because.data or "",
            written_in=Language(formats.language()),
        )


class AcceptForm(forms.Form):
    """Nothing but the cases ticked."""


class SendForm(forms.Form):
    """How the reports went out."""

    means = wtforms.SelectField(_l("By"), choices=lambda: words.choices(Channel), default=Channel.EMAIL.value)
    proof = wtforms.StringField(
        _l("How it is known that they were sent"), [InputRequired(), Length(max=1_000)]
    )


@dataclass(frozen=True)
class Job:
    """One thing that is done to many cases: by whom, with which form, and how."""

    roles: frozenset[Role]
    form: type[forms.Form]
    cases: Callable[[TrivialCases], tuple[TrivialView, ...]]
    carry: Callable[[Any, str], CaseResult]
    title: Any
    intro: Any
    button: Any
    symbol: str


def _answer(form: Any, number: str) -> CaseResult:
    return verbs.answer_case(requests.services().uow, requests.order(), number=number, text=form.text())


def _accept(_form: Any, number: str) -> CaseResult:
    return verbs.accept_case(requests.services().uow, requests.order(), number=number)


def _send(form: Any, number: str) -> CaseResult:
    dispatch = Dispatch(Channel(form.means.data), form.proof.data or "")
    return verbs.send_case(requests.services().uow, requests.order(), number=number, dispatch=dispatch)


JOBS: dict[str, Job] = {
    "answer": Job(REVIEWERS, AnswerForm, lambda found: found.to_answer, _answer, _l("Answer together"),
        _l("Cases of tier other that nobody has begun. Each is confirmed, answered in the short form and submitted; "
           "D1–D3 are accepted with it, D4 waits for another person."), _l("Answer the cases ticked"), "send"),
    "accept": Job(REVIEWERS, AcceptForm, lambda found: found.to_accept, _accept, _l("Accept together"),
        _l("Short answers whose D4 waits for you. Each is accepted and its final report issued."),
        _l("Accept the cases ticked"), "circle-check"),
    "send": Job(frozenset({Role.SALES}), SendForm, lambda found: found.to_send, _send, _l("Record as sent"),
        _l("Short answers with a final report. The newest is recorded as sent to each complaint's contact, just now."),
        _l("Record the cases ticked as sent"), "mail"),
}  # fmt: skip

STEPS = {
    "confirm": _l("Confirmed"),
    "short": _l("Short form"),
    "sample": _l("No sample needed"),
    "issue": _l("Report issued"),
    "send": _l("Recorded as sent"),
}


@blueprint.get("")
def index() -> str:
    """Show what may be done together, the first thing that waits for the person in front."""
    offered = _offered()
    with requests.services().uow.reading() as session:
        found = queries.trivial_cases(session, requests.actor())
    waiting = [name for name, job in offered.items() if job.cases(found)]
    return _page(waiting[0] if waiting else next(iter(offered)))


@blueprint.route("/<job>", methods=["GET", "POST"])
def act(job: str) -> str | tuple[str, int]:
    """Show and take the form of one job; a script asks case by case, without one all are done at once."""
    if job not in _offered():
        abort(404)
    spec = JOBS[job]
    form = spec.form()
    if not form.is_sent:
        return _page(job)
    numbers = list(dict.fromkeys(request.form.getlist("number")))[: queries.MOST]
    valid = form.validate()
    if not valid or not numbers:
        if requests.is_partial():
            return render_template("short_answers/results.html", results=[], problem=True), 422
        return _page(job, form, nothing=not numbers), 422
    results = [spec.carry(form, number) for number in numbers]
    if requests.is_partial():
        return render_template("short_answers/results.html", results=_shown(results))
    return _page(job, results=results)


def _offered() -> dict[str, Job]:
    """Return the jobs that the person has a role for; answers 404 where there is none."""
    roles = requests.actor().roles
    return {name: job for name, job in JOBS.items() if roles & job.roles} or abort(404)


def _page(
    job: str, form: Any = None, *, nothing: bool = False, results: list[CaseResult] | None = None
) -> str:
    with requests.services().uow.reading() as session:
        found = queries.trivial_cases(session, requests.actor())
    spec = JOBS[job]
    if form is None or results is not None:
        given = {"leader": requests.person().name} if job == "answer" else {}
        form = spec.form(forms.NOTHING, data=given)
    return render_template(
        "short_answers/page.html",
        job=job,
        spec=spec,
        form=form,
        cases=spec.cases(found),
        ticked=set(request.form.getlist("number")),
        nothing=nothing,
        jobs={name: (one.title, len(one.cases(found))) for name, one in _offered().items()},
        results=_shown(results or []),
    )


def _shown(results: list[CaseResult]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "steps": [_step(step) for step in one.steps],
            "problem": "" if one.problem is None else formats.message(one.problem),
        }
        for one in results
    ]


def _step(step: str) -> str:
    code, _, what = step.partition(":")
    if not what:
        return str(STEPS[step])
    if what == "submit":
        return str(gettext("%(code)s submitted", code=code))
    return str(gettext("%(code)s accepted", code=code))
