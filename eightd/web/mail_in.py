"""Mail that was read: the inbox of sales, one mail as plain text, what is done with it, its files to be saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import wtforms
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import InputRequired, Length

from eightd.domain.authority import Allowed, may
from eightd.domain.correspondence import MailState
from eightd.domain.workflow.actions import Action
from eightd.queries import mail_in as queries
from eightd.queries.mail_in import MailContent, MailFilter, MailView
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.mail_in import handle
from eightd.web import formats, forms, requests, words
from eightd.web.admin import lists

blueprint = Blueprint("mail_in", __name__, url_prefix="/mail")

_EVERY = "all"


class FileForm(forms.Form):
    """Under which complaint a mail belongs."""

    number = wtforms.StringField(_l("Number of the complaint"), [InputRequired(), Length(max=40)])


class ReasonForm(forms.Form):
    """Why a mail is dismissed, or taken back."""

    reason = wtforms.TextAreaField(_l("Why"), [InputRequired(), Length(max=2000)])


@blueprint.before_request
def _customers_side_only() -> None:
    if not isinstance(may(requests.actor(), Action.HANDLE_MAIL), Allowed):
        raise NotFound


@blueprint.get("/")
def index() -> str:
    """List the mails, those that wait where nothing else is asked for."""
    narrowed, place = _narrowed(), lists.place()
    with requests.services().uow.reading() as session:
        page = queries.mails(session, requests.actor(), narrowed, place, formats.language())
    return render_template(
        "mail_in/index.html",
        page=page,
        around=lists.around(page),
        filters=[lists.search_field(gettext("Sender, subject")), _state_field(narrowed)],
        narrowed=narrowed != MailFilter(),
        open_only=narrowed == MailFilter(),
    )


@blueprint.get("/<int:mail_id>")
def page(mail_id: int) -> str:
    """Show one mail: its text and nothing that its sender could make the browser do."""
    return _page(_mail(mail_id))


@blueprint.post("/<int:mail_id>/file")
def file(mail_id: int) -> AnyResponse | tuple[str, int]:
    """File the mail under a complaint."""
    mail, form = _mail(mail_id), FileForm()
    seen = handle.Seen(mail_id, requests.seen_version())
    if form.validate():
        services, order = requests.services(), requests.order()
        files = handle.uploads(services, order.actor, mail_id)
        try:
            done = handle.file_mail(
                services.uow, order, seen=seen, number=form.number.data or "", files=files
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The mail was filed under %(number)s.", number=done.number), "success")
            return redirect(url_for(".page", mail_id=mail_id), 303)
    return _page(mail, file_form=form), 422


@blueprint.post("/<int:mail_id>/dismiss")
def dismiss(mail_id: int) -> AnyResponse | tuple[str, int]:
    """Dismiss the mail with a reason."""
    mail, form = _mail(mail_id), ReasonForm()
    seen = handle.Seen(mail_id, requests.seen_version())
    if form.validate():
        handle.dismiss_mail(
            requests.services().uow, requests.order(), seen=seen, reason=form.reason.data or ""
        )
        flash(gettext("The mail was dismissed."), "success")
        return redirect(url_for(".index"), 303)
    return _page(mail, dismiss_form=form), 422


@blueprint.post("/<int:mail_id>/take-back")
def take_back(mail_id: int) -> AnyResponse | tuple[str, int]:
    """Let the mail wait again, with a reason."""
    mail, form = _mail(mail_id), ReasonForm()
    seen = handle.Seen(mail_id, requests.seen_version())
    if form.validate():
        handle.take_back_mail(
            requests.services().uow, requests.order(), seen=seen, reason=form.reason.data or ""
        )
        flash(gettext("The mail waits again."), "success")
        return redirect(url_for(".page", mail_id=mail_id), 303)
    return _page(mail, back_form=form), 422


@blueprint.get("/<int:mail_id>/files/<int:place>")
def download(mail_id: int, place: int) -> Response:
    """Hand out a file as it came, to be saved, never shown inside the site."""
    services = requests.services()
    with services.uow.reading() as session:
        found = queries.mail_file(session, services.uow.files, requests.actor(), mail_id, place)
    return _saved(found)


@blueprint.get("/<int:mail_id>/raw")
def raw(mail_id: int) -> Response:
    """Hand out the mail as it came."""
    services = requests.services()
    with services.uow.reading() as session:
        found = queries.raw_mail(session, services.uow.files, requests.actor(), mail_id)
    return _saved(found)


def _mail(mail_id: int) -> MailView:
    with requests.services().uow.reading() as session:
        found = queries.mail(session, requests.actor(), mail_id, formats.language())
    return found or abort(404)


def _page(
    mail: MailView,
    *,
    file_form: FileForm | None = None,
    dismiss_form: ReasonForm | None = None,
    back_form: ReasonForm | None = None,
) -> str:
    return render_template(
        "mail_in/page.html",
        mail=mail,
        file_form=file_form or FileForm(forms.NOTHING),
        dismiss_form=dismiss_form or ReasonForm(forms.NOTHING),
        back_form=back_form or ReasonForm(forms.NOTHING),
        shown=next((one for one in (file_form, dismiss_form, back_form) if one is not None), None),
    )


def _narrowed() -> MailFilter:
    chosen = request.args.get("state", MailState.OPEN.value)
    state = MailState(chosen) if chosen in set(MailState) else None
    return MailFilter(None if chosen == _EVERY else state or MailState.OPEN, lists.narrowed().text)


def _state_field(narrowed: MailFilter) -> dict[str, Any]:
    every = (_EVERY, gettext("All"))
    chosen = _EVERY if narrowed.state is None else narrowed.state.value
    return {
        "name": "state",
        "label": gettext("State"),
        "kind": "select",
        "value": chosen,
        "options": [*words.choices(MailState), every],
        "blank": False,
    }


def _saved(found: MailContent | None) -> Response:
    """Answer with bytes of a stranger: always a file without a kind, so that no browser opens it as a page."""
    if found is None:
        abort(404)
    plain = "".join(
        one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in found.filename
    )
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.filename, safe='')}"
    return Response(
        found.content, mimetype="application/octet-stream", headers={"Content-Disposition": disposition}
    )
