"""The plant's own reply templates: text with places, looked at on a real complaint before they are saved."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.correspondence import TemplateKind
from eightd.domain.reply_texts import LONGEST_BODY, LONGEST_SUBJECT, PLACES, ReplyText
from eightd.domain.words import Language
from eightd.queries.administration import customers as customer_queries
from eightd.queries.administration import replies as queries
from eightd.queries.administration.replies import TemplateView
from eightd.usecases.administration import replies as verbs
from eightd.usecases.errors import Invalid
from eightd.usecases.replies.templates import shipped_template
from eightd.web import forms, requests, words

blueprint = Blueprint("reply_templates", __name__, url_prefix="/reply-templates")

_KINDS, _LANGUAGES = set(TemplateKind), set(Language)


class TemplateForm(forms.Form):
    """A template."""

    kind = wtforms.SelectField(_l("Reply"), choices=lambda: words.choices(TemplateKind))
    language = wtforms.SelectField(_l("Language"), choices=lambda: words.choices(Language))
    customer_id = wtforms.SelectField(_l("Customer"), coerce=forms.whole_number)
    subject = wtforms.StringField(_l("Subject"), [InputRequired(), Length(max=LONGEST_SUBJECT)])
    body = wtforms.TextAreaField(_l("Text"), [InputRequired(), Length(max=LONGEST_BODY)])
    active = wtforms.BooleanField(_l("Active: drafts are written from it"))
    number = wtforms.StringField(
        _l("Look at it on complaint"),
        [Length(max=40)],
        description=_l("A number; without one the places are shown by name."),
    )


@blueprint.get("/")
def index() -> str:
    """List the plant's own templates, and the shipped ones that hold where there is none."""
    with requests.services().uow.reading() as session:
        own = queries.templates(session, requests.actor())
    return render_template(
        "admin/reply_templates.html", own=own, kinds=list(TemplateKind), languages=list(Language)
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a template, beginning with the shipped one."""
    kind, language = request.args.get("kind", "initial"), request.args.get("language", "zh")
    if kind not in _KINDS or language not in _LANGUAGES:
        abort(404)
    shipped = shipped_template(requests.services().uow.reports, TemplateKind(kind), Language(language))
    form: Any = TemplateForm(
        data={
            "kind": kind,
            "language": language,
            "subject": shipped.subject,
            "body": shipped.body,
            "active": True,
        }
        if request.method == "GET"
        else None
    )
    return _carry(form, None)


@blueprint.route("/<int:template_id>", methods=["GET", "POST"])
def edit(template_id: int) -> str | Response | tuple[str, int]:
    """Change a template."""
    with requests.services().uow.reading() as session:
        template = queries.template(session, requests.actor(), template_id)
    if template is None:
        abort(404)
    return _carry(TemplateForm(obj=template), template)


def _carry(form: Any, template: TemplateView | None) -> str | Response | tuple[str, int]:
    _offer(form, template)
    if not form.is_sent:
        return _page(form, template)
    if not form.validate():
        return _page(form, template), 422
    services = requests.services()
    fields = verbs.TemplateFields(
        kind=TemplateKind(form.kind.data),
        language=Language(form.language.data),
        customer_id=form.customer_id.data,
        subject=form.subject.data or "",
        body=(form.body.data or "").replace("\r\n", "\n"),
        active=form.active.data,
    )
    try:
        if request.form.get("do") == "preview":
            seen = verbs.preview_template(
                services.uow,
                requests.actor(),
                fields,
                number=form.number.data or "",
                sender=requests.person().name,
            )
            return _page(form, template, seen)
        if template is None:
            verbs.create_template(services.uow, requests.order(), fields=fields)
        else:
            verbs.change_template(
                services.uow,
                requests.order(),
                template_id=template.id,
                version=requests.seen_version(),
                fields=fields,
            )
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(form, template), 422
    flash(gettext("“%(name)s” was saved.", name=words.word(fields.kind)), "success")
    return redirect(url_for(".index"), 303)


def _offer(form: Any, template: TemplateView | None) -> None:
    also = (
        frozenset() if template is None or template.customer_id is None else frozenset({template.customer_id})
    )
    with requests.services().uow.reading() as session:
        customers = customer_queries.customer_choices(session, requests.actor(), also)
    named = ((one, f"{code} · {name}") for one, code, name in customers)
    offered: list[Any] = [("", gettext("All customers")), *named]
    form.customer_id.choices = lambda: offered


def _page(form: Any, template: TemplateView | None, seen: ReplyText | None = None) -> str:
    return render_template(
        "admin/reply_template.html", form=form, template=template, seen=seen, places=PLACES
    )
