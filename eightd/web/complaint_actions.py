"""The small pages of single actions on a complaint: one address each, works without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.complaint import DefectKind
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome, Refused
from eightd.domain.workflow.snapshot import ReportKind
from eightd.queries import adoption, tasks
from eightd.queries import assignable as people
from eightd.queries import complaint as queries
from eightd.queries.complaint import CaseHead
from eightd.queries.tasks import TaskView
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.sending import ACTION
from eightd.web import complaint_clock, complaint_ends, complaint_profile, formats, requests, words
from eightd.web.complaint_verbs import SPECS, Call, Seen, Spec

blueprint = Blueprint("complaint_actions", __name__, url_prefix="/complaints/<number>")

Answer = str | Response | tuple[str, int]

SLUG_OF: dict[Action, str] = {action: spec.slug for spec in reversed(SPECS) for action in spec.actions}
"""The address of each action's page; assigning a role comes before assigning a discipline."""

_KIND = {
    "send-initial": ReportKind.INITIAL,
    "send-preliminary": ReportKind.PRELIMINARY,
    "send-final": ReportKind.FINAL,
}


def address(number: str, action: Action, **arguments: Any) -> str:
    """Return where an action is done."""
    if action is Action.ADD_EVIDENCE:
        return url_for("complaint_files.add", number=number, **arguments)
    if action in ACTION.values():  # drafted and sent from the program, or recorded as sent elsewhere
        return url_for("replies.index", number=number, **arguments)
    return url_for(f"complaint_actions.{SLUG_OF[action]}", number=number, **arguments)


def _page(spec: Spec) -> Callable[[str], Answer]:
    def act(number: str) -> Answer:
        with requests.services().uow.reading() as session:
            head = queries.complaint_head(session, requests.actor(), number)
            persons = (
                people.assignable(session, head.header) if head and Action.ASSIGN in spec.actions else ()
            )
            profiles = (
                adoption.choices(session, head.header.profile)
                if head and Action.ADOPT_PROFILE in spec.actions
                else ()
            )
        if head is None:
            abort(404)
        local = requests.services().clock().astimezone(ZoneInfo(head.header.zone)).replace(tzinfo=None)
        values = {**spec.prefill(Seen(head, local.replace(second=0, microsecond=0))), **_asked()}
        form = spec.form(data=values)
        _offer(spec, form, head, persons)
        complaint_profile.offer(form, profiles)
        if form.is_sent:
            return _carry(spec, form, head)
        _insist(spec, head)
        return _render(spec, form, head)

    act.__doc__ = f"Show and take the form of “{spec.slug}”."
    return act


def _carry(spec: Spec, form: Any, head: CaseHead) -> Answer:
    valid = form.validate()
    for name in _required(spec, head, form):
        if not form[name].data:
            form[name].errors = [gettext("Please fill this in")]
            valid = False
    if not valid:
        _insist(spec, head)
        return _render(spec, form, head), 422
    call = Call(requests.services().uow, requests.order(), head, requests.seen_version())
    try:
        done = spec.carry(form, call)
    except Invalid as invalid:
        form.refuse(invalid)
        return _render(spec, form, head), 422
    said = gettext("%(action)s: done.", action=title(spec))
    if spec.slug.startswith("issue-"):
        said = gettext("Revision %(number)d was issued.", number=done.id)
    flash(said, "success")
    place = url_for("complaint.page", number=head.header.number)
    return redirect(f"{place}#{spec.anchor}" if spec.anchor else place, 303)


def _insist(spec: Spec, head: CaseHead) -> None:
    """Refuse the page where none of its actions may be done, in the words of the first."""
    outcomes: list[Outcome] = [head.outcomes[action] for action in spec.actions]
    if all(isinstance(one, Refused) for one in outcomes):
        first = next(one for one in outcomes if isinstance(one, Refused))
        raise NotAllowed(first.message, first.gates)


def _required(spec: Spec, head: CaseHead, form: Any) -> tuple[str, ...]:
    needed = set(spec.required)
    if "reason" in form and spec.slug == "confirm-ours" and Action.CONFIRM_OURS in head.needs_reason:
        needed.add("reason")
    if spec.slug == "verdict" and form.result.data == "rejected":
        needed.add("reason")
    return tuple(name for name in (one.name for one in form) if name in needed)


def _asked() -> dict[str, str]:
    """Return what a link filled in beforehand, such as the discipline to be assigned."""
    return {
        name: request.args[name]
        for name in ("role", "code", "milestone", "stop_id", "revision")
        if name in request.args
    }


def _offer(spec: Spec, form: Any, head: CaseHead, persons: tuple[people.AssignableView, ...]) -> None:
    if spec.slug == "confirm-ours" and Action.CONFIRM_OURS not in head.needs_reason:
        del form.reason
    if "user_id" in form:
        named = [("", gettext("Choose")), *((one.id, _named(one)) for one in persons)]
        form.user_id.choices = lambda: named
    complaint_clock.offer(form, head)
    complaint_ends.offer(form, head)
    if spec.slug == "withdraw-report":
        holding = [("", gettext("Choose")), *((one.number, _revision(one, head)) for one in head.revisions
                                              if one.withdrawn_at is None)]  # fmt: skip
        form.revision.choices = lambda: holding
    if spec.slug in _KIND:
        kind = _KIND[spec.slug]
        offered = [
            ("", gettext("No report, text only")),
            *(
                (
                    one.number,
                    gettext(
                        "Revision %(number)d, %(date)s",
                        number=one.number,
                        date=formats.day(one.issued_at, head.header.zone),
                    ),
                )
                for one in head.revisions
                if one.kind is kind and one.withdrawn_at is None
            ),
        ]
        form.revision.choices = lambda: offered


def _revision(one: queries.RevisionView, head: CaseHead) -> str:
    date = formats.day(one.issued_at, head.header.zone)
    name = formats.message(one.name)
    return str(gettext("%(name)s (revision %(number)d), %(date)s", name=name, number=one.number, date=date))


def _named(one: people.AssignableView) -> str:
    roles = ", ".join(str(words.word(role)) for role in words.ordered(one.roles))
    return f"{one.name} · {roles}"


def title(spec: Spec) -> str:
    """Return what the page is called."""
    return str(spec.title) if spec.title else formats.message(spec.actions[0].label)


def _render(spec: Spec, form: Any, head: CaseHead) -> str:
    own = {"header", "counts", "profile", "reopen"}
    template = f"complaint/{spec.slug}.html" if spec.slug in own else "complaint/action.html"
    return render_template(
        template,
        spec=spec,
        title=title(spec),
        form=form,
        head=head,
        open_tasks=_open_tasks(head) if spec.slug in _ENDS else (),
        required=_required(spec, head, form),
        defect_kind=DefectKind,
    )


_ENDS = ("close", "cancel")


def _open_tasks(head: CaseHead) -> list[TaskView]:
    """Return the actions that are still open, which somebody who ends the complaint should know."""
    now = requests.services().clock()
    with requests.services().uow.reading() as session:
        found = tasks.of_complaint(session, requests.actor(), head.header.number, now, formats.language())
    return [one for one in found or () if one.state.is_owed]


for _spec in SPECS:
    blueprint.add_url_rule(f"/{_spec.slug}", _spec.slug, _page(_spec), methods=["GET", "POST"])
