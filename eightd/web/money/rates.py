"""Exchange rates and approval limits of a plant, kept as data by finance and the quality manager."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import wtforms
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.complaint import Role
from eightd.domain.cost.approvals import APPROVERS, Limits
from eightd.queries.money import kept
from eightd.queries.money.kept import PlantView
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.money import limits as verbs
from eightd.usecases.money.limits import RateEntry
from eightd.web import formats, forms, requests, words
from eightd.web.money.costs import tabs
from eightd.web.money.door import AmountField, amount_view, blueprint, currencies, day

Answer = str | Response | tuple[str, int]


class RateForm(forms.Form):
    """One rate."""

    currency = wtforms.SelectField(_l("Currency"))
    from_on = wtforms.DateField(_l("Holds from"), [InputRequired()])
    rate = AmountField(_l("Exchange rate"), [InputRequired(), Length(max=40)])


class PasteForm(forms.Form):
    """Rates copied from a table."""

    text = wtforms.TextAreaField(
        _l("One rate a line: currency, day, rate"), [InputRequired(), Length(max=100_000)]
    )


class LimitsForm(forms.Form):
    """Up to which amount each role approves: empty nothing, or without a limit."""

    cqe = AmountField(_l("Up to and including"), [Length(max=40)])
    cqe_any = wtforms.BooleanField(_l("Any amount"))
    finance = AmountField(_l("Up to and including"), [Length(max=40)])
    finance_any = wtforms.BooleanField(_l("Any amount"))
    quality_manager = AmountField(_l("Up to and including"), [Length(max=40)])
    quality_manager_any = wtforms.BooleanField(_l("Any amount"))


@blueprint.route("/costs/rates", methods=["GET", "POST"])
def rates() -> Answer:
    """Show the rates of a plant's currency; enter one, or several at once."""
    plants, plant = _plant()
    pasting = "text" in request.form
    form = RateForm(
        forms.NOTHING if pasting else None, data={"from_on": kept.today(plant, requests.services().clock())}
    )
    form.currency.choices = [one for one in currencies("USD") if one[0] != plant.currency]
    paste = PasteForm(None if pasting else forms.NOTHING)
    sent: forms.Form = paste if pasting else form
    if sent.passes():
        try:
            entries = (
                verbs.read_rates(paste.text.data or "")
                if pasting
                else (RateEntry(form.currency.data or "", day(form.from_on), form.rate.number),)
            )
            done = verbs.set_rates(
                requests.services().uow, requests.order(), plant_id=plant.id, entries=entries
            )
        except Invalid as invalid:
            sent.refuse(invalid)
        else:
            flash(gettext("%(count)d rates were saved.", count=done.version), "success")
            return redirect(url_for("money.rates", plant=plant.id), 303)
    with requests.services().uow.reading() as session:
        found = kept.rates(session, plant)
    status = 422 if sent.is_sent else 200
    return (
        render_template(
            "money/rates.html",
            form=form,
            paste=paste,
            found=found,
            amount_view=amount_view,
            **_frame(plants, plant),
        ),
        status,
    )


@blueprint.post("/costs/rates/remove")
def remove_rate() -> Response:
    """Take out a rate that was entered by mistake."""
    _, plant = _plant()
    try:
        from_on = date.fromisoformat(request.form.get("from_on", ""))
    except ValueError:
        raise BadRequest from None
    verbs.remove_rate(
        requests.services().uow,
        requests.order(),
        plant_id=plant.id,
        currency=request.form.get("currency", ""),
        from_on=from_on,
    )
    flash(gettext("The rate was removed. Costs that were recorded keep theirs."), "success")
    return redirect(url_for("money.rates", plant=plant.id), 303)


@blueprint.route("/costs/limits", methods=["GET", "POST"])
def limits() -> Answer:
    """Show and set up to which amount each role approves."""
    plants, plant = _plant()
    with requests.services().uow.reading() as session:
        found, version = kept.limits(session, plant)
    form = LimitsForm(data=_given(found))
    if form.passes():
        try:
            verbs.set_limits(
                requests.services().uow,
                requests.order(),
                plant_id=plant.id,
                version=requests.seen_version(),
                limits=_typed(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The approval limits were saved."), "success")
            return redirect(url_for("money.limits", plant=plant.id), 303)
    status = 422 if form.is_sent else 200
    return (
        render_template(
            "money/limits.html",
            form=form,
            version=version,
            rows=[(words.word(role), form[role.value], form[f"{role.value}_any"]) for role in APPROVERS],
            amount_view=amount_view,
            **_frame(plants, plant),
        ),
        status,
    )


def _given(found: Limits) -> dict[str, Any]:
    return {
        **{role.value: f"{up_to.normalize():f}" for role, up_to in found.items() if up_to is not None},
        **{f"{role.value}_any": up_to is None for role, up_to in found.items()},
    }


def _typed(form: LimitsForm) -> dict[Role, Decimal | None]:
    found: dict[Role, Decimal | None] = {}
    for role in APPROVERS:
        field = form[role.value]
        amount = field.number if isinstance(field, AmountField) else None
        if form[f"{role.value}_any"].data:
            found[role] = None
        elif amount is not None:
            found[role] = amount
    return found


def _plant() -> tuple[tuple[PlantView, ...], PlantView]:
    """Return the plants whose data the person keeps, and the one that is asked for; else there is nothing here."""
    with requests.services().uow.reading() as session:
        known = kept.plants(session, requests.actor(), formats.language())
    asked = request.args.get("plant") or request.form.get("plant", "")
    chosen: Iterable[PlantView] = [one for one in known if str(one.id) == asked] if asked else known
    found = next(iter(chosen), None)
    if found is None:
        raise NotFound
    return known, found


def _frame(plants: tuple[PlantView, ...], plant: PlantView) -> dict[str, Any]:
    return {"plants": plants, "plant": plant, "tabs": tabs(plant.id)}
