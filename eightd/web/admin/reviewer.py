"""How much each rule of the sceptical reviewer weighs: a plant's list, and what one customer has otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.registry import BY_ID, RULES
from eightd.queries.administration import reviewer as queries
from eightd.queries.administration.customers import customer_choices
from eightd.usecases.administration import reviewer as verbs
from eightd.web import requests

blueprint = Blueprint("reviewer", __name__, url_prefix="/reviewer")


@blueprint.get("/")
def index() -> str:
    """Show the levels of a plant, or of one customer there."""
    return _page(request.args.get("plant", type=int), request.args.get("customer", type=int))


@blueprint.post("/")
def change() -> Response | tuple[str, int]:
    """Set the levels that were chosen."""
    plant_id, customer_id = request.form.get("plant", type=int), request.form.get("customer", type=int)
    if plant_id is None:
        abort(400)
    verbs.set_levels(
        requests.services().uow,
        requests.order(),
        plant_id=plant_id,
        customer_id=customer_id,
        version=requests.seen_version(),
        levels=_chosen(),
    )
    flash(gettext("The levels were saved."), "success")
    return redirect(url_for(".index", plant=plant_id, customer=customer_id), 303)


def _chosen() -> Mapping[str, Level | None]:
    known = {level.value for level in Level}
    given = {rule: request.form.get(rule) for rule in BY_ID}
    if any(value and value not in known for value in given.values()):
        abort(400)
    return {rule: Level(value) if value else None for rule, value in given.items() if value is not None}


def _page(plant_id: int | None, customer_id: int | None) -> str:
    with requests.services().uow.reading() as session:
        plants = queries.plants(session, requests.actor())
        if not plants:
            abort(404)
        chosen = plants[0].id if plant_id is None else plant_id
        view = queries.levels(session, requests.actor(), chosen, customer_id)
        if view is None:
            abort(404)
        customers = queries.customers_with_levels(session, requests.actor(), chosen)
        choices = customer_choices(
            session, requests.actor(), frozenset() if customer_id is None else frozenset({customer_id})
        )
    return render_template(
        "admin/reviewer.html",
        view=view,
        plants=plants,
        customers=customers,
        choices=choices,
        rules=RULES,
        levels=list(Level),
    )
