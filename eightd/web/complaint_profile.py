"""Letting one complaint go by another deadline profile: the form, and what it would mean before it is sent."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import Blueprint, abort, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from eightd.queries import adoption as queries
from eightd.web import formats, requests
from eightd.web.complaint_forms import ActionForm

blueprint = Blueprint("complaint_profile", __name__, url_prefix="/complaints/<number>")


class ProfileForm(ActionForm):
    """Which version, and why."""

    profile = wtforms.SelectField(_l("Deadline profile"), [InputRequired()])
    reason = wtforms.TextAreaField(_l("Reason"), [Length(max=20_000)])


def offer(form: Any, profiles: tuple[queries.ProfileChoice, ...]) -> None:
    """Give the form the versions to choose from, each with the pace of its milestones."""
    if isinstance(form, ProfileForm):
        offered = [(one.ref, f"{one.ref} · {formats.message(one.pace)}") for one in profiles]
        form.profile.choices = [("", gettext("Choose")), *offered]


@blueprint.get("/profile/effect")
def effect(number: str) -> str:
    """Show what a version would mean for the complaint's milestones, as a part of the page."""
    services = requests.services()
    with services.uow.reading() as session:
        view = queries.effect(
            session, requests.actor(), number, request.args.get("profile", ""), services.clock()
        )
    if view is None:
        abort(404)
    return render_template("complaint/profile_effect.html", effect=view)
