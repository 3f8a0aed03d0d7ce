"""One return: where its pieces are, what does not agree, the next step with its form, what happened so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.returns.ledger import GONE, OUTSIDE, here
from eightd.domain.returns.reconcile import Line
from eightd.domain.returns.stages import Place, ReturnStage
from eightd.domain.returns.steps import RECOUNTED
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, Refused
from eightd.queries.returns import page as queries
from eightd.queries.returns import pieces
from eightd.queries.returns.page import ReturnPage
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.web import formats, requests, words
from eightd.web.returns import fields
from eightd.web.returns import step_forms as f
from eightd.web.returns.steps import BY_ACTION, BY_SLUG, STEPS, Step, counted, seen, waiting

Answer = str | Response | tuple[str, int]

NEXT: Mapping[ReturnStage, Action] = {
    ReturnStage.ANNOUNCED: Action.RECEIVE_RETURN,
    ReturnStage.RECEIVED: Action.CHECK_RETURN,
    ReturnStage.CHECKED: Action.BOOK_IN_RETURN,
    ReturnStage.BOOKED_IN: Action.DRAW_RETURN,
    ReturnStage.DRAWN: Action.COUNT_RETURN,
    ReturnStage.COUNTED: Action.ANALYSE_RETURN,
    ReturnStage.ANALYSED: Action.PLAN_RETURN,
    ReturnStage.PLANNED: Action.RECORD_REWORK,
    ReturnStage.REWORKED: Action.REDELIVER_RETURN,
    ReturnStage.REDELIVERED: Action.SETTLE_RETURN,
    ReturnStage.SETTLED: Action.CLOSE_RETURN,
}
"""What moves a return on from each stage."""

_LISTS = ("counts", "rows", "results")
_UNTESTED = (
    ReturnStage.ANNOUNCED,
    ReturnStage.RECEIVED,
    ReturnStage.CHECKED,
    ReturnStage.BOOKED_IN,
    ReturnStage.CANCELLED,
)
_COURSE = tuple(stage for stage in ReturnStage if stage is not ReturnStage.CANCELLED)


def page(number: str) -> str:
    """Show a return with the form of its next step, where the person may do it."""
    shown = _found(number)
    action = NEXT.get(shown.stage)
    step = BY_ACTION[action] if action and isinstance(shown.available[action], Allowed) else None
    form = _form(step, shown) if step else None
    return _render(shown, step, form, wants_focus=request.args.get("scanned") == "1" and step is not None)


def step(number: str, step: str) -> Answer:
    """Show and take the form of one step; what cannot be taken is told beside its field and nothing is kept."""
    chosen = BY_SLUG.get(step)
    if chosen is None:
        abort(404)
    shown = _found(number)
    form = _form(chosen, shown)
    if not form.is_sent:
        outcome = shown.available[chosen.action]
        if isinstance(outcome, Refused):
            raise NotAllowed(outcome.message, outcome.gates)
        return _render(shown, chosen, form, wants_focus=True)
    return _carry(chosen, form, shown)


def _carry(chosen: Step, form: Any, shown: ReturnPage) -> Answer:
    if not form.validate():
        outcome = shown.available[chosen.action]
        if isinstance(outcome, Refused):
            raise NotAllowed(outcome.message, outcome.gates)
        return _render(shown, chosen, form, wants_focus=True), 422
    order, version = requests.order(), requests.seen_version()
    try:
        done = chosen.verb(
            requests.services().uow, order, number=shown.number, version=version, **form.arguments()
        )
    except Invalid as invalid:
        return _render(shown, chosen, form, _refused(chosen, form, invalid), wants_focus=True), 422
    flash(gettext("%(action)s: done.", action=formats.message(chosen.action.label)), "success")
    return redirect(url_for("returns.page", number=done.number), 303)


def _refused(chosen: Step, form: Any, invalid: Invalid) -> dict[str, str]:
    """Show what is wrong beside its field; return what concerns a whole list, by the list's name."""
    if chosen.rows:
        places = [at for at, _ in fields.filled(form[chosen.rows])]
        invalid = fields.moved_to_rows(invalid, chosen.rows, places)
    whole = {name: formats.message(text) for name, text in invalid.problems.items() if name in _LISTS}
    form.refuse(Invalid({name: text for name, text in invalid.problems.items() if name not in _LISTS}))
    return whole


def _found(number: str) -> ReturnPage:
    with requests.services().uow.reading() as session:
        found = queries.return_page(session, requests.actor(), number)
    return found or abort(404)


def _form(chosen: Step, shown: ReturnPage) -> Any:
    now = requests.services().clock()
    form = chosen.form(data=_begin(chosen, shown, now))
    form.about = shown
    match form:
        case f.AnalyseForm():
            _offer_categories(form, shown)
        case f.RecountForm():
            form.place.choices = [
                ("", gettext("Choose")),
                *(
                    (one.value, f"{words.word(one)} ({shown.balance[one]})")
                    for one in RECOUNTED
                    if shown.balance[one]
                ),
            ]
    return form


def _begin(chosen: Step, shown: ReturnPage, now: datetime) -> Mapping[str, Any]:
    """Return what a form begins with; counts not made yet, or asked for anew, come from the tests of single pieces."""
    kept = shown.counts and request.args.get("of") != "pieces"
    if chosen.action is not Action.COUNT_RETURN or kept or not shown.pieces:
        return chosen.begin(seen(shown, now)) if chosen.begin else {}
    with requests.services().uow.reading() as session:
        return counted(pieces.counts_from_pieces(session, shown.id, shown.balance[Place.DRAWN]))


def _offer_categories(form: f.AnalyseForm, shown: ReturnPage) -> None:
    """Offer the plant's categories with those above them; one chosen earlier stays even where it is offered no more."""
    with requests.services().uow.reading() as session:
        branches = pieces.offered_categories(session, shown.plant_id)
    offered: list[tuple[Any, str]] = [
        (one.category.id, f"{one.category.code} {formats.message(one.says())}") for one in branches
    ]
    known = {value for value, _ in offered}
    english = formats.language() == Language.EN
    for at, entry in enumerate(form.categories):
        kept = shown.counts[at] if at < len(shown.counts) else None
        former = (
            [(kept.category_id, kept.category_en if english else kept.category)]
            if kept and kept.category_id is not None and kept.category_id not in known
            else []
        )
        entry.form.category.choices = [("", gettext("Choose")), *former, *offered]


def _render(
    shown: ReturnPage,
    chosen: Step | None,
    form: Any,
    list_errors: Mapping[str, str] | None = None,
    *,
    wants_focus: bool,
) -> str:
    now = requests.services().clock()
    today = now.astimezone(ZoneInfo(shown.zone)).date()
    at = shown.balance
    found = list_errors or {}
    return render_template(
        "returns/page.html",
        page=shown,
        step=chosen,
        step_label=formats.message(chosen.action.label) if chosen else "",
        form=form,
        list_errors=found,
        list_errors_at=[(f"{name}-error", text) for name, text in found.items()],
        wants_focus=wants_focus,
        waits=_waits(shown) if chosen is None else None,
        course=_course(shown.stage),
        places=_places(shown),
        reconciled=[compared(one) for one in shown.reconciliation],
        others=_others(shown, chosen),
        documents=_documents(shown),
        late=shown.is_late_on(today),
        received=at[Place.ARRIVED],
        stored=at[Place.STORED],
        drawn=at[Place.DRAWN],
        ready=at[Place.READY],
        here=here(at),
        from_pieces=bool(shown.pieces) and not shown.counts,
        pieces_url=_pieces(shown),
        announce_url=url_for("returns.announce", complaint=shown.complaint_number),
        waiting_now=dict(waiting(shown)),
        columns=_columns(chosen),
        most=f.MOST_COUNTS if chosen and chosen.rows == "counts" else f.MOST_ROWS,
    )


def _columns(chosen: Step | None) -> list[dict[str, Any]]:
    if chosen is None or not chosen.rows:
        return []
    if chosen.rows == "counts":
        return f.columns_of_counts(url_for("suggest.phenomena"))
    return f.columns_of_plan()


def _waits(shown: ReturnPage) -> dict[str, str] | None:
    """Return what comes next and why this person cannot do it; None where nothing comes."""
    action = NEXT.get(shown.stage)
    outcome = shown.available[action] if action else None
    if action is None or not isinstance(outcome, Refused):
        return None
    return {"label": formats.message(action.label), "reason": formats.message(outcome.message)}


def _course(stage: ReturnStage) -> list[dict[str, Any]]:
    """Return the stages for a row; a cancelled return stands nowhere on it."""
    at = _COURSE.index(stage) if stage in _COURSE else -1
    return [
        {"stage": one, "done": place < at or stage is ReturnStage.CLOSED, "now": place == at,
         "near": at - 2 < place < at + 3 if at >= 0 else place == 0}
        for place, one in enumerate(_COURSE)
    ]  # fmt: skip


def _places(shown: ReturnPage) -> list[dict[str, Any]]:
    """Return where pieces are now; outside counts as how many came beyond what was received."""
    return [
        {"place": place, "quantity": quantity, "bad": place is Place.MISSING, "out": place in GONE}
        for place, quantity in shown.balance.items()
        if quantity > 0 and place not in OUTSIDE
    ]


def compared(one: Line) -> dict[str, Any]:
    """Return a comparison for the page: red where nobody has explained the difference, amber where somebody has."""
    difference, bad = one.difference, not one.explained
    size = formats.number(abs(difference))
    return {
        "label": formats.message(one.label),
        "expected": one.expected,
        "actual": one.actual,
        "difference": f"{difference:+d}" if difference else "0",
        "difference_is_none": difference == 0,
        "explanation": formats.message(one.because) if one.because else "",
        "look": "is-off" if bad else "is-apart" if difference else "",
        "bad": bad,
        "words": _in_words(difference, size) if bad else "",
    }


def _in_words(difference: int, size: str) -> str:
    if difference < 0:
        return str(gettext("%(count)s pieces too few, and nobody has said why", count=size))
    return str(gettext("%(count)s pieces too many, and nobody has said why", count=size))


def _others(shown: ReturnPage, chosen: Step | None) -> list[dict[str, Any]]:
    """Return what may be done beside the step that is shown; refused steps of other roles are not listed."""
    return [
        {
            "label": formats.message(one.action.label),
            "url": url_for("returns.step", number=shown.number, step=one.slug),
            "symbol": one.symbol,
            "reason": _nothing_there(one.action, shown),
        }
        for one in STEPS
        if one is not chosen and isinstance(shown.available[one.action], Allowed)
    ]


def _nothing_there(action: Action, shown: ReturnPage) -> str | None:
    """Return why a step that is the person's to take has nothing to act on, None where it has."""
    if action is Action.REDELIVER_RETURN and not shown.balance[Place.READY]:
        return str(gettext("Nothing is ready to go back yet."))
    if action is Action.DRAW_RETURN and not shown.balance[Place.STORED]:
        return str(gettext("Nothing is left in stock."))
    return None


def _documents(shown: ReturnPage) -> list[dict[str, str]]:
    offered = (
        ("label", gettext("Label of the parcel")),
        ("sheet", gettext("Return sheet")),
        ("rework", gettext("Rework order")),
    )
    return [
        {"url": url_for("returns_documents.paper", number=shown.number, paper=paper), "label": str(label)}
        for paper, label in offered
        if paper != "rework" or shown.plan
    ]


def _pieces(shown: ReturnPage) -> str:
    """Return where the single pieces are tested, empty before any was drawn or where there is no such page."""
    if shown.stage in _UNTESTED or "returns_pieces.grid" not in current_app.view_functions:
        return ""
    return url_for("returns_pieces.grid", number=shown.number)
