"""Customers and how they want to be served."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.complaint import Tier
from eightd.domain.words import Language
from eightd.queries.administration import customers as queries
from eightd.queries.administration import overview
from eightd.usecases.administration import customers as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words
from eightd.web.admin import lists

blueprint = Blueprint("customers", __name__, url_prefix="/customers")


class CustomerForm(forms.Form):
    """What is kept about a customer."""

    code = wtforms.StringField(_l("Code"), [InputRequired(), Length(max=20)])
    name = wtforms.StringField(_l("Name in Chinese"), [InputRequired(), Length(max=200)])
    name_en = wtforms.StringField(_l("Name in English"), [Length(max=200)])
    contact = wtforms.StringField(_l("Contact"), [Length(max=200)])
    language = wtforms.RadioField(_l("Language"), choices=lambda: words.choices(Language))
    calendar = wtforms.SelectField(_l("Working calendar"))
    emails = wtforms.StringField(_l("E-mail addresses for replies"), [Length(max=1000)])
    profile = wtforms.SelectField(_l("Deadline profile"))
    profile_major = wtforms.SelectField(_l("Deadline profile when major"))
    profile_general = wtforms.SelectField(_l("Deadline profile when general"))
    profile_other = wtforms.SelectField(_l("Deadline profile when other"))
    criteria = wtforms.SelectField(_l("Tier criteria"))
    accepts_stops = wtforms.BooleanField(_l("Accepts stopped clocks"))
    active = wtforms.BooleanField(_l("Active: offered at registration"))


@blueprint.get("/")
def index() -> str:
    """List the customers."""
    with requests.services().uow.reading() as session:
        page = queries.customers(session, requests.actor(), lists.narrowed(), lists.place())
    return render_template(
        "admin/customers.html",
        page=page,
        around=lists.around(page),
        filters=[lists.search_field(gettext("Code, name, contact")), lists.state_field()],
        narrowed=lists.is_narrowed(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make a customer."""
    suggested = {
        "language": Language.ZH,
        "profile": "standard",
        "criteria": "standard",
        "accepts_stops": True,
        "active": True,
    }
    form = _offering(CustomerForm(data=suggested if request.method == "GET" else None))
    if form.passes():
        try:
            verbs.create_customer(requests.services().uow, requests.order(), fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.code.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template(
        "admin/customer.html", form=form, customer=None, tiers=Tier
    ), 422 if form.is_sent else 200


@blueprint.route("/<int:customer_id>", methods=["GET", "POST"])
def edit(customer_id: int) -> str | Response | tuple[str, int]:
    """Change a customer."""
    with requests.services().uow.reading() as session:
        customer = queries.customer(session, requests.actor(), customer_id)
    if customer is None:
        abort(404)
    tiers = {f"profile_{tier.value}": name for tier, name in customer.tier_profiles.items()}
    form = _offering(CustomerForm(obj=customer, data=tiers))
    if form.passes():
        try:
            verbs.change_customer(
                requests.services().uow,
                requests.order(),
                customer_id=customer_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.code.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template(
        "admin/customer.html", form=form, customer=customer, tiers=Tier
    ), 422 if form.is_sent else 200


def _offering(form: CustomerForm) -> CustomerForm:
    with requests.services().uow.reading() as session:
        names = overview.rule_names(session)
    form.calendar.choices = [("", gettext("The plant's")), *((name, name) for name in names.calendars)]
    form.profile.choices = [(name, name) for name in names.profiles]
    for field in (form.profile_major, form.profile_general, form.profile_other):
        field.choices = [("", gettext("As usual")), *((name, name) for name in names.profiles)]
    form.criteria.choices = [(name, name) for name in names.criteria]
    for name in ("calendar", *(f"profile_{tier.value}" for tier in Tier)):
        if form[name].data is None or form[name].data == "None":
            form[name].data = ""
    return form


def _fields(form: CustomerForm) -> verbs.CustomerFields:
    return verbs.CustomerFields(
        code=form.code.data or "",
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        contact=form.contact.data or "",
        language=Language(form.language.data),
        calendar=form.calendar.data or None,
        profile=form.profile.data,
        criteria=form.criteria.data,
        accepts_stops=form.accepts_stops.data,
        active=form.active.data,
        emails=form.emails.data or "",
        tier_profiles={
            tier: form[f"profile_{tier.value}"].data for tier in Tier if form[f"profile_{tier.value}"].data
        },
    )
