"""Suppliers: the list with their record, one supplier's history, making and changing them."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length, NumberRange

from eightd.domain.suppliers.due import LONGEST_LEAD
from eightd.domain.words import Language
from eightd.queries.suppliers import listing as queries
from eightd.queries.suppliers.listing import SupplierView
from eightd.usecases.errors import Invalid
from eightd.usecases.suppliers import keep as verbs
from eightd.web import forms, requests, words
from eightd.web.admin import lists

blueprint = Blueprint("suppliers", __name__)

_LEAD = [InputRequired(), NumberRange(0, LONGEST_LEAD)]


class SupplierForm(forms.Form):
    """What is kept about a supplier."""

    code = wtforms.StringField(_l("Code"), [InputRequired(), Length(max=20)])
    name = wtforms.StringField(_l("Name in Chinese"), [InputRequired(), Length(max=200)])
    name_en = wtforms.StringField(_l("Name in English"), [Length(max=200)])
    contact = wtforms.StringField(_l("Contact"), [Length(max=200)])
    emails = wtforms.StringField(_l("E-mail addresses"), [Length(max=1000)])
    language = wtforms.RadioField(_l("Language"), choices=lambda: words.choices(Language))
    lead_analysis = wtforms.IntegerField(_l("Analysis, working days before ours"), _LEAD)
    lead_whole = wtforms.IntegerField(_l("Whole answer, working days before ours"), _LEAD)
    active = wtforms.BooleanField(_l("Active: offered when a supplier is asked"))


@blueprint.get("/suppliers")
def index() -> str:
    """List the suppliers with their record."""
    services = requests.services()
    with services.uow.reading() as session:
        page = queries.suppliers(session, requests.actor(), lists.narrowed(), lists.place(), services.clock())
    if page is None:
        abort(404)
    return render_template(
        "suppliers/index.html",
        page=page,
        around=lists.around(page),
        filters=[lists.search_field(gettext("Code, name, contact")), lists.state_field()],
        narrowed=lists.is_narrowed(),
    )


@blueprint.route("/suppliers/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make a supplier."""
    if not queries.may_keep(requests.actor()):
        abort(404)
    suggested = {"language": Language.ZH, "lead_analysis": 1, "lead_whole": 2, "active": True}
    form = SupplierForm(data=suggested)
    if form.passes():
        try:
            done = verbs.create_supplier(requests.services().uow, requests.order(), fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            return _saved(form, done.id)
    return render_template("suppliers/edit.html", form=form, supplier=None), 422 if form.is_sent else 200


@blueprint.route("/suppliers/<int:supplier_id>/edit", methods=["GET", "POST"])
def edit(supplier_id: int) -> str | Response | tuple[str, int]:
    """Change a supplier."""
    supplier = _supplier(supplier_id)
    form = SupplierForm(obj=supplier)
    if form.passes():
        try:
            verbs.change_supplier(
                requests.services().uow,
                requests.order(),
                supplier_id=supplier_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            return _saved(form, supplier_id)
    return render_template("suppliers/edit.html", form=form, supplier=supplier), 422 if form.is_sent else 200


@blueprint.get("/suppliers/<int:supplier_id>")
def history(supplier_id: int) -> str:
    """Show a supplier's record and its cases."""
    services = requests.services()
    with services.uow.reading() as session:
        view = queries.history(session, requests.actor(), supplier_id, lists.place(), services.clock())
    if view is None:
        abort(404)
    return render_template("suppliers/history.html", view=view, around=lists.around(view.cases))


def _supplier(supplier_id: int) -> SupplierView:
    with requests.services().uow.reading() as session:
        found = queries.supplier(session, requests.actor(), supplier_id)
    if found is None:
        abort(404)
    return found


def _saved(form: SupplierForm, supplier_id: int) -> Response:
    flash(gettext("“%(name)s” was saved.", name=form.code.data or ""), "success")
    return redirect(url_for(".history", supplier_id=supplier_id), 303)


def _fields(form: SupplierForm) -> verbs.SupplierFields:
    return verbs.SupplierFields(
        code=form.code.data or "",
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        contact=form.contact.data or "",
        emails=form.emails.data or "",
        language=Language(form.language.data),
        lead_analysis=form.lead_analysis.data or 0,
        lead_whole=form.lead_whole.data or 0,
        active=form.active.data,
    )
