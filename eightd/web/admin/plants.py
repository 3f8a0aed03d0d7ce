"""Plants: name, zone, close of business, calendar, prefix of numbers."""

from __future__ import annotations

from datetime import time

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.words import Language
from eightd.queries.administration import overview
from eightd.queries.administration import plants as queries
from eightd.usecases.administration import plants as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words
from eightd.web.first_run import zones
from eightd.web.money.door import currencies

blueprint = Blueprint("plants", __name__, url_prefix="/plants")


class PlantForm(forms.Form):
    """What is kept about a plant."""

    code = wtforms.StringField(_l("Code"), [InputRequired(), Length(max=20)])
    name = wtforms.StringField(_l("Name in Chinese"), [InputRequired(), Length(max=200)])
    name_en = wtforms.StringField(_l("Name in English"), [Length(max=200)])
    zone = wtforms.SelectField(_l("Time zone"))
    language = wtforms.RadioField(_l("Language"), choices=lambda: words.choices(Language))
    close_of_business = wtforms.TimeField(_l("Close of business"), [InputRequired()])
    calendar = wtforms.SelectField(_l("Working calendar"))
    number_prefix = wtforms.StringField(_l("Prefix of complaint numbers"), [InputRequired(), Length(max=10)])
    currency = wtforms.SelectField(_l("Currency"), choices=lambda: currencies("CNY"), default="CNY")
    address = wtforms.TextAreaField(_l("Address in Chinese"), [Length(max=1000)])
    address_en = wtforms.TextAreaField(_l("Address in English"), [Length(max=1000)])


@blueprint.get("/")
def index() -> str:
    """List the plants."""
    with requests.services().uow.reading() as session:
        found = queries.plants(session, requests.actor())
    return render_template("admin/plants.html", plants=found)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make a plant."""
    form = _offering(PlantForm(data=_suggested() if request.method == "GET" else None))
    if form.passes():
        try:
            verbs.create_plant(requests.services().uow, requests.order(), fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.code.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template("admin/plant.html", form=form, plant=None), 422 if form.is_sent else 200


@blueprint.route("/<int:plant_id>", methods=["GET", "POST"])
def edit(plant_id: int) -> str | Response | tuple[str, int]:
    """Change a plant."""
    with requests.services().uow.reading() as session:
        plant = queries.plant(session, requests.actor(), plant_id)
    if plant is None:
        abort(404)
    form = _offering(PlantForm(obj=plant), plant.zone)
    if form.passes():
        try:
            verbs.change_plant(
                requests.services().uow,
                requests.order(),
                plant_id=plant_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.code.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template("admin/plant.html", form=form, plant=plant), 422 if form.is_sent else 200


def _suggested() -> dict[str, object]:
    return {"zone": requests.person().zone, "language": Language.ZH, "close_of_business": time(17, 30)}


def _offering(form: PlantForm, zone: str = "") -> PlantForm:
    with requests.services().uow.reading() as session:
        names = overview.rule_names(session).calendars
    known = zones()
    form.zone.choices = [(one, one) for one in ([zone] if zone and zone not in known else []) + known]
    form.calendar.choices = [(name, name) for name in names]
    return form


def _fields(form: PlantForm) -> verbs.PlantFields:
    return verbs.PlantFields(
        code=form.code.data or "",
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        zone=form.zone.data,
        language=Language(form.language.data),
        close_of_business=form.close_of_business.data or time(17, 30),
        calendar=form.calendar.data,
        number_prefix=form.number_prefix.data or "",
        currency=form.currency.data or "",
        address=form.address.data or "",
        address_en=form.address_en.data or "",
    )
