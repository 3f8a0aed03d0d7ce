"""The catalogue of phenomena, in both languages."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.complaint import DefectKind
from eightd.queries.administration import phenomena as queries
from eightd.usecases.administration import phenomena as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words
from eightd.web.admin import lists

blueprint = Blueprint("phenomena", __name__, url_prefix="/phenomena")

_KINDS = {kind.value for kind in DefectKind}


class PhenomenonForm(forms.Form):
    """A phenomenon."""

    kind = wtforms.RadioField(_l("Kind"), choices=lambda: words.choices(DefectKind))
    text = wtforms.StringField(_l("In Chinese"), [InputRequired(), Length(max=200)])
    text_en = wtforms.StringField(_l("In English"), [Length(max=200)])
    active = wtforms.BooleanField(_l("Active: offered at registration"))


@blueprint.get("/")
def index() -> str:
    """List the phenomena."""
    kind = request.args.get("kind", "")
    with requests.services().uow.reading() as session:
        page = queries.phenomena(
            session, lists.narrowed(), lists.place(), DefectKind(kind) if kind in _KINDS else None
        )
    filters = [
        lists.search_field(gettext("Phenomenon")),
        {
            "name": "kind",
            "label": gettext("Kind"),
            "kind": "select",
            "blank": gettext("All"),
            "value": kind,
            "options": words.choices(DefectKind),
        },
        lists.state_field(),
    ]
    return render_template(
        "admin/phenomena.html",
        page=page,
        around=lists.around(page),
        filters=filters,
        narrowed=lists.is_narrowed("kind"),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a phenomenon."""
    suggested = {"kind": DefectKind.FUNCTIONAL, "active": True}
    form = PhenomenonForm(data=suggested if request.method == "GET" else None)
    if form.passes():
        try:
            verbs.create_phenomenon(requests.services().uow, requests.order(), fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.text.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template("admin/phenomenon.html", form=form, phenomenon=None), 422 if form.is_sent else 200


@blueprint.route("/<int:phenomenon_id>", methods=["GET", "POST"])
def edit(phenomenon_id: int) -> str | Response | tuple[str, int]:
    """Change a phenomenon."""
    with requests.services().uow.reading() as session:
        phenomenon = queries.phenomenon(session, phenomenon_id)
    if phenomenon is None:
        abort(404)
    form = PhenomenonForm(obj=phenomenon)
    if form.passes():
        try:
            verbs.change_phenomenon(
                requests.services().uow,
                requests.order(),
                phenomenon_id=phenomenon_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.text.data or ""), "success")
            return redirect(url_for(".index"), 303)
    status = 422 if form.is_sent else 200
    return render_template("admin/phenomenon.html", form=form, phenomenon=phenomenon), status


def _fields(form: PhenomenonForm) -> verbs.PhenomenonFields:
    return verbs.PhenomenonFields(
        kind=DefectKind(form.kind.data),
        text=form.text.data or "",
        text_en=form.text_en.data or "",
        active=form.active.data,
    )
