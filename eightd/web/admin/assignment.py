"""Assignment rules of a plant: who takes which role."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length, NumberRange

from eightd.domain.complaint import Role
from eightd.queries.administration import assignment as queries
from eightd.queries.administration import customers as customer_queries
from eightd.queries.administration import parts as part_queries
from eightd.queries.administration import plants as plant_queries
from eightd.queries.administration.plants import PlantView
from eightd.usecases.administration import assignment as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words

blueprint = Blueprint("assignment", __name__, url_prefix="/assignment")


class RuleForm(forms.Form):
    """A rule to be added."""

    role = wtforms.SelectField(_l("Role"), [InputRequired()])
    customer_id = wtforms.SelectField(_l("Customer"), coerce=forms.whole_number)
    product_line = wtforms.StringField(_l("Product line"), [Length(max=80)])
    user_id = wtforms.SelectField(_l("Person"), [InputRequired()], coerce=forms.whole_number)
    rank = wtforms.IntegerField(_l("Rank"), [InputRequired(), NumberRange(min=1, max=99)])


@blueprint.get("/")
def index() -> str:
    """Show the rules of one plant, the first of the actor's where none is named."""
    plants = _plants()
    wanted = request.args.get("plant", "")
    plant = next((one for one in plants if str(one.id) == wanted), plants[0] if plants else None)
    if plant is None:
        abort(404)
    return _page(plant, plants, _form(plant, RuleForm(forms.NOTHING, data={"rank": 1})))


@blueprint.post("/<int:plant_id>")
def add(plant_id: int) -> Response | tuple[str, int]:
    """Add a rule."""
    plants = _plants()
    plant = next((one for one in plants if one.id == plant_id), None)
    if plant is None:
        abort(404)
    form = _form(plant, RuleForm())
    if form.passes():
        try:
            verbs.add_rule(requests.services().uow, requests.order(), plant_id=plant_id, fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The rule was added."), "success")
            return redirect(url_for(".index", plant=plant_id), 303)
    return _page(plant, plants, form), 422


@blueprint.post("/<int:plant_id>/<int:rule_id>/remove")
def remove(plant_id: int, rule_id: int) -> Response:
    """Take a rule back."""
    verbs.remove_rule(requests.services().uow, requests.order(), plant_id=plant_id, rule_id=rule_id)
    flash(gettext("The rule was removed."), "success")
    return redirect(url_for(".index", plant=plant_id), 303)


def _plants() -> tuple[PlantView, ...]:
    with requests.services().uow.reading() as session:
        return plant_queries.plants(session, requests.actor())


def _form(plant: PlantView, form: RuleForm) -> RuleForm:
    actor = requests.actor()
    with requests.services().uow.reading() as session:
        people = queries.candidates(session, actor, plant.id, verbs.RULE_ROLES)
        customers = customer_queries.customer_choices(session, actor)
    form.role.choices = [
        ("", gettext("Choose")),
        *((role.value, words.word(role)) for role in verbs.RULE_ROLES),
    ]
    form.customer_id.choices = [
        ("", gettext("All customers")),
        *((id_, f"{code} · {name}") for id_, code, name in customers),
    ]
    form.user_id.choices = [
        ("", gettext("Choose")),
        *((one.id, f"{one.name} ({'/'.join(role.value.upper() for role in one.roles)})") for one in people),
    ]
    return form


def _page(plant: PlantView, plants: tuple[PlantView, ...], form: RuleForm) -> str:
    with requests.services().uow.reading() as session:
        rules = queries.rules(session, requests.actor(), plant.id)
        lines = part_queries.product_lines(session)
    return render_template(
        "admin/assignment.html", plant=plant, plants=plants, rules=rules, form=form, lines=lines
    )


def _fields(form: RuleForm) -> verbs.RuleFields:
    return verbs.RuleFields(
        role=Role(form.role.data),
        customer_id=form.customer_id.data,
        product_line=form.product_line.data or None,
        user_id=form.user_id.data,
        rank=form.rank.data or 1,
    )
