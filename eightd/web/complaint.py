"""The complaint page, why a date is what it is, and the record of everything that happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext

from eightd.domain.clock.explanation import judged_on
from eightd.domain.complaint import Channel
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, Outcome, RefusalKind
from eightd.domain.workflow.table import TRANSITIONS
from eightd.queries import around as around_queries
from eightd.queries import complaint as queries
from eightd.queries import replies as reply_queries
from eightd.queries import tasks as task_queries
from eightd.queries import timeline
from eightd.queries import told as told_queries
from eightd.queries import why as why_queries
from eightd.queries.administration.listing import Place
from eightd.queries.complaint import ComplaintPage
from eightd.queries.deadlines import DeadlineView, Lateness
from eightd.web import around, formats, record_words, requests, tasks, why_words
from eightd.web.complaint_actions import address
from eightd.web.discipline_forms import facts

blueprint = Blueprint("complaint", __name__, url_prefix="/complaints/<number>")

_A = Action
GROUPS: tuple[tuple[str, tuple[Action, ...]], ...] = (
    ("course", (
        _A.CONFIRM_OURS, _A.CONFIRM_NOT_OURS, _A.WRITE_EXPLANATION, _A.APPROVE_NOT_OURS, _A.RETURN_NOT_OURS,
        _A.REPLY_NOT_OURS, _A.RECORD_NEGOTIATION, _A.ACCEPT_NOT_OURS, _A.RECORD_VERDICT_ACCEPTED, _A.CLOSE,
        _A.REOPEN, _A.CANCEL,
    )),
    ("clocks", (
        _A.RECEIVE_SAMPLE, _A.REQUIRE_SAMPLE, _A.WAIVE_SAMPLE, _A.STOP_CLOCK, _A.RESUME_CLOCK,
        _A.EXTEND_STOP, _A.ADOPT_PROFILE,
    )),
    ("reports", (
        _A.ISSUE_REPORT_INITIAL, _A.SEND_INITIAL_REPLY, _A.ISSUE_REPORT_PRELIMINARY, _A.SEND_PRELIMINARY,
        _A.ISSUE_REPORT_FINAL, _A.SEND_FINAL_REPORT,
    )),
    ("facts", (_A.EDIT_HEADER,)),
    ("tier", (_A.RECLASSIFY, _A.RAISE_TIER, _A.USE_SHORT_FORM, _A.USE_FULL_FORM)),
    ("people", (_A.ASSIGN,)),
    ("evidence", (_A.ADD_EVIDENCE,)),
    ("notes", (_A.COMMENT,)),
)  # fmt: skip
"""Which actions stand at which section: raising stands for setting the tier, accepting for the verdict."""

_AWAITED = frozenset({*GROUPS[0][1], *GROUPS[2][1]})
"""Actions that are shown greyed while something must be done first; others are no use until they are possible."""

_TWIN = {_A.RAISE_TIER: _A.LOWER_TIER, _A.RECORD_VERDICT_ACCEPTED: _A.RECORD_VERDICT_REJECTED}


@dataclass(frozen=True)
class Offer:
    """A button: where it leads, or why it does not."""

    label: str
    url: str
    reason: str | None
    is_next: bool


@dataclass(frozen=True)
class Due:
    """A milestone's state in words, for the chip."""

    lateness: str
    label: str
    detail: str


@blueprint.app_template_global("refusal")
def refusal(outcome: Outcome | None) -> str | None:
    """Return why something is not possible, None where it is."""
    if outcome is None or isinstance(outcome, Allowed):
        return None
    return " ".join(formats.message(one) for one in outcome.messages)


@blueprint.get("")
def page(number: str) -> str:
    """Show everything that is known about a complaint."""
    services = requests.services()
    with services.uow.reading() as session:
        view = queries.complaint_page(session, requests.actor(), number, services.clock())
        answers = reply_queries.brief(session, requests.actor(), number)
        actions = task_queries.of_complaint(
            session, requests.actor(), number, services.clock(), formats.language()
        )
        figures = around_queries.around(session, number)
    if view is None:
        abort(404)
    return render_template(
        "complaint/page.html",
        page=view,
        header=view.header,
        zone=view.header.zone,
        steps=facts.stepper(view),
        offers={name: _offers(view, actions) for name, actions in GROUPS},
        next_offer=_next(view),
        due={one.milestone: due(one) for one in view.deadlines},
        first_due=_first_due(view),
        record=[record_words.told(entry, view.header.zone) for entry in view.entries],
        channel_of=Channel,
        answers=answers,
        around=around.links(number, figures),
        actions=[tasks.shown(one) for one in actions or ()],
        action=Action,
        judged=judged_on(accepts_stops=view.header.accepts_stops),
        discipline_url=lambda code: url_for("discipline.page", number=number, code=code.value),
    )


@blueprint.get("/deadlines/<milestone>")
def why(number: str, milestone: str) -> str:
    """Explain a date: start, every tick and skipped day, every stop; alone, or as a part of the page."""
    services = requests.services()
    with services.uow.reading() as session:
        view = why_queries.why(session, requests.actor(), number, milestone, services.clock())
    if view is None:
        abort(404)
    is_part = requests.is_partial()
    text, chosen = why_words.text(view, request.args.get("text", ""))
    return render_template(
        "complaint/why_part.html" if is_part else "complaint/why.html",
        why=view,
        whole=not is_part,
        due=due(view.deadline),
        judged=why_words.judged(view),
        months=why_words.months(view),
        legend=why_words.legend(view),
        weekdays=why_words.weekdays(),
        ledger=why_words.ledger(view.steps),
        texts=why_words.TEXTS,
        text=text,
        chosen=chosen,
    )


@blueprint.get("/told")
def told(number: str) -> str:
    """Show who was told what about the complaint, by which way, and whether it was read; newest first."""
    services = requests.services()
    place = Place(after=requests.asked_id("after"), before=requests.asked_id("before"))
    with services.uow.reading() as session:
        view = told_queries.told(session, requests.actor(), number, place)
    if view is None:
        abort(404)
    language = Language(formats.language())
    return render_template(
        "complaint/told.html",
        view=view,
        lines=[
            (one, services.texts.line(one.kind, one.facts, language, numbered=False))
            for one in view.page.lines
        ],
    )


@blueprint.get("/record")
def record(number: str) -> str:
    """Show the record of everything that happened, a page at a time, newest first."""
    before = requests.asked_id("before")
    with requests.services().uow.reading() as session:
        view = timeline.record(session, requests.actor(), number, before)
    if view is None:
        abort(404)
    return render_template(
        "complaint/record.html",
        view=view,
        before=before,
        entries=[record_words.told(entry, view.zone) for entry in view.entries],
    )


def due(deadline: DeadlineView) -> Due:
    """Say how a milestone stands."""
    late, left = formats.duration(deadline.late_by), formats.duration(deadline.left)
    said: dict[Lateness, tuple[str, str]] = {
        Lateness.OVERDUE: (gettext("Overdue"), gettext("by %(length)s", length=late)),
        Lateness.SOON: (gettext("Due soon"), gettext("%(length)s left", length=left)),
        Lateness.ON_TIME: (gettext("In time"), gettext("%(length)s left", length=left)),
        Lateness.MET: (gettext("Met"), ""),
        Lateness.MET_LATE: (gettext("Met late"), gettext("by %(length)s", length=late)),
        Lateness.WAITING: (gettext("Waiting"), formats.message(deadline.waiting_for)),
        Lateness.STOPPED: (gettext("Clock stopped"), ""),
        Lateness.NONE: (gettext("Not owed"), ""),
    }
    label, detail = said[deadline.lateness]
    return Due(deadline.lateness.value, label, detail)


def _first_due(view: ComplaintPage) -> DeadlineView | None:
    """Return the open milestone that is due first, None where nothing is owed or all wait."""
    running = [one for one in view.deadlines if one.met_at is None and one.judged_due_at is not None]
    if not view.header.is_open:
        return None
    return min(running, key=lambda one: (one.judged_due_at is None, one.judged_due_at), default=None)


def _offers(view: ComplaintPage, actions: tuple[Action, ...]) -> list[Offer]:
    """Return the buttons of a section: what may be done now, and greyed what waits for something.

    What is somebody else's to do is left out here; the next step says who is awaited.
    """
    found = []
    for action in actions:
        outcome = _better(view, action)
        gated = action in _AWAITED and not isinstance(outcome, Allowed) and outcome.kind is RefusalKind.GATE
        if (view.header.stage, action) in TRANSITIONS and (isinstance(outcome, Allowed) or gated):
            found.append(_offer(view, action, outcome))
    return found


def _next(view: ComplaintPage) -> Offer | None:
    if view.next_step is None:
        return None
    return _offer(view, view.next_step, _better(view, view.next_step))


def _better(view: ComplaintPage, action: Action) -> Outcome:
    """Return the outcome of the action, or of its twin on the same page where only that is allowed."""
    outcome = view.outcomes[action]
    twin = _TWIN.get(action)
    if twin is not None and not isinstance(outcome, Allowed) and isinstance(view.outcomes[twin], Allowed):
        return view.outcomes[twin]
    return outcome


_LABELS: dict[Action, Callable[[], str]] = {
    Action.RAISE_TIER: lambda: gettext("Set the tier"),
    Action.RECORD_VERDICT_ACCEPTED: lambda: gettext("Customer's verdict"),
}


def _offer(view: ComplaintPage, action: Action, outcome: Outcome) -> Offer:
    label = _LABELS[action]() if action in _LABELS else formats.message(action.label)
    return Offer(label, address(view.header.number, action), refusal(outcome), action is view.next_step)
