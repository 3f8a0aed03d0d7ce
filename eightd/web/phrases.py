"""The catalogue of wordings to start from: for those who extend the catalogue in their plant, and administrators."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.authority import Allowed, may
from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.actions import Action
from eightd.queries import phrases as queries
from eightd.queries import registering
from eightd.usecases import phrases as verbs
from eightd.usecases.errors import Invalid, NotFound
from eightd.web import formats, forms, requests, words
from eightd.web.admin import lists
from eightd.web.discipline_forms.labels import label_of, labels_of

blueprint = Blueprint("phrases", __name__, url_prefix="/phrases")

_CODES = {code.value for code in DisciplineCode}


def _administers() -> bool:
    return isinstance(may(requests.actor(), Action.ADMINISTER), Allowed)


def _places() -> list[tuple[str, str]]:
    made = []
    for code in DisciplineCode:
        made.append((f"{code.value}:", f"{code.value} · {gettext('any field')}"))
        made += [
            (f"{code.value}:{field}", f"{code.value} · {label}") for field, label in labels_of(code).items()
        ]
    return made


def _plants() -> list[tuple[str, str]]:
    with requests.services().uow.reading() as session:
        own = registering.plants(session, requests.actor(), formats.language())
    every = [("", gettext("Every plant"))] if _administers() else []
    return [*every, *((str(plant.id), plant.name) for plant in own)]


class PhraseForm(forms.Form):
    """A wording and what it is for."""

    place = wtforms.SelectField(_l("For"), [InputRequired()], choices=_places)
    text_zh = wtforms.TextAreaField(_l("In Chinese"), [Length(max=verbs.LONGEST)])
    text_en = wtforms.TextAreaField(_l("In English"), [Length(max=verbs.LONGEST)])
    plant_id = wtforms.SelectField(_l("Plant"), choices=_plants, coerce=forms.whole_number)
    active = wtforms.BooleanField(_l("Active: offered while somebody writes"))


@blueprint.before_request
def _keepers_only() -> None:
    if not queries.keeps_phrases(requests.actor()):
        raise NotFound


@blueprint.get("/")
def index() -> str:
    """List the wordings."""
    chosen = request.args.get("discipline", "")
    code = DisciplineCode(chosen) if chosen in _CODES else None
    with requests.services().uow.reading() as session:
        page = queries.phrases(session, requests.actor(), lists.narrowed(), lists.place(), code)
    filters = [
        lists.search_field(gettext("Text")),
        {
            "name": "discipline",
            "label": gettext("Discipline"),
            "kind": "select",
            "blank": gettext("All"),
            "value": chosen,
            "options": words.choices(DisciplineCode),
        },
        lists.state_field(),
    ]
    return render_template(
        "texts/phrases.html",
        page=page,
        around=lists.around(page),
        filters=filters,
        narrowed=lists.is_narrowed("discipline"),
        label=lambda one: label_of(one.code, one.field) if one.field else gettext("any field"),
        administers=_administers(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a wording."""
    suggested = {"active": True}
    form = PhraseForm(data=suggested if request.method == "GET" else None)
    if form.passes():
        try:
            verbs.create_phrase(requests.services().uow, requests.order(), fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The phrase was saved."), "success")
            return redirect(url_for(".index"), 303)
    return render_template("texts/phrase.html", form=form, phrase=None), 422 if form.is_sent else 200


@blueprint.route("/<int:phrase_id>", methods=["GET", "POST"])
def edit(phrase_id: int) -> str | Response | tuple[str, int]:
    """Change a wording, or offer it no more."""
    with requests.services().uow.reading() as session:
        phrase = queries.phrase(session, requests.actor(), phrase_id)
    if phrase is None or not phrase.may_change:
        abort(404)
    form = PhraseForm(obj=phrase, data={"place": f"{phrase.code.value}:{phrase.field}"})
    if form.passes():
        try:
            verbs.change_phrase(
                requests.services().uow,
                requests.order(),
                phrase_id=phrase_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The phrase was saved."), "success")
            return redirect(url_for(".index"), 303)
    return render_template("texts/phrase.html", form=form, phrase=phrase), 422 if form.is_sent else 200


@blueprint.post("/shipped")
def add_shipped() -> Response:
    """Add the wordings that the program brings along and that are not there."""
    done = verbs.add_shipped(requests.services().uow, requests.order())
    flash(ngettext("One phrase was added.", "%(num)d phrases were added.", done.version), "success")
    return redirect(url_for(".index"), 303)


def _fields(form: PhraseForm) -> verbs.PhraseFields:
    code, _, field = str(form.place.data).partition(":")
    return verbs.PhraseFields(
        code=DisciplineCode(code),
        field=field,
        text_zh=form.text_zh.data or "",
        text_en=form.text_en.data or "",
        plant_id=form.plant_id.data,
        active=form.active.data,
    )
