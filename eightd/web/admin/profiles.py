"""Deadline profiles: milestones as rows, in versions by name."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.clock.profile import STANDARD, Profile, StartEvent, Unit
from eightd.domain.complaint import DisciplineCode
from eightd.queries.administration import profiles as queries
from eightd.usecases.administration import profiles as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words

blueprint = Blueprint("profiles", __name__, url_prefix="/profiles")


class MilestoneForm(forms.Form):
    """One milestone."""

    name = wtforms.StringField(_l("Short name"), [InputRequired(), Length(max=60)])
    title_zh = wtforms.StringField(_l("Title in Chinese"), [Length(max=60)])
    title_en = wtforms.StringField(_l("Title in English"), [Length(max=60)])
    amount = wtforms.IntegerField(_l("Amount"), [InputRequired()])
    unit = wtforms.SelectField(_l("Unit"), choices=lambda: words.choices(Unit))
    starts_at = wtforms.SelectField(
        _l("Starts at"), choices=lambda: [(one.value, words.word(one)) for one in verbs.START_EVENTS]
    )
    stoppable = wtforms.BooleanField(_l("Can be stopped"))
    disciplines = wtforms.SelectMultipleField(
        _l("Disciplines"), choices=lambda: [(one.value, one.value) for one in DisciplineCode]
    )


class ProfileForm(forms.Form):
    """The milestones of a version."""

    milestones = wtforms.FieldList(wtforms.FormField(MilestoneForm), max_entries=20)


class NewProfileForm(ProfileForm):
    """The same, with the name of a profile that does not exist yet."""

    name = wtforms.StringField(_l("Name of the profile"), [InputRequired(), Length(max=60)])


@blueprint.get("/")
def index() -> str:
    """List the profiles by name."""
    with requests.services().uow.reading() as session:
        names = queries.names(session)
    return render_template("admin/profile_names.html", names=names)


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show the versions of a name, newest first."""
    return render_template("admin/profile.html", name=name, versions=_versions(name))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make the first version of a new name."""
    form = NewProfileForm(data=_values(STANDARD))
    return _answer(form, form.name.data or "", 0)


@blueprint.route("/<name>/version", methods=["GET", "POST"])
def version(name: str) -> str | Response | tuple[str, int]:
    """Make the next version of a name, beginning with what the newest says."""
    newest = _versions(name)[0].profile
    form = ProfileForm(data=_values(newest))
    return _answer(form, name, requests.seen_version() if form.is_sent else newest.version)


def _answer(form: ProfileForm, name: str, seen: int) -> str | Response | tuple[str, int]:
    if form.passes():
        try:
            done = verbs.save_profile(
                requests.services().uow,
                requests.order(),
                name=name,
                version=seen,
                milestones=tuple(_milestone(one.form) for one in form.milestones),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=done.number), "success")
            return redirect(url_for(".show", name=name), 303)
    page = render_template(
        "admin/profile_form.html",
        form=form,
        name=name,
        version=seen,
        units=words.choices(Unit),
        events=[(one.value, words.word(one)) for one in verbs.START_EVENTS],
        codes=[(one.value, one.value) for one in DisciplineCode],
    )
    return page, 422 if form.is_sent else 200


def _versions(name: str) -> tuple[queries.ProfileVersionView, ...]:
    with requests.services().uow.reading() as session:
        found = queries.versions(session, name)
    if not found:
        abort(404)
    return found


def _values(profile: Profile) -> dict[str, object]:
    return {
        "milestones": [
            {
                "name": spec.name,
                "title_zh": spec.title_zh,
                "title_en": spec.title_en,
                "amount": spec.amount,
                "unit": spec.unit.value,
                "starts_at": spec.starts_at.value,
                "stoppable": spec.stoppable,
                "disciplines": [code.value for code in spec.disciplines],
            }
            for spec in profile.milestones
        ]
    }


def _milestone(form: MilestoneForm) -> verbs.MilestoneFields:
    chosen = set(form.disciplines.data or ())
    return verbs.MilestoneFields(
        name=form.name.data or "",
        title_zh=form.title_zh.data or "",
        title_en=form.title_en.data or "",
        amount=form.amount.data or 0,
        unit=Unit(form.unit.data),
        starts_at=StartEvent(form.starts_at.data),
        stoppable=form.stoppable.data,
        disciplines=tuple(code for code in DisciplineCode if code.value in chosen),
    )
