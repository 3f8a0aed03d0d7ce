"""Relays: the mail server and the chat robots by which messages leave the program, each with a test button."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eightd.domain.messages import RelayKind
from eightd.queries.administration import plants as plant_queries
from eightd.queries.administration import relays as queries
from eightd.queries.administration.relays import RelayView
from eightd.usecases import relay_trial
from eightd.usecases.administration import relays as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words
from eightd.web.account_messages import flash_trials

blueprint = Blueprint("relays", __name__, url_prefix="/relays")

_SECURITIES = {
    "starttls": _l("STARTTLS (usual, port 587)"),
    "tls": _l("TLS from the beginning (port 465)"),
    "none": _l("None (only inside the plant's own network)"),
}


class RelayForm(forms.Form):
    """What every relay has. The secret is never filled in; empty leaves the one that is there."""

    name = wtforms.StringField(_l("What it is called"), [InputRequired(), Length(max=120)])
    plant_id = wtforms.SelectField(_l("Plant"), coerce=forms.whole_number)
    secret = wtforms.PasswordField(_l("Secret"), [Length(max=400)])
    forget_secret = wtforms.BooleanField(_l("Forget the secret"))
    ca_file = wtforms.StringField(_l("File of the plant's own certificate authority"), [Length(max=400)])
    timeout = wtforms.IntegerField(
        _l("Seconds to wait for an answer"), [Optional(), NumberRange(min=1, max=60)]
    )
    cap_per_hour = wtforms.IntegerField(
        _l("At most to one recipient in an hour"), [InputRequired(), NumberRange(min=1, max=1000)]
    )
    active = wtforms.BooleanField(_l("Active: messages leave by it"))


class SmtpForm(RelayForm):
    """A mail server."""

    host = wtforms.StringField(_l("Mail server"), [InputRequired(), Length(max=253)])
    port = wtforms.IntegerField(_l("Port"), [InputRequired(), NumberRange(min=1, max=65535)])
    security = wtforms.SelectField(_l("Encryption"), choices=lambda: list(_SECURITIES.items()))
    username = wtforms.StringField(_l("User name"), [Length(max=200)])
    secret = wtforms.PasswordField(_l("Password"), [Length(max=400)])
    from_address = wtforms.EmailField(_l("Sender's address"), [InputRequired(), forms.EMAIL, Length(max=200)])
    from_name = wtforms.StringField(_l("Sender's name"), [Length(max=120)])


class RobotForm(RelayForm):
    """A chat robot or a receiver of the plant's own."""

    url = wtforms.StringField(_l("Address of the robot"), [InputRequired(), Length(max=1000)])
    secret = wtforms.PasswordField(_l("Signing secret"), [Length(max=400)])
    proxy = wtforms.StringField(_l("Proxy"), [Optional(), Length(max=400)])


@blueprint.get("/")
def index() -> str:
    """List the relays."""
    with requests.services().uow.reading() as session:
        found = queries.relays(session, requests.actor())
    return render_template("admin/relays.html", relays=found, kinds=words.choices(RelayKind))


@blueprint.route("/new/<kind>", methods=["GET", "POST"])
def new(kind: str) -> str | Response | tuple[str, int]:
    """Make a relay of a kind."""
    if kind not in set(RelayKind):
        abort(404)
    chosen = RelayKind(kind)
    form = _form(chosen, data=_suggested(chosen) if request.method == "GET" else None)
    if form.passes():
        try:
            verbs.create_relay(
                requests.services().uow,
                requests.order(),
                kind=chosen,
                fields=_fields(chosen, form, has_secret=False),
                seal=requests.services().secrets.seal,
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.name.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return _page(chosen, form, None)


@blueprint.route("/<int:relay_id>", methods=["GET", "POST"])
def edit(relay_id: int) -> str | Response | tuple[str, int]:
    """Change a relay."""
    relay = _relay(relay_id)
    form = _form(relay.kind, data={**relay.settings, **_common(relay)})
    if form.passes():
        try:
            verbs.change_relay(
                requests.services().uow,
                requests.order(),
                relay_id=relay_id,
                version=requests.seen_version(),
                fields=_fields(relay.kind, form, has_secret=relay.has_secret),
                seal=requests.services().secrets.seal,
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.name.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return _page(relay.kind, form, relay)


@blueprint.post("/<int:relay_id>/try")
def try_out(relay_id: int) -> Response:
    """Send a test message to the administrator and say what came of it."""
    services = requests.services()
    flash_trials(relay_trial.try_relay(services, requests.order(), relay_id=relay_id))
    return redirect(url_for(".index"), 303)


def _relay(relay_id: int) -> RelayView:
    with requests.services().uow.reading() as session:
        found = queries.relay(session, requests.actor(), relay_id)
    if found is None:
        abort(404)
    return found


def _form(kind: RelayKind, data: dict[str, Any] | None) -> RelayForm:
    form = SmtpForm(data=data) if kind is RelayKind.SMTP else RobotForm(data=data)
    with requests.services().uow.reading() as session:
        plants = plant_queries.plants(session, requests.actor())
    every = gettext("Every plant that has none of its own")
    form.plant_id.choices = [("", every), *((plant.id, f"{plant.code} · {plant.name}") for plant in plants)]
    return form


def _page(kind: RelayKind, form: RelayForm, relay: RelayView | None) -> tuple[str, int]:
    page = render_template("admin/relay.html", form=form, relay=relay, kind=kind)
    return page, 422 if form.is_sent else 200


def _suggested(kind: RelayKind) -> dict[str, Any]:
    own = requests.actor().plants
    common = {
        "name": str(words.word(kind)),
        "plant_id": next(iter(own)) if len(own) == 1 else None,
        "cap_per_hour": 30,
        "active": True,
    }
    return {**common, "port": 587, "security": "starttls", "from_name": "EightD"}


def _common(relay: RelayView) -> dict[str, Any]:
    return {
        "name": relay.name,
        "plant_id": relay.plant_id,
        "cap_per_hour": relay.cap_per_hour,
        "active": relay.active,
    }


def _fields(kind: RelayKind, form: RelayForm, *, has_secret: bool) -> verbs.RelayFields:
    secret: str | None = form.secret.data or None
    if secret is None and form.forget_secret.data and has_secret:
        secret = ""
    return verbs.RelayFields(
        name=form.name.data or "",
        plant_id=form.plant_id.data,
        settings={name: form[name].data for name in verbs.settings_of(kind)},
        secret=secret,
        cap_per_hour=form.cap_per_hour.data or 0,
        active=form.active.data,
    )
