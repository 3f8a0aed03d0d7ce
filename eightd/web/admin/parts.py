"""Parts as we name them."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.queries.administration import parts as queries
from eightd.usecases.administration import parts as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests
from eightd.web.admin import lists

blueprint = Blueprint("parts", __name__, url_prefix="/parts")


class PartForm(forms.Form):
    """What is kept about a part."""

    number = wtforms.StringField(_l("Part number"), [InputRequired(), Length(max=80)])
    name = wtforms.StringField(_l("Name in Chinese"), [InputRequired(), Length(max=200)])
    name_en = wtforms.StringField(_l("Name in English"), [Length(max=200)])
    customer_number = wtforms.StringField(_l("Customer's part number"), [Length(max=80)])
    drawing_revision = wtforms.StringField(_l("Drawing revision"), [Length(max=40)])
    product_line = wtforms.StringField(_l("Product line"), [Length(max=80)])
    active = wtforms.BooleanField(_l("Active: offered at registration"))


@blueprint.get("/")
def index() -> str:
    """List the parts."""
    with requests.services().uow.reading() as session:
        page = queries.parts(session, lists.narrowed(), lists.place())
    return render_template(
        "admin/parts.html",
        page=page,
        around=lists.around(page),
        filters=[lists.search_field(gettext("Number, name, product line")), lists.state_field()],
        narrowed=lists.is_narrowed(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make a part."""
    form = PartForm(data={"active": True} if request.method == "GET" else None)
    if form.passes():
        try:
            verbs.create_part(requests.services().uow, requests.order(), fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.number.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return _page(form, None)


@blueprint.route("/<int:part_id>", methods=["GET", "POST"])
def edit(part_id: int) -> str | Response | tuple[str, int]:
    """Change a part."""
    with requests.services().uow.reading() as session:
        part = queries.part(session, part_id)
    if part is None:
        abort(404)
    form = PartForm(obj=part)
    if form.passes():
        try:
            verbs.change_part(
                requests.services().uow,
                requests.order(),
                part_id=part_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.number.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return _page(form, part)


def _page(form: PartForm, part: queries.PartView | None) -> tuple[str, int]:
    with requests.services().uow.reading() as session:
        lines = queries.product_lines(session)
    return render_template("admin/part.html", form=form, part=part, lines=lines), 422 if form.is_sent else 200


def _fields(form: PartForm) -> verbs.PartFields:
    return verbs.PartFields(
        number=form.number.data or "",
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        customer_number=form.customer_number.data or "",
        drawing_revision=form.drawing_revision.data or "",
        product_line=form.product_line.data or "",
        active=form.active.data,
    )
