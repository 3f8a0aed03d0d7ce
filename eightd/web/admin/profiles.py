"""Deadline profiles: versions by name, what the next one means for open complaints, and who goes by it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length

from eightd.domain.clock.profile import STANDARD, Profile
from eightd.queries import adoption as adoption_queries
from eightd.queries.administration import profiles as queries
from eightd.queries.administration.sample_run import sample_run
from eightd.usecases.administration import profiles as verbs
from eightd.usecases.administration.adoption import Adoption, adopt_newest
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests
from eightd.web.admin import steps
from eightd.web.admin.profile_form import NewProfileForm, ProfileForm, options, values

blueprint = Blueprint("profiles", __name__, url_prefix="/profiles")

Answer = str | Response | tuple[str, int]
_DECISION = {"adopt", "reason", "complaints"}
"""What the step after the milestones asks for."""


class AdoptionForm(forms.Form):
    """Whether open complaints go by the version as well, which of them, and why."""

    adopt = wtforms.RadioField(
        _l("For which complaints"),
        choices=lambda: [
            ("none", _l("Only those registered from now on")),
            ("all", _l("All these open complaints as well")),
            ("chosen", _l("The open complaints ticked above as well")),
        ],
        default="none",
    )
    complaints = wtforms.SelectMultipleField(
        _l("Complaints"), coerce=forms.whole_number, validate_choice=False
    )
    reason = wtforms.TextAreaField(_l("Reason"), [Length(max=2000)])

    def adoption(self) -> Adoption | None:
        """Return what was decided, None where running complaints keep their version; raises Invalid."""
        if self.adopt.data == "none":
            return None
        chosen = frozenset(one for one in self.complaints.data or () if one is not None)
        adoption = Adoption(self.reason.data or "", None if self.adopt.data == "all" else chosen)
        adoption.insist_valid()
        return adoption


@blueprint.get("/")
def index() -> str:
    """List the profiles by name."""
    with requests.services().uow.reading() as session:
        names = queries.names(session)
    return render_template("admin/profile_names.html", names=names, missing=queries.missing_examples(names))


@blueprint.post("/examples")
def examples() -> Response:
    """Add the shipped examples that are missing."""
    done = verbs.add_examples(requests.services().uow, requests.order())
    flash(
        ngettext("%(num)d example was added.", "%(num)d examples were added.", done.id),
        "success" if done.id else "message",
    )
    return redirect(url_for(".index"), 303)


@blueprint.post("/sample")
def sample() -> str:
    """Show what the milestones as typed would make of an example, as a part of the page."""
    form = ProfileForm()
    drafted = None
    if form.validate():
        with suppress(Invalid):
            drafted = verbs.drafted("example", 1, form.fields())
    if drafted is None:
        return render_template("admin/profile_sample.html", sample=None)
    services = requests.services()
    with services.uow.reading() as session:
        view = sample_run(session, requests.actor(), drafted, services.clock())
    return render_template("admin/profile_sample.html", sample=view)


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show the versions of a name, newest first."""
    return render_template("admin/profile.html", name=name, versions=_versions(name))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Make the first version of a new name."""
    form = NewProfileForm(data=values(STANDARD))
    return _answer(form, form.name.data or "", 0, None)


@blueprint.route("/<name>/version", methods=["GET", "POST"])
def version(name: str) -> Answer:
    """Make the next version of a name, beginning with what the newest says."""
    newest = _versions(name)[0].profile
    form = ProfileForm(data=values(newest))
    return _answer(form, name, requests.seen_version() if form.is_sent else newest.version, newest)


@blueprint.route("/<name>/adopt", methods=["GET", "POST"])
def adopt(name: str) -> Answer:
    """Decide which open complaints that go by an older version adopt the newest."""
    newest = _versions(name)[0].profile
    decision = AdoptionForm(data={"adopt": "chosen"})
    if decision.is_sent:
        seen = requests.seen_version()
        try:
            adoption = decision.adoption() if decision.validate() else None
            if not decision.errors:
                return redirect(_adopt(name, seen, adoption), 303)
        except Invalid as invalid:
            decision.refuse(invalid)
    page = _preview(newest, decision, saved=True)
    return page, 422 if decision.is_sent else 200


def _answer(form: ProfileForm, name: str, seen: int, newest: Profile | None) -> Answer:
    editing = form.is_sent and steps.step() == "edit"
    if editing or not form.passes():
        return _form(form, name, seen), 422 if form.is_sent and not editing else 200
    try:
        drafted = verbs.drafted(name, seen + 1, form.fields()) if newest is not None else None
        if drafted is not None and steps.step() == "look":
            return _preview(drafted, AdoptionForm(forms.NOTHING), seen=seen, before=newest)
        if drafted is not None:
            return _save(form, name, seen, drafted, newest)
        done = verbs.save_profile(
            requests.services().uow, requests.order(), name=name, version=seen, milestones=form.fields()
        )
    except Invalid as invalid:
        form.refuse_rows(invalid)
        return _form(form, name, seen), 422
    flash(gettext("“%(name)s” was saved.", name=done.number), "success")
    return redirect(url_for(".show", name=name), 303)


def _save(form: ProfileForm, name: str, seen: int, drafted: Profile, newest: Profile | None) -> Answer:
    """Save the version with what was decided about open complaints; without a reason nothing is saved."""
    decision = AdoptionForm()
    try:
        adoption = decision.adoption() if decision.validate() else None
    except Invalid as invalid:
        decision.refuse(invalid)
        adoption = None
    if decision.errors:
        return _preview(drafted, decision, seen=seen, before=newest), 422
    done = verbs.save_profile(
        requests.services().uow, requests.order(), name=name, version=seen, milestones=form.fields()
    )
    flash(gettext("“%(name)s” was saved.", name=done.number), "success")
    return redirect(_adopt(name, done.version, adoption), 303)


def _adopt(name: str, newest: int, adoption: Adoption | None) -> str:
    """Carry out what was decided; return where to go on, which is the decision again where complaints are left."""
    if adoption is None:
        return url_for(".show", name=name)
    adopted = adopt_newest(
        requests.services().uow, requests.order(), name=name, version=newest, adoption=adoption
    )
    flash(
        ngettext(
            "%(num)d open complaint goes by it now.",
            "%(num)d open complaints go by it now.",
            adopted.complaints,
        ),
        "message",
    )
    if not adopted.left:
        return url_for(".show", name=name)
    flash(
        ngettext(
            "%(num)d complaint is left: please decide once more.",
            "%(num)d complaints are left: please decide once more.",
            adopted.left,
        ),
        "warning",
    )
    return url_for(".adopt", name=name)


def _form(form: ProfileForm, name: str, seen: int) -> str:
    return render_template("admin/profile_form.html", form=form, name=name, version=seen, **options())


def _preview(
    profile: Profile,
    decision: AdoptionForm,
    *,
    seen: int | None = None,
    before: Profile | None = None,
    saved: bool = False,
) -> str:
    """Show what a version, drafted or saved already, would mean for the open complaints."""
    services = requests.services()
    with services.uow.reading() as session:
        effects = adoption_queries.effects(session, requests.actor(), profile, services.clock())
    shown: dict[str, Any] = {"carried": []}
    if request.method == "POST" and not saved:
        shown["carried"] = [(name, value) for name, value in steps.carried() if name not in _DECISION]
    return render_template(
        "admin/profile_preview.html",
        name=profile.name,
        profile=profile,
        before=before,
        effects=effects,
        form=decision,
        version=profile.version if seen is None else seen,
        saved=saved,
        **shown,
    )


def _versions(name: str) -> tuple[queries.ProfileVersionView, ...]:
    with requests.services().uow.reading() as session:
        found = queries.versions(session, name)
    if not found:
        abort(404)
    return found
