"""The outbox: what was given up and why, what waits, what left lately; send again or cancel."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from eightd.queries.administration import deliveries as queries
from eightd.queries.administration import relays as relay_queries
from eightd.queries.administration.deliveries import Shown
from eightd.usecases.administration import deliveries as verbs
from eightd.web import delivery_words, requests
from eightd.web.admin import lists

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")


@blueprint.get("/")
def index() -> str:
    """List deliveries; those given up first of all."""
    shown = _shown()
    relay_id = requests.asked_id("relay")
    with requests.services().uow.reading() as session:
        page = queries.deliveries(session, requests.actor(), shown, lists.place(), relay_id=relay_id)
        relays = relay_queries.names(session, requests.actor())
    filters = [
        {
            "name": "state",
            "label": gettext("State"),
            "kind": "select",
            "blank": False,
            "value": shown.value,
            "options": delivery_words.shown_choices(),
        },
        {
            "name": "relay",
            "label": gettext("Relay"),
            "kind": "select",
            "blank": gettext("All"),
            "value": "" if relay_id is None else str(relay_id),
            "options": [(str(id_), name) for id_, name in relays],
        },
    ]
    return render_template(
        "admin/deliveries.html",
        page=page,
        around=lists.around(page),
        filters=filters,
        narrowed=bool(request.args.get("relay")) or shown is not Shown.DEAD,
        shown=shown,
        subject=delivery_words.subject,
    )


@blueprint.post("/again")
def send_again() -> Response:
    """Send again what is ticked."""
    done = verbs.send_again(requests.services().uow, requests.order(), ids=_ticked())
    flash(
        ngettext("%(num)d message leaves again.", "%(num)d messages leave again.", done.id),
        "success" if done.id else "warning",
    )
    return redirect(_back(), 303)


@blueprint.post("/cancel")
def cancel() -> Response:
    """Cancel what is ticked."""
    done = verbs.cancel(requests.services().uow, requests.order(), ids=_ticked())
    flash(
        ngettext("%(num)d message was cancelled.", "%(num)d messages were cancelled.", done.id),
        "success" if done.id else "warning",
    )
    return redirect(_back(), 303)


def _ticked() -> tuple[int, ...]:
    given = request.form.getlist("ids")
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in given):
        raise BadRequest
    return tuple(map(int, given))


def _shown() -> Shown:
    given = request.args.get("state", "")
    return Shown(given) if given in set(Shown) else Shown.DEAD


def _back() -> str:
    state, relay = request.form.get("state", ""), request.form.get("relay", "")
    return url_for(
        ".index",
        state=state if state in set(Shown) else None,
        relay=relay if relay.isascii() and relay.isdigit() else None,
    )
