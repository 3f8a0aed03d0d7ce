"""The money of one complaint: its claims and cost lines, recorded, decided and settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.cost.claims import ClaimStep
from eightd.domain.workflow.outcome import Allowed, Outcome, Refused
from eightd.queries.money.page import ClaimView, CostView, MoneyPage, money_page
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.money import claims as claim_verbs
from eightd.usecases.money import costs as cost_verbs
from eightd.usecases.money.take_over import take_over_costs
from eightd.usecases.verb import Done
from eightd.web import formats, forms, requests
from eightd.web.money.door import amount_view, blueprint, day
from eightd.web.money.forms_of_case import ClaimForm, CostForm, PositionForm, ReasonForm, SettleForm

_CASE = "/complaints/<number>/money"
Answer = str | Response | tuple[str, int]


@blueprint.get(_CASE)
def page(number: str) -> str:
    """Show the claims, the cost lines and their sums."""
    view = _view(number)
    return render_template(
        "money/page.html",
        page=view,
        may_claim=isinstance(view.record_claim, Allowed),
        may_cost=isinstance(view.record_cost, Allowed),
        may_take_over=isinstance(view.take_over, Allowed),
        steps={claim.id: _steps(claim) for claim in view.claims},
        reasons={claim.id: _reason(claim) for claim in view.claims},
    )


@blueprint.route(f"{_CASE}/costs/new", methods=["GET", "POST"])
def new_cost(number: str) -> Answer:
    """Record a cost."""
    view = _view(number)
    _insist(view.record_cost)
    form = CostForm.of(view)
    if form.passes():
        try:
            cost_verbs.record_cost(*_order(), number=number, entry=form.entry())
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The cost was recorded."), "success")
            return _back(number, "costs")
    return _form("money/cost.html", form, page=view, cost=None)


@blueprint.route(f"{_CASE}/costs/<int:cost_id>", methods=["GET", "POST"])
def cost(number: str, cost_id: int) -> Answer:
    """Correct a cost line."""
    view = _view(number)
    found = _cost(view, cost_id)
    _insist(view.record_cost)
    form = CostForm.of(view, found)
    if form.passes():
        try:
            cost_verbs.change_cost(
                *_order(), number=number, cost_id=cost_id, version=requests.seen_version(), entry=form.entry()
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The cost was corrected."), "success")
            return _back(number, "costs")
    return _form("money/cost.html", form, page=view, cost=found)


@blueprint.route(f"{_CASE}/costs/<int:cost_id>/remove", methods=["GET", "POST"])
def remove_cost(number: str, cost_id: int) -> Answer:
    """Take out a line that was entered by mistake."""
    view = _view(number)
    found = _cost(view, cost_id)
    _insist(view.record_cost)
    form = ReasonForm()
    if form.passes():
        try:
            cost_verbs.remove_cost(
                *_order(),
                number=number,
                cost_id=cost_id,
                version=requests.seen_version(),
                reason=form.reason.data or "",
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The cost counts no more."), "success")
            return _back(number, "costs")
    return _form(
        "money/step.html",
        form,
        page=view,
        claim=None,
        version=found.version,
        title=gettext("Take out a cost entered by mistake"),
        text=gettext("It stays readable with the reason, and counts no more."),
        fields=[forms.view(form.reason)],
        label=gettext("Take out"),
    )


@blueprint.route(f"{_CASE}/claims/new", methods=["GET", "POST"])
def new_claim(number: str) -> Answer:
    """Record what the customer claims."""
    view = _view(number)
    _insist(view.record_claim)
    form = ClaimForm.of(view)
    if form.passes():
        try:
            claim_verbs.record_claim(*_order(), number=number, entry=form.entry())
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The claim was recorded. A position is wanted next."), "success")
            return _back(number, "claims")
    return _form("money/claim.html", form, page=view, claim=None)


@blueprint.route(f"{_CASE}/claims/<int:claim_id>", methods=["GET", "POST"])
def claim(number: str, claim_id: int) -> Answer:
    """Correct what the customer claims."""
    view = _view(number)
    found = _claim(view, claim_id)
    _insist(found.outcomes[ClaimStep.CHANGE])
    form = ClaimForm.of(view, found)
    if form.passes():
        try:
            claim_verbs.change_claim(
                *_order(),
                number=number,
                claim_id=claim_id,
                version=requests.seen_version(),
                entry=form.entry(),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The claim was corrected."), "success")
            return _back(number, f"claim-{claim_id}")
    return _form("money/claim.html", form, page=view, claim=found)


@blueprint.route(f"{_CASE}/claims/<int:claim_id>/position", methods=["GET", "POST"])
def position(number: str, claim_id: int) -> Answer:
    """Propose our position."""
    form = PositionForm()
    return _step(
        number,
        claim_id,
        ClaimStep.PROPOSE,
        form,
        lambda common: claim_verbs.propose_position(*_order(), **common, proposal=form.proposal()),
        title=gettext("Our position on the claim"),
        text=gettext("Whoever may approve the amount is told. It is approved by somebody else than you."),
        fields=lambda: [
            forms.view(form.position),
            amount_view(form.share, width="s"),
            amount_view(form.amount, width="m"),
            forms.view(form.reason),
        ],
        label=gettext("Propose"),
        done=gettext("The position was proposed."),
    )


@blueprint.post(f"{_CASE}/claims/<int:claim_id>/approve")
def approve(number: str, claim_id: int) -> Response:
    """Approve what was proposed."""
    claim_verbs.approve_position(*_order(), number=number, claim_id=claim_id, version=requests.seen_version())
    flash(gettext("The position was approved."), "success")
    return _back(number, f"claim-{claim_id}")


@blueprint.route(f"{_CASE}/claims/<int:claim_id>/return", methods=["GET", "POST"])
def return_claim(number: str, claim_id: int) -> Answer:
    """Return what was proposed."""
    form = ReasonForm()
    return _step(
        number,
        claim_id,
        ClaimStep.RETURN,
        form,
        lambda common: claim_verbs.return_position(*_order(), **common, reason=form.reason.data or ""),
        title=gettext("Return the position"),
        text=gettext("Another position is wanted then; whoever proposed this one is told why."),
        fields=lambda: [forms.view(form.reason)],
        label=gettext("Return it"),
        done=gettext("The position was returned."),
    )


@blueprint.route(f"{_CASE}/claims/<int:claim_id>/settle", methods=["GET", "POST"])
def settle(number: str, claim_id: int) -> Answer:
    """Record that the claim is settled."""
    form = SettleForm(data={"settled_on": _view(number).today})
    return _step(
        number,
        claim_id,
        ClaimStep.SETTLE,
        form,
        lambda common: claim_verbs.settle_claim(
            *_order(), **common, settled_on=day(form.settled_on), settlement=form.settlement.data or ""
        ),
        title=gettext("Settle the claim"),
        text=gettext("What we bear becomes an actual cost of this day, by the rate of that day."),
        fields=lambda: [forms.view(form.settled_on, width="m"), forms.view(form.settlement)],
        label=gettext("Settled"),
        done=gettext("The claim is settled."),
    )


@blueprint.route(f"{_CASE}/claims/<int:claim_id>/withdraw", methods=["GET", "POST"])
def withdraw(number: str, claim_id: int) -> Answer:
    """Record that the customer claims it no more."""
    form = ReasonForm()
    return _step(
        number,
        claim_id,
        ClaimStep.WITHDRAW,
        form,
        lambda common: claim_verbs.withdraw_claim(*_order(), **common, reason=form.reason.data or ""),
        title=gettext("The customer withdraws the claim"),
        text=gettext("What was expected to be paid counts no more."),
        fields=lambda: [forms.view(form.reason)],
        label=gettext("Withdrawn"),
        done=gettext("The claim was withdrawn."),
    )


@blueprint.get("/complaints/<number>/D8/costs")
def panel(number: str) -> str:
    """Show the recorded costs beside D8, to be taken over into its draft."""
    view = _view(number)
    return render_template("money/panel.html", page=view, may_take_over=isinstance(view.take_over, Allowed))


@blueprint.post(f"{_CASE}/take-over")
def take_over(number: str) -> Response:
    """Take the actual costs over into the draft of D8."""
    take_over_costs(*_order(), number=number, version=requests.seen_version())
    flash(gettext("The costs stand in the draft of D8 now."), "success")
    return redirect(url_for("discipline.page", number=number, code="D8"), 303)


def _step(
    number: str,
    claim_id: int,
    step: ClaimStep,
    form: forms.Form,
    carry_out: Callable[[dict[str, Any]], Done],
    *,
    title: str,
    text: str,
    fields: Callable[[], list[dict[str, Any]]],
    label: str,
    done: str,
) -> Answer:
    """Ask for what a step needs, and take it."""
    view = _view(number)
    found = _claim(view, claim_id)
    if not form.passes():
        _insist(found.outcomes[step])
    else:
        try:
            carry_out({"number": number, "claim_id": claim_id, "version": requests.seen_version()})
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(done, "success")
            return _back(number, f"claim-{claim_id}")
    return _form(
        "money/step.html",
        form,
        page=view,
        claim=found,
        version=found.version,
        title=title,
        text=text,
        fields=fields(),
        label=label,
    )


def _view(number: str) -> MoneyPage:
    services = requests.services()
    with services.uow.reading() as session:
        view = money_page(session, requests.actor(), number, services.clock(), formats.language())
    if view is None:
        abort(404)
    return view


def _cost(view: MoneyPage, cost_id: int) -> CostView:
    found = next((one for one in (*view.costs, *view.removed) if one.id == cost_id), None)
    if found is None:
        abort(404)
    return found


def _claim(view: MoneyPage, claim_id: int) -> ClaimView:
    found = next((one for one in view.claims if one.id == claim_id), None)
    if found is None:
        abort(404)
    return found


def _insist(outcome: Outcome) -> None:
    """Answer as a verb would that is refused."""
    if isinstance(outcome, Refused):
        if outcome.hidden:
            abort(404)
        raise NotAllowed(outcome.message, outcome.gates)


_PRIMARY = {ClaimStep.PROPOSE, ClaimStep.APPROVE, ClaimStep.SETTLE}


def _steps(claim: ClaimView) -> dict[str, bool]:
    """Return which steps may be taken now, and whether each is the one that is waited for."""
    return {
        step.value: step in _PRIMARY
        for step, outcome in claim.outcomes.items()
        if isinstance(outcome, Allowed)
    }


def _reason(claim: ClaimView) -> str:
    """Return why the person may not approve a position that waits, empty where that is not the question."""
    outcome = claim.outcomes[ClaimStep.APPROVE]
    return formats.message(outcome.message) if isinstance(outcome, Refused) else ""


def _order() -> tuple[Any, Any]:
    return requests.services().uow, requests.order()


def _back(number: str, anchor: str) -> Response:
    return redirect(url_for("money.page", number=number, _anchor=anchor), 303)


def _form(template: str, form: forms.Form, **values: Any) -> tuple[str, int]:
    status = 422 if form.is_sent else 200
    return render_template(template, form=form, amount_view=amount_view, **values), status
