"""The page that makes the administrator and the plant, reachable only until it is done."""

from __future__ import annotations

from datetime import time
from zoneinfo import available_timezones

import wtforms
from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length, Optional, Regexp

from eightd.domain.words import Language
from eightd.queries import people
from eightd.usecases import passwords
from eightd.usecases.demo.plant import load_demo
from eightd.usecases.errors import Invalid
from eightd.usecases.install import INSTALLER, NewAdministrator, NewPlant, calendar_countries, install_plant
from eightd.usecases.services import Services
from eightd.usecases.sign_in import SignedIn
from eightd.web import formats, forms, requests, words
from eightd.web import session as door
from eightd.web.session import public

blueprint = Blueprint("first_run", __name__)

_DONE = "eightd.installed"
_OPEN = {"first_run.page", "auth.language", "static"}


def zones() -> list[str]:
    """Return the names of the world's time zones, regions only."""
    return sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    )


def countries() -> list[tuple[str, str]]:
    """Return code and name of the countries whose public holidays are known, China first."""
    locale = get_locale()
    names = locale.territories if locale is not None else {}
    known = [(code, str(names.get(code, code))) for code in calendar_countries()]
    return sorted(known, key=lambda one: (one[0] != "CN", one[1]))


class FirstRunForm(forms.Form):
    """The administrator and the plant."""

    name = wtforms.StringField(_l("Your name"), [InputRequired(), Length(max=120)])
    login = wtforms.StringField(
        _l("Sign-in name"),
        [
            InputRequired(),
            Length(max=80),
            Regexp(r"[\w.@+-]+$", message=_l("Letters, digits and . @ + - _ only.")),
        ],
    )
    password = wtforms.PasswordField(_l("Password"), [InputRequired()])
    again = wtforms.PasswordField(_l("Password again"), [InputRequired()])
    plant_name = wtforms.StringField(_l("Name of the plant"), [InputRequired(), Length(max=200)])
    plant_name_en = wtforms.StringField(_l("Name in English"), [Length(max=200)])
    code = wtforms.StringField(_l("Plant code"), [InputRequired(), Length(max=20)])
    number_prefix = wtforms.StringField(
        _l("Prefix of complaint numbers"),
        [InputRequired(), Regexp(r"[A-Za-z][A-Za-z0-9]{0,9}$", message=_l("Up to ten letters and digits."))],
    )
    zone = wtforms.SelectField(_l("Time zone"), choices=lambda: [(zone, zone) for zone in zones()])
    language = wtforms.RadioField(_l("Language"), choices=lambda: words.choices(Language))
    close_of_business = wtforms.TimeField(_l("Close of business"), [InputRequired()])
    country = wtforms.SelectField(_l("Public holidays of"), choices=countries)
    demo = wtforms.BooleanField(_l("Load the demonstration plant as well"), [Optional()])


def install(app: Flask, services: Services) -> None:
    """Send everybody to the page while there is no account."""

    @app.before_request
    def _first() -> Response | None:
        if request.endpoint in _OPEN or is_done(services):
            return None
        return redirect(url_for("first_run.page"), 303)


def is_done(services: Services) -> bool:
    """Return whether there is an account; once there is one there always will be, so it is asked no more."""
    if not current_app.extensions.get(_DONE):
        with services.uow.reading() as session:
            current_app.extensions[_DONE] = people.is_installed(session)
    return bool(current_app.extensions[_DONE])


@blueprint.route("/first-run", methods=["GET", "POST"])
@public
def page() -> str | Response | tuple[str, int]:
    """Make the administrator and the plant, then sign the administrator in."""
    services = requests.services()
    if is_done(services):
        abort(404)
    form = FirstRunForm(data=_suggested() if request.method == "GET" else None)
    if form.passes() and _acceptable(form):
        try:
            done = install_plant(
                services.uow,
                services.order(INSTALLER, form.name.data or "", requests.given_key()),
                plant=_plant(form),
                administrator=_administrator(form, services),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            door.begin(SignedIn(done.id, 1), services)
            if form.demo.data:
                return render_template("first_run/demo.html", summary=load_demo(services), home=door.home())
            return redirect(door.home(), 303)
    return render_template("first_run/first_run.html", form=form), 422 if form.is_sent else 200


def _suggested() -> dict[str, object]:
    chinese = formats.language() == "zh"
    return {
        "code": "P1",
        "number_prefix": "CC",
        "zone": "Asia/Shanghai",
        "language": "zh" if chinese else "en",
        "close_of_business": time(17, 30),
        "country": "CN",
    }


def _acceptable(form: FirstRunForm) -> bool:
    flaw = passwords.flaw(form.password.data or "", form.login.data or "")
    if flaw is not None:
        form.password.errors = [formats.message(flaw)]
    elif form.password.data != form.again.data:
        form.again.errors = [gettext("The two passwords differ.")]
    return not any(field.errors for field in form)


def _plant(form: FirstRunForm) -> NewPlant:
    return NewPlant(
        code=form.code.data or "",
        name=form.plant_name.data or "",
        name_en=form.plant_name_en.data or "",
        zone=form.zone.data,
        language=Language(form.language.data),
        close_of_business=form.close_of_business.data or time(17, 30),
        country=form.country.data,
        number_prefix=form.number_prefix.data or "",
    )


def _administrator(form: FirstRunForm, services: Services) -> NewAdministrator:
    return NewAdministrator(
        login=form.login.data or "",
        name=form.name.data or "",
        password_hash=services.passwords.hash(form.password.data or ""),
        language=Language(formats.language()),
    )
