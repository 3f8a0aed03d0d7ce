"""Tier criteria: versions by name, and what the next one would change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.classification.criteria import STANDARD, Criteria
from eightd.queries.administration import criteria as queries
from eightd.usecases.administration import criteria as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests
from eightd.web.admin import steps

blueprint = Blueprint("criteria", __name__, url_prefix="/criteria")


class CriteriaForm(forms.Form):
    """The limits of a version."""

    valid_from_on = wtforms.DateField(_l("Holds for complaints received from"), [InputRequired()])
    functional_major = wtforms.IntegerField(_l("Functional: major from"), [InputRequired()])
    functional_general = wtforms.IntegerField(_l("Functional: general from"), [InputRequired()])
    appearance_major = wtforms.IntegerField(_l("Appearance: major from"), [InputRequired()])
    appearance_general = wtforms.IntegerField(_l("Appearance: general from"), [InputRequired()])
    low_rate_percent = wtforms.DecimalField(
        _l("Low rate: share of the quantity inspected, in %"), [InputRequired()], places=None
    )
    low_rate_can_lower_major = wtforms.BooleanField(_l("A low rate takes a major case down to general"))
    weight_major = wtforms.IntegerField(_l("Major counts"), [InputRequired()])
    weight_general = wtforms.IntegerField(_l("General counts"), [InputRequired()])
    weight_other = wtforms.IntegerField(_l("Other counts"), [InputRequired()])


class NewCriteriaForm(CriteriaForm):
    """The same, with the name of criteria that do not exist yet."""

    name = wtforms.StringField(_l("Name of the criteria"), [InputRequired(), Length(max=60)])


@blueprint.get("/")
def index() -> str:
    """List the criteria by name."""
    with requests.services().uow.reading() as session:
        names = queries.names(session, _today())
    return render_template("admin/criteria_names.html", names=names)


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show the versions of a name, newest first."""
    return render_template("admin/criteria.html", name=name, versions=_versions(name))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make the first version of a new name."""
    form = NewCriteriaForm(data=_values(STANDARD))
    return _answer(form, form.name.data or "", 0, None)


@blueprint.route("/<name>/version", methods=["GET", "POST"])
def version(name: str) -> str | Response | tuple[str, int]:
    """Make the next version of a name, beginning with what the newest says."""
    newest = _versions(name)[0].criteria
    form = CriteriaForm(data={**_values(newest), "valid_from_on": _today() + timedelta(days=1)})
    seen = requests.seen_version() if form.is_sent else newest.version
    return _answer(form, name, seen, newest)


def _answer(
    form: CriteriaForm, name: str, seen: int, newest: Criteria | None
) -> str | Response | tuple[str, int]:
    shown = {"form": form, "name": name, "version": seen, "newest": newest}
    if not form.passes() or steps.step() == "edit":
        page = render_template("admin/criteria_form.html", **shown)
        return page, 422 if form.is_sent and steps.step() != "edit" else 200
    fields = _fields(form)
    try:
        if seen and steps.step() == "look":
            criteria = fields.named(name, seen + 1)
            with requests.services().uow.reading() as session:
                preview = queries.preview(session, criteria)
            return render_template(
                "admin/criteria_preview.html",
                criteria=criteria,
                preview=preview,
                carried=steps.carried(),
                **shown,
            )
        done = verbs.save_criteria(
            requests.services().uow, requests.order(), name=name, version=seen, fields=fields
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return render_template("admin/criteria_form.html", **shown), 422
    flash(gettext("“%(name)s” was saved.", name=done.number), "success")
    return redirect(url_for(".show", name=name), 303)


def _versions(name: str) -> tuple[queries.CriteriaVersionView, ...]:
    with requests.services().uow.reading() as session:
        found = queries.versions(session, name, _today())
    if not found:
        abort(404)
    return found


def _today() -> date:
    return requests.services().clock().astimezone(ZoneInfo(requests.person().zone)).date()


def _values(criteria: Criteria) -> dict[str, object]:
    names = (
        "valid_from_on",
        "functional_major",
        "functional_general",
        "appearance_major",
        "appearance_general",
        "low_rate_percent",
        "low_rate_can_lower_major",
        "weight_major",
        "weight_general",
        "weight_other",
    )
    return {name: getattr(criteria, name) for name in names}


def _fields(form: CriteriaForm) -> verbs.CriteriaFields:
    def whole(field: wtforms.IntegerField) -> int:
        return field.data or 0

    return verbs.CriteriaFields(
        valid_from_on=form.valid_from_on.data or _today(),
        functional_major=whole(form.functional_major),
        functional_general=whole(form.functional_general),
        appearance_major=whole(form.appearance_major),
        appearance_general=whole(form.appearance_general),
        low_rate_percent=form.low_rate_percent.data or Decimal(0),
        low_rate_can_lower_major=form.low_rate_can_lower_major.data,
        weight_major=whole(form.weight_major),
        weight_general=whole(form.weight_general),
        weight_other=whole(form.weight_other),
    )
