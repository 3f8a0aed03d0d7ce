"""The wording guard: the plant's own phrases, and the shipped rules to be read."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.correspondence import WordingKind
from eightd.domain.wording_rules import SHIPPED
from eightd.domain.words import Language
from eightd.queries.administration import replies as queries
from eightd.usecases.administration import replies as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words

blueprint = Blueprint("wording", __name__, url_prefix="/wording")


class WordingForm(forms.Form):
    """A phrase of the plant's own."""

    phrase = wtforms.StringField(_l("Phrase"), [InputRequired(), Length(max=200)])
    kind = wtforms.SelectField(_l("Why not"), choices=lambda: words.choices(WordingKind))
    language = wtforms.SelectField(_l("Language"), choices=lambda: words.choices(Language))
    advice = wtforms.StringField(_l("What to write instead"), [Length(max=400)])
    active = wtforms.BooleanField(_l("Active: it is looked for"))


@blueprint.get("/")
def index() -> str:
    """List the plant's own phrases and the shipped rules."""
    with requests.services().uow.reading() as session:
        own = queries.wordings(session)
    shipped = {(rule.kind, rule.why.code): rule for rule in SHIPPED}
    return render_template("admin/wording.html", own=own, shipped=list(shipped.values()))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a phrase."""
    suggested = {"kind": WordingKind.OWN, "active": True}
    form = WordingForm(data=suggested if request.method == "GET" else None)
    if form.passes():
        try:
            verbs.create_wording(requests.services().uow, requests.order(), fields=_fields(form))
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.phrase.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template("admin/wording_rule.html", form=form, rule=None), 422 if form.is_sent else 200


@blueprint.route("/<int:rule_id>", methods=["GET", "POST"])
def edit(rule_id: int) -> str | Response | tuple[str, int]:
    """Change a phrase, or switch it off."""
    with requests.services().uow.reading() as session:
        rule = queries.wording(session, rule_id)
    if rule is None:
        abort(404)
    form = WordingForm(obj=rule)
    if form.passes():
        try:
            verbs.change_wording(
                requests.services().uow,
                requests.order(),
                rule_id=rule_id,
                version=requests.seen_version(),
                fields=_fields(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.phrase.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template("admin/wording_rule.html", form=form, rule=rule), 422 if form.is_sent else 200


def _fields(form: WordingForm) -> verbs.WordingFields:
    return verbs.WordingFields(
        kind=WordingKind(form.kind.data),
        language=Language(form.language.data),
        phrase=form.phrase.data or "",
        advice=form.advice.data or "",
        active=form.active.data,
    )
