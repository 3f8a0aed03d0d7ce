"""The pages of actions: mine, the plant's and nobody's, one with all about it, and the panel beside a discipline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.authority import may
from eightd.domain.complaint import DisciplineCode
from eightd.domain.tasks import TASKED, TaskKind, TaskState
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, Outcome, Refused
from eightd.domain.workflow.table import ROLES_OF
from eightd.queries import assignable as people
from eightd.queries import board, clock_choices, satisfaction
from eightd.queries import complaint as complaint_queries
from eightd.queries import tasks as queries
from eightd.queries.complaint import CaseHead
from eightd.queries.satisfaction import CallView
from eightd.queries.tasks import Filters, PageKey, Standing, TaskPage, TaskView, Whose
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.tasks.change import change_task
from eightd.usecases.tasks.finish import LONGEST_NOTE, finish_task
from eightd.usecases.tasks.verify import verify_task
from eightd.web import formats, forms, requests, words
from eightd.web.complaint_clock import uploaded

blueprint = Blueprint("tasks", __name__)

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_KEY = re.compile(r"(\d{1,18})-(\d{1,9})")
_EVERY_STATE = "all"
_LONGEST_CODE = 200
WHOSE: Mapping[Whose, Any] = {
    Whose.MINE: _l("My actions"),
    Whose.PLANT: _l("The plant's actions"),
    Whose.NOBODYS: _l("Without an owner"),
}


class FinishForm(forms.Form):
    """The report that an action was carried out, with what proves it."""

    done_on = wtforms.DateField(_l("Done on"), [InputRequired()])
    note = wtforms.TextAreaField(_l("What was done"), [Length(max=LONGEST_NOTE)])
    proof = wtforms.FileField(_l("Proof: a new file"))
    evidence_id = wtforms.SelectField(_l("Proof: a file of this complaint"), coerce=forms.whole_number)


class VerifyForm(forms.Form):
    """What the verification found."""

    works = wtforms.RadioField(
        _l("Was it carried out, and does it work?"),
        [InputRequired()],
        choices=lambda: [("yes", _l("It works")), ("no", _l("It does not work: open again"))],
    )
    note = wtforms.TextAreaField(_l("How it was verified, or what does not work"), [Length(max=LONGEST_NOTE)])


class ChangeForm(forms.Form):
    """Another owner or another day."""

    owner_id = wtforms.SelectField(_l("Owner"), coerce=forms.whole_number)
    due_on = wtforms.DateField(_l("Due"), [wtforms.validators.Optional()])
    reason = wtforms.TextAreaField(
        _l("Reason"), [Length(max=LONGEST_NOTE)], description=_l("Needed where the day moves later.")
    )


@dataclass(frozen=True)
class Asked:
    """What an address of the list asks for; ``parameters`` say it again, ``ignored`` names what meant nothing."""

    filters: Filters
    parameters: Mapping[str, str]
    ignored: tuple[str, ...]
    after: PageKey | None
    before: PageKey | None


# ---------------------------------------------------------------- lists


@blueprint.get("/tasks/")
def index() -> str:
    """List actions by the day they fall due: one's own unless others are asked for."""
    if isinstance(may(requests.actor(), Action.VIEW), Refused):
        abort(404)
    asked = _asked()
    now = requests.services().clock()
    with requests.services().uow.reading() as session:
        view = queries.page(
            session, requests.actor(), asked.filters, now, formats.language(),
            after=asked.after, before=asked.before,
        )  # fmt: skip
        counted = queries.counters(session, requests.actor(), now)
        calls = _calls(session, now)
    return render_template(
        "tasks/index.html",
        calls=calls,
        asked=asked,
        whose=asked.filters.whose,
        lines=[shown(line) for line in view.lines],
        previous_url=_at("before", asked, view.previous),
        next_url=_at("after", asked, view.next),
        tabs=[
            (one, label, url_for("tasks.index", whose=one.value), one is asked.filters.whose)
            for one, label in WHOSE.items()
        ],
        counters=_counters(counted, asked),
        fields=_fields(asked),
        narrowed=set(asked.parameters) != {"whose"},
        ignored=gettext(", ").join(asked.ignored),
    )


def _calls(session: Any, now: datetime) -> tuple[CallView, ...]:
    """Return the unhappy customers who wait to be called, for those who call."""
    if not requests.actor().roles & ROLES_OF[Action.FOLLOW_UP]:
        return ()
    return satisfaction.calls(session, requests.actor(), now, formats.language())


@blueprint.get("/complaints/<number>/tasks/panel")
def panel(number: str) -> str:
    """Show the actions of a complaint, or of one of its disciplines, as a part of another page."""
    code = request.args.get("discipline", "")
    if code and code not in set(DisciplineCode):
        abort(404)
    wanted = DisciplineCode.D5 if code == DisciplineCode.D6 else code  # which says that those of D5 were done
    now = requests.services().clock()
    with requests.services().uow.reading() as session:
        found = queries.of_complaint(
            session, requests.actor(), number, now, formats.language(),
            DisciplineCode(wanted) if wanted else None,
        )  # fmt: skip
        owners = queries.people_of(session, number) if found is not None and code in TASKED else ()
    if found is None:
        abort(404)
    return render_template(
        "tasks/panel.html",
        number=number,
        has_tasks=not wanted or wanted in TASKED,
        owners=owners,
        lines=[shown(one) for one in found],
    )


def shown(task: TaskView) -> dict[str, Any]:
    """Return an action with how it stands in words."""
    length = formats.duration(task.distance)
    said: dict[Standing, tuple[str, str]] = {
        Standing.OVERDUE: (gettext("Overdue"), gettext("by %(length)s", length=length)),
        Standing.SOON: (gettext("Due soon"), gettext("%(length)s left", length=length)),
        Standing.ON_TIME: (gettext("In time"), gettext("%(length)s left", length=length)),
        Standing.NONE: ("", ""),
    }
    label, detail = said[task.standing]
    return {
        "view": task,
        "label": label,
        "detail": detail,
        "url": url_for("tasks.page", number=task.number, task_id=task.id),
    }


# ---------------------------------------------------------------- one action


@blueprint.get("/complaints/<number>/tasks/<int:task_id>")
def page(number: str, task_id: int) -> str:
    """Show one action with what may be done to it."""
    return _page(*_found(number, task_id))


@blueprint.post("/complaints/<number>/tasks/<int:task_id>/finish")
def finish(number: str, task_id: int) -> Response | tuple[str, int]:
    """Report the action as done; a file that is not taken is told beside its field, and nothing is kept."""
    view, head = _found(number, task_id)
    form = FinishForm()
    _offer_files(form, head)
    valid = form.validate()
    upload = None
    try:
        upload = uploaded("proof")
    except Invalid as invalid:
        form.refuse(invalid)
        valid = False
    if not valid or form.done_on.data is None:
        return _page(view, head, finishing=form), 422
    try:
        finish_task(
            requests.services().uow, requests.order(), number=number, task_id=task_id,
            version=requests.seen_version(), done_on=form.done_on.data, note=form.note.data or "",
            evidence_id=form.evidence_id.data, upload=upload,
        )  # fmt: skip
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(view, head, finishing=form), 422
    flash(gettext("The action was reported as done."), "success")
    return _back(number, task_id)


@blueprint.post("/complaints/<number>/tasks/<int:task_id>/verify")
def verify(number: str, task_id: int) -> Response | tuple[str, int]:
    """Record whether the action works."""
    view, head = _found(number, task_id)
    form = VerifyForm()
    if not form.validate():
        return _page(view, head, verifying=form), 422
    works = form.works.data == "yes"
    try:
        verify_task(
            requests.services().uow, requests.order(), number=number, task_id=task_id,
            version=requests.seen_version(), works=works, note=form.note.data or "",
        )  # fmt: skip
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(view, head, verifying=form), 422
    flash(gettext("The action was verified.") if works else gettext("The action is open again."), "success")
    return _back(number, task_id)


@blueprint.post("/complaints/<number>/tasks/<int:task_id>/change")
def change(number: str, task_id: int) -> Response | tuple[str, int]:
    """Give the action another owner or another day."""
    view, head = _found(number, task_id)
    form = ChangeForm()
    _offer_people(form, head, view.task)
    if not form.validate():
        return _page(view, head, changing=form), 422
    try:
        change_task(
            requests.services().uow, requests.order(), number=number, task_id=task_id,
            version=requests.seen_version(), owner_id=form.owner_id.data, due_on=form.due_on.data,
            reason=form.reason.data or "",
        )  # fmt: skip
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(view, head, changing=form), 422
    flash(gettext("The action was changed."), "success")
    return _back(number, task_id)


def _found(number: str, task_id: int) -> tuple[TaskPage, CaseHead]:
    if task_id >= 2**31:
        abort(404)
    now = requests.services().clock()
    with requests.services().uow.reading() as session:
        view = queries.one(session, requests.actor(), number, task_id, now, formats.language())
        head = complaint_queries.complaint_head(session, requests.actor(), number)
    if view is None or head is None:
        abort(404)
    return view, head


def _page(
    view: TaskPage,
    head: CaseHead,
    *,
    finishing: FinishForm | None = None,
    verifying: VerifyForm | None = None,
    changing: ChangeForm | None = None,
) -> str:
    """Show the action; of its forms the one that was sent keeps what was typed."""
    task = view.task
    sent = finishing or verifying or changing
    if sent is not None:
        _insist(view, finishing, verifying)
    if finishing is None:
        finishing = FinishForm(forms.NOTHING, data={"done_on": view.today, "note": task.done_note})
        _offer_files(finishing, head)
    if changing is None:
        changing = ChangeForm(forms.NOTHING, data={"owner_id": task.owner_id, "due_on": task.due_on})
        _offer_people(changing, head, task)
    return render_template(
        "tasks/page.html",
        one=shown(task),
        task=task,
        header=head.header,
        number=task.number,
        finishing=finishing,
        verifying=verifying or VerifyForm(forms.NOTHING),
        changing=changing,
        sent=sent,
        may={action.value: isinstance(outcome, Allowed) for action, outcome in view.outcomes.items()},
        why=_why(view),
        is_edited=sent is changing and sent is not None,
        today=view.today,
    )


def _insist(view: TaskPage, finishing: FinishForm | None, verifying: VerifyForm | None) -> None:
    """Refuse a form that was filled in wrongly by somebody who may not send it at all, in the rules' words."""
    action = Action.FINISH_TASK if finishing else Action.VERIFY_TASK if verifying else Action.CHANGE_TASK
    outcome: Outcome = view.outcomes[action]
    if isinstance(outcome, Refused):
        raise NotAllowed(outcome.message, outcome.gates)


def _why(view: TaskPage) -> str:
    """Say why the next step is somebody else's, empty where the person may take it or there is none."""
    step = {TaskState.OPEN: Action.FINISH_TASK, TaskState.DONE: Action.VERIFY_TASK}.get(view.task.state)
    outcome = view.outcomes[step] if step is not None else None
    return formats.message(outcome.message) if isinstance(outcome, Refused) else ""


def _offer_files(form: FinishForm, head: CaseHead) -> None:
    with requests.services().uow.reading() as session:
        found = clock_choices.proofs(session, head.header.id)
    named = [(one.id, f"{one.filename} · {one.caption}" if one.caption else one.filename) for one in found]
    form.evidence_id.choices = [("", gettext("None")), *named]


def _offer_people(form: ChangeForm, head: CaseHead, task: TaskView) -> None:
    with requests.services().uow.reading() as session:
        found = people.assignable(session, head.header)
    named = [(one.id, _named(one)) for one in found]
    if task.owner_id is not None and task.owner_id not in {one.id for one in found}:
        named.append((task.owner_id, task.owner))
    form.owner_id.choices = [("", gettext("Nobody yet")), *named]


def _named(one: people.AssignableView) -> str:
    roles = ", ".join(str(words.word(role)) for role in words.ordered(one.roles))
    return f"{one.name} · {roles}"


def _back(number: str, task_id: int) -> Response:
    return redirect(url_for("tasks.page", number=number, task_id=task_id), 303)


# ---------------------------------------------------------------- addresses


def _asked() -> Asked:
    given, ignored = request.args, []
    code = given.get("customer", "").strip()[:_LONGEST_CODE]
    customer = None
    if code:
        with requests.services().uow.reading() as session:
            customer = board.customer_by_code(session, requests.actor(), code, formats.language())
        if customer is None:
            ignored.append(gettext("Customer code"))
    whose, state, kind = (given.get(name, "") for name in ("whose", "state", "kind"))
    for label, value, known in (
        (gettext("Whose"), whose, set(Whose)),
        (gettext("State"), state, {*TaskState, _EVERY_STATE}),
        (gettext("Kind"), kind, set(TaskKind)),
    ):
        if value and value not in known:
            ignored.append(label)
    every = state == _EVERY_STATE
    filters = Filters(
        whose=Whose(whose) if whose in set(Whose) else Whose.MINE,
        state=None if every else TaskState(state) if state in set(TaskState) else TaskState.OPEN,
        kind=TaskKind(kind) if kind in set(TaskKind) else None,
        customer_id=None if customer is None else customer.id,
        overdue=given.get("overdue") == "1",
    )
    said = {
        "whose": filters.whose.value,
        "state": _EVERY_STATE if every else state if state in set(TaskState) else "",
        "kind": filters.kind.value if filters.kind else "",
        "customer": "" if customer is None else customer.code,
        "overdue": "1" if filters.overdue else "",
    }
    after, before = _key(given.get("after", "")), _key(given.get("before", ""))
    parameters = {name: value for name, value in said.items() if value}
    return Asked(filters, parameters, tuple(map(str, ignored)), after, None if after else before)


def _key(text: str) -> PageKey | None:
    found = _KEY.fullmatch(text)
    if found is None or not (found[1] + found[2]).isascii():
        return None
    try:
        return PageKey(_BEGINNING + timedelta(microseconds=int(found[1])), int(found[2]))
    except OverflowError:
        return None


def _at(name: str, asked: Asked, key: PageKey | None) -> str | None:
    if key is None:
        return None
    there: dict[str, Any] = dict(asked.parameters)
    there[name] = f"{(key.due_at - _BEGINNING) // timedelta(microseconds=1)}-{key.id}"
    return url_for("tasks.index", **there)


def _fields(asked: Asked) -> list[dict[str, Any]]:
    """Return the fields of the filter; whose actions it is about is said by the tabs."""
    states = [(state.value, words.word(state)) for state in TaskState if state is not TaskState.OPEN]
    return [
        {"kind": "hidden", "name": "whose", "value": asked.filters.whose.value},
        {
            "kind": "select", "name": "state", "label": gettext("State"), "blank": words.word(TaskState.OPEN),
            "value": asked.parameters.get("state", ""), "options": [*states, (_EVERY_STATE, gettext("All"))],
        },
        {
            "kind": "select", "name": "kind", "label": gettext("Kind"), "blank": gettext("All"),
            "value": asked.parameters.get("kind", ""), "options": words.choices(TaskKind),
        },
        {
            "kind": "text", "name": "customer", "label": gettext("Customer code"), "width": "s",
            "value": asked.parameters.get("customer", ""),
        },
        {
            "kind": "checkbox", "name": "overdue", "label": gettext("Overdue only"),
            "value": asked.filters.overdue,
        },
    ]  # fmt: skip


def _counters(counted: queries.CountersView, asked: Asked) -> list[dict[str, Any]]:
    about: tuple[tuple[int, Any, str, str, dict[str, Any]], ...] = (
        (counted.mine_overdue, _l("of mine overdue"), "alert-circle", "red", {"whose": "mine", "overdue": "1"}),
        (counted.plant_overdue, _l("of the plant overdue"), "building-factory-2", "red",
         {"whose": "plant", "overdue": "1"}),
        (counted.to_verify, _l("to be verified"), "clipboard-check", "amber", {"whose": "plant", "state": "done"}),
        (counted.nobodys, _l("without an owner"), "user", "amber", {"whose": "nobodys"}),
    )  # fmt: skip
    return [
        {
            "value": count if count < queries.COUNTED_UP_TO else f"{queries.COUNTED_UP_TO - 1}+",
            "label": label,
            "icon": symbol,
            "tone": tone if count else "",
            "url": url_for("tasks.index", **parameters),
            "current": dict(asked.parameters) == parameters,
        }
        for count, label, symbol, tone, parameters in about
    ]
