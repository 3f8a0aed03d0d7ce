"""Failure categories of returned pieces, on three levels."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.returns.categories import LEVELS, Branch, Meaning
from eightd.queries import registering
from eightd.queries.administration import failure_categories as queries
from eightd.queries.administration.failure_categories import CategoryTree
from eightd.usecases.administration import failure_categories as verbs
from eightd.usecases.errors import Invalid
from eightd.web import formats, forms, requests, words

blueprint = Blueprint("failure_categories", __name__, url_prefix="/failure-categories")


def _plants() -> list[tuple[str, str]]:
    with requests.services().uow.reading() as session:
        own = registering.plants(session, requests.actor(), formats.language())
    return [("", gettext("Every plant")), *((str(plant.id), plant.name) for plant in own)]


def _meaning(value: Any) -> Meaning | None:
    return Meaning(value) if value in set(Meaning) else None


class CategoryForm(forms.Form):
    """What may be changed of a category."""

    name = wtforms.StringField(_l("In Chinese"), [InputRequired(), Length(max=200)])
    name_en = wtforms.StringField(_l("In English"), [Length(max=200)])
    meaning = wtforms.SelectField(
        _l("Meaning"),
        coerce=_meaning,
        choices=lambda: [
            ("", gettext("a failure of the piece, or as the category above")),
            *words.choices(Meaning),
        ],
    )
    active = wtforms.BooleanField(_l("Active: offered for pieces and counts"))


class NewCategoryForm(CategoryForm):
    """A category to be made, with its place."""

    parent_id = wtforms.SelectField(_l("Below"), coerce=forms.whole_number)
    code = wtforms.StringField(_l("Code"), [InputRequired(), Length(max=40)])
    plant_id = wtforms.SelectField(_l("Plant"), choices=_plants, coerce=forms.whole_number)


@blueprint.get("/")
def index() -> str:
    """Show the tree."""
    return render_template(
        "admin/failure_categories.html",
        tree=_tree(),
        plants=dict(_plants()),
        shows_all=request.args.get("state") == "all",
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a category."""
    tree = _tree()
    parent = request.args.get("below", "")
    begun = {"active": True, "parent_id": int(parent) if parent.isdecimal() and len(parent) < 10 else None}
    form = NewCategoryForm(data=begun if request.method == "GET" else None)
    form.parent_id.choices = [
        ("", gettext("Nothing: at the top")),
        *(
            (str(one.category.id), f"{one.category.code} {formats.message(one.says())}")
            for one in tree.branches
            if one.level < LEVELS
        ),
    ]
    if form.passes():
        try:
            verbs.create_category(
                requests.services().uow,
                requests.order(),
                code=form.code.data or "",
                parent_id=form.parent_id.data,
                plant_id=form.plant_id.data,
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            return _saved(form)
    return _page(form, tree, None)


@blueprint.route("/<int:category_id>", methods=["GET", "POST"])
def edit(category_id: int) -> str | Response | tuple[str, int]:
    """Rename a category, say what it means, or offer it no more."""
    tree = _tree()
    branch = tree.branch(category_id) or abort(404)
    one = branch.category
    form = CategoryForm(
        data={"name": one.name, "name_en": one.name_en, "meaning": one.own_meaning, "active": one.active}
        if request.method == "GET"
        else None
    )
    if form.passes():
        try:
            verbs.change_category(
                requests.services().uow,
                requests.order(),
                category_id=category_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            return _saved(form)
    return _page(form, tree, branch)


@blueprint.post("/shipped")
def add_shipped() -> Response:
    """Add the categories that the program brings along and that are not there."""
    done = verbs.add_shipped(requests.services().uow, requests.order())
    flash(ngettext("One category was added.", "%(num)d categories were added.", done.version), "success")
    return redirect(url_for(".index"), 303)


def _tree() -> CategoryTree:
    with requests.services().uow.reading() as session:
        return queries.category_tree(session, requests.actor())


def _saved(form: CategoryForm) -> Response:
    flash(gettext("“%(name)s” was saved.", name=form.name.data or ""), "success")
    return redirect(url_for(".index"), 303)


def _page(form: CategoryForm, tree: CategoryTree, branch: Branch | None) -> tuple[str, int]:
    page = render_template(
        "admin/failure_category.html",
        form=form,
        branch=branch,
        used=0 if branch is None else tree.used.get(branch.category.id, 0),
        plants=dict(_plants()),
    )
    return page, 422 if form.is_sent else 200


def _fields(form: CategoryForm) -> verbs.CategoryFields:
    return verbs.CategoryFields(
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        meaning=form.meaning.data,
        active=form.active.data,
    )
