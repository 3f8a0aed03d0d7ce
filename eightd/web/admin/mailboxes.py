"""Mailboxes that are read for a plant, each with a test button."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eightd.notifications.mail_in.mailbox import Security
from eightd.queries.administration import mailboxes as queries
from eightd.queries.administration import plants as plant_queries
from eightd.queries.administration.mailboxes import MailboxView
from eightd.usecases.administration import mailboxes as verbs
from eightd.usecases.errors import Invalid
from eightd.web import formats, forms, requests

blueprint = Blueprint("mailboxes", __name__, url_prefix="/mailboxes")

_SECURITIES = {
    Security.TLS.value: _l("TLS from the beginning (usual, port 993)"),
    Security.STARTTLS.value: _l("STARTTLS (port 143)"),
    Security.NONE.value: _l("None (only inside the plant's own network)"),
}
_BEFORE = timedelta(days=1)


class MailboxForm(forms.Form):
    """How a mailbox is reached. The password is never filled in; empty leaves the one that is there."""

    name = wtforms.StringField(_lp("thing", "Name"), [InputRequired(), Length(max=120)])
    plant_id = wtforms.SelectField(_l("Plant"), [InputRequired()], coerce=forms.whole_number)
    host = wtforms.StringField(_l("Mail server (IMAP)"), [InputRequired(), Length(max=253)])
    port = wtforms.IntegerField(_l("Port"), [InputRequired(), NumberRange(min=1, max=65535)])
    security = wtforms.SelectField(_l("Encryption"), choices=lambda: list(_SECURITIES.items()))
    username = wtforms.StringField(_l("User name"), [InputRequired(), Length(max=200)])
    password = wtforms.PasswordField(_l("Password"), [Length(max=400)])
    folder = wtforms.StringField(_l("Folder"), [InputRequired(), Length(max=200)])
    since = wtforms.DateField(_l("Mails since"), [Optional()])
    ca_file = wtforms.StringField(_l("File of the plant's own certificate authority"), [Length(max=400)])
    active = wtforms.BooleanField(_l("Active: the mailbox is read"))


@blueprint.get("/")
def index() -> str:
    """List the mailboxes."""
    with requests.services().uow.reading() as session:
        found = queries.mailboxes(session, requests.actor(), formats.language())
    return render_template("admin/mailboxes.html", mailboxes=found)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make a mailbox."""
    form = _form(_suggested() if request.method == "GET" else None)
    if form.passes():
        try:
            verbs.create_mailbox(
                requests.services().uow,
                requests.order(),
                fields=_fields(form),
                seal=requests.services().secrets.seal,
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            return _saved(form)
    return _page(form, None)


@blueprint.route("/<int:mailbox_id>", methods=["GET", "POST"])
def edit(mailbox_id: int) -> str | Response | tuple[str, int]:
    """Change a mailbox."""
    with requests.services().uow.reading() as session:
        mailbox = queries.mailbox(session, requests.actor(), mailbox_id, formats.language())
    if mailbox is None:
        abort(404)
    form = _form(_shown(mailbox))
    if form.passes():
        try:
            verbs.change_mailbox(
                requests.services().uow,
                requests.order(),
                mailbox_id=mailbox_id,
                version=requests.seen_version(),
                fields=_fields(form),
                seal=requests.services().secrets.seal,
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            return _saved(form)
    return _page(form, mailbox)


@blueprint.post("/<int:mailbox_id>/try")
def try_out(mailbox_id: int) -> Response:
    """Sign in to the mailbox and say what was seen, or what went wrong."""
    message, good = verbs.try_mailbox(requests.services(), requests.order(), mailbox_id=mailbox_id)
    flash(formats.message(message), "success" if good else "error")
    return redirect(url_for(".index"), 303)


def _saved(form: MailboxForm) -> Response:
    flash(gettext("“%(name)s” was saved.", name=form.name.data or ""), "success")
    return redirect(url_for(".index"), 303)


def _form(data: dict[str, Any] | None) -> MailboxForm:
    form = MailboxForm(data=data)
    with requests.services().uow.reading() as session:
        plants = plant_queries.plants(session, requests.actor())
    form.plant_id.choices = [(plant.id, f"{plant.code} · {plant.name}") for plant in plants]
    return form


def _page(form: MailboxForm, mailbox: MailboxView | None) -> tuple[str, int]:
    return render_template("admin/mailbox.html", form=form, mailbox=mailbox), 422 if form.is_sent else 200


def _suggested() -> dict[str, Any]:
    today = requests.services().clock().astimezone(ZoneInfo(requests.person().zone)).date()
    own = sorted(requests.actor().plants)
    return {
        "name": gettext("Complaints"),
        "plant_id": own[0] if len(own) == 1 else None,
        "port": 993,
        "security": Security.TLS.value,
        "folder": "INBOX",
        "since": today - _BEFORE,
        "active": True,
    }


def _shown(mailbox: MailboxView) -> dict[str, Any]:
    since = mailbox.settings.get("since")
    return {
        **mailbox.settings,
        "since": date.fromisoformat(since) if since else None,
        "name": mailbox.name,
        "plant_id": mailbox.plant_id,
        "active": mailbox.active,
    }


def _fields(form: MailboxForm) -> verbs.MailboxFields:
    return verbs.MailboxFields(
        name=form.name.data or "",
        plant_id=form.plant_id.data or 0,
        host=form.host.data or "",
        port=form.port.data or 0,
        security=Security(form.security.data),
        username=form.username.data or "",
        password=form.password.data or None,
        folder=form.folder.data or "",
        since=form.since.data,
        ca_file=form.ca_file.data or "",
        active=form.active.data,
    )
