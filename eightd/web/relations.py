"""Other complaints around one: answered together, split, compared, watched, opened again; a page and its few forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length, NumberRange, Optional

from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, Refused
from eightd.queries import relations as queries
from eightd.queries.relations import RelationsPage
from eightd.usecases.ends.matches import judge_match
from eightd.usecases.ends.merge import merge, unmerge
from eightd.usecases.ends.split import split
from eightd.usecases.ends.watch import watch_afterwards
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.verb import Done
from eightd.web import formats, forms, requests
from eightd.web.complaint_forms import ListField

blueprint = Blueprint("relations", __name__, url_prefix="/complaints/<number>/relations")

Answer = str | Response | tuple[str, int]
_MOST = 1_000


def _why() -> wtforms.TextAreaField:
    return wtforms.TextAreaField(_l("Reason"), [Length(max=20_000)])


class MergeForm(forms.Form):
    """Whose 8D answers this complaint too."""

    leader = wtforms.StringField(
        _l("Answered with the 8D of"), [Length(max=40)], description=_l("The number of the other complaint.")
    )
    reason = _why()


class UnmergeForm(forms.Form):
    """Why it goes its own way again, and what it starts from."""

    reason = _why()
    copy = wtforms.BooleanField(
        _l("Start from what the other 8D says"),
        default=True,
        description=_l("As drafts, where nothing had been written here before."),
    )


class SplitForm(forms.Form):
    """Which defect lines go, why, and which pictures go along."""

    lines = wtforms.SelectMultipleField(_l("These go into a new complaint"), coerce=forms.whole_number)
    reason = _why()
    evidence = wtforms.SelectMultipleField(_l("Files that belong to both"), coerce=forms.whole_number)


class WatchForm(forms.Form):
    """How long to watch, what went by, and how it ended."""

    until_on = wtforms.DateField(_l("Watch until"), [Optional()])
    lots = wtforms.IntegerField(_l("Or for so many lots"), [Optional(), NumberRange(min=1, max=_MOST)])
    seen = ListField(
        _l("Lots that went by without the phenomenon"),
        [Length(max=4_000)],
        description=_l("Parted by commas. The last of the lots ends the watch."),
    )
    result = wtforms.TextAreaField(
        _l("Result"), [Length(max=2_000)], description=_l("Ends the watch; leave it empty to go on.")
    )


def _merge(form: Any, call: Callable[..., Done]) -> Done:
    return call(merge, leader=form.leader.data or "", reason=form.reason.data or "")


def _unmerge(form: Any, call: Callable[..., Done]) -> Done:
    return call(unmerge, reason=form.reason.data or "", copy=form.copy.data)


def _split(form: Any, call: Callable[..., Done]) -> Done:
    return call(
        split,
        lines=tuple(form.lines.data or ()),
        reason=form.reason.data or "",
        evidence=tuple(form.evidence.data or ()),
    )


def _watch(form: Any, call: Callable[..., Done]) -> Done:
    return call(
        watch_afterwards,
        until_on=form.until_on.data,
        lots=form.lots.data,
        seen=form.seen.texts(),
        result=form.result.data or "",
    )


def _watched(view: RelationsPage) -> Mapping[str, Any]:
    if view.watch is None:
        return {}
    watch = view.watch.watch
    return {"until_on": watch.until_on, "lots": watch.lots, "result": view.watch.result}


@dataclass(frozen=True)
class Step:
    """One form: what it is for, what it asks and does."""

    action: Action
    form: type[forms.Form]
    carry: Callable[[Any, Callable[..., Done]], Done]
    symbol: str
    intro: Any
    required: tuple[str, ...] = ("reason",)
    begin: Callable[[RelationsPage], Mapping[str, Any]] = field(default=lambda _view: {})


STEPS: Mapping[str, Step] = {
    "merge": Step(Action.MERGE, MergeForm, _merge, "copy",
        _l("One 8D answers both from then on. This complaint keeps its number, dates, replies and reports; what was "
           "written in its own 8D waits, and its open actions are cancelled."), required=("leader", "reason")),
    "unmerge": Step(Action.UNMERGE, UnmergeForm, _unmerge, "copy",
        _l("What was written here before the two were answered together is there again.")),
    "split": Step(Action.SPLIT, SplitForm, _split, "copy",
        _l("The new complaint was received when this one was; what the customer has been replied so far counts for "
           "both. Both are classified anew."), required=("lines", "reason")),
    "watch": Step(Action.WATCH_AFTERWARDS, WatchForm, _watch, "eye",
        _l("A new complaint about the same part and phenomenon is linked, and both CQEs are told."),
        required=(), begin=_watched),
}  # fmt: skip


@blueprint.get("")
def page(number: str) -> str:
    """Show every complaint that has to do with this one, and what may be done about it."""
    view = _view(number)
    return render_template(
        "relations/page.html",
        view=view,
        number=number,
        zone=view.header.zone,
        steps={slug: _reason(view, step.action) for slug, step in STEPS.items()},
        titles={slug: formats.message(step.action.label) for slug, step in STEPS.items()},
        judging=_reason(view, Action.JUDGE_MATCH),
    )


@blueprint.post("/matches/<earlier>")
def judge(number: str, earlier: str) -> Answer:
    """Take the answer whether an earlier case had the same cause."""
    same, because = request.form.get("same_cause", ""), request.form.get("because", "").strip()
    problem = None if same in {"yes", "no"} else gettext("Please choose one.")
    if problem is None:
        try:
            judge_match(
                requests.services().uow,
                requests.order(),
                number=number,
                version=requests.seen_version(),
                earlier=earlier,
                same_cause=same == "yes",
                because=because,
            )
        except Invalid as invalid:
            problem = " ".join(formats.message(one) for one in invalid.problems.values())
    if problem is not None:
        flash(f"{earlier}: {problem}", "error")
    else:
        flash(gettext("The answer was kept."), "success")
    return redirect(url_for("relations.page", number=number) + "#matches", 303)


@blueprint.route("/<step>", methods=["GET", "POST"])
def act(number: str, step: str) -> Answer:
    """Show and take the form of one step."""
    spec = STEPS.get(step) or abort(404)
    view = _view(number)
    asked = {"leader": request.args["leader"]} if "leader" in request.args else {}
    form = spec.form(data={**spec.begin(view), **asked})
    _offer(form, view)
    if not form.is_sent:
        _insist(view, spec.action)
        return _render(step, spec, form, view)
    valid = form.validate()
    for name in spec.required:
        if not form[name].data:
            form[name].errors = [gettext("Please fill this in")]
            valid = False
    if not valid:
        _insist(view, spec.action)
        return _render(step, spec, form, view), 422

    def call(verb: Callable[..., Done], **others: Any) -> Done:
        seen = requests.seen_version()
        return verb(requests.services().uow, requests.order(), number=number, version=seen, **others)

    try:
        done = spec.carry(form, call)
    except Invalid as invalid:
        form.refuse(invalid)
        return _render(step, spec, form, view), 422
    if spec.action is Action.SPLIT:
        flash(gettext("%(number)s was registered.", number=done.number), "success")
        return redirect(url_for("complaint.page", number=done.number), 303)
    flash(gettext("%(action)s: done.", action=formats.message(spec.action.label)), "success")
    return redirect(url_for("relations.page", number=number), 303)


def _view(number: str) -> RelationsPage:
    services = requests.services()
    with services.uow.reading() as session:
        view = queries.relations_page(session, requests.actor(), number, services.clock())
    return view or abort(404)


def _insist(view: RelationsPage, action: Action) -> None:
    outcome = view.outcomes[action]
    if isinstance(outcome, Refused):
        raise NotAllowed(outcome.message, outcome.gates)


def _reason(view: RelationsPage, action: Action) -> str | None:
    """Return why something is not possible, None where it is."""
    outcome = view.outcomes[action]
    if isinstance(outcome, Allowed):
        return None
    return " ".join(formats.message(one) for one in outcome.messages)


def _offer(form: Any, view: RelationsPage) -> None:
    if isinstance(form, SplitForm):
        english = formats.language() == "en"
        form.lines.choices = [
            (position, f"{(line.phenomenon_en if english else '') or line.phenomenon} · {line.quantity}")
            for position, line in enumerate(view.lines)
        ]
        form.evidence.choices = [
            (one.id, f"{one.filename} · {one.caption}" if one.caption else one.filename) for one in view.files
        ]
        if not view.files:
            del form.evidence


def _render(slug: str, spec: Step, form: Any, view: RelationsPage) -> str:
    local = requests.services().clock().astimezone(ZoneInfo(view.header.zone))
    return render_template(
        "relations/form.html",
        slug=slug,
        spec=spec,
        title=formats.message(spec.action.label),
        form=form,
        view=view,
        number=view.header.number,
        zone=view.header.zone,
        today=local.date(),
    )
