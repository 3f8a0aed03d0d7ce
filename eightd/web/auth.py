"""Sign in, sign out, and the language switch, which works signed out too."""

from __future__ import annotations

import wtforms
from flask import Blueprint, redirect, render_template, request, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.words import Language
from eightd.usecases import accounts
from eightd.usecases.errors import NotAllowed
from eightd.usecases.sign_in import sign_in as let_in
from eightd.web import formats, forms, requests
from eightd.web import session as door
from eightd.web.session import public

blueprint = Blueprint("auth", __name__)


class SignInForm(forms.Form):
    """Who wants to come in."""

    login = wtforms.StringField(_l("Sign-in name"), [InputRequired(), Length(max=80)])
    password = wtforms.PasswordField(_l("Password"), [InputRequired()])


@blueprint.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | tuple[str, int]:
    """Ask for name and password; afterwards on to where the person wanted to go."""
    target = door.safe_next(request.values.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target or door.home(), 303)
    form = SignInForm()
    refused, status = "", 200
    if form.passes():
        services = requests.services()
        try:
            found = let_in(
                services,
                login=form.login.data or "",
                password=form.password.data or "",
                address=request.remote_addr or "",
            )
        except NotAllowed as refusal:
            refused, status = formats.message(refusal.message), 403
        else:
            door.begin(found, services)
            return redirect(target or door.home(), 303)
    elif form.is_sent:
        status = 422
    return render_template("auth/sign_in.html", form=form, refused=refused, next=target or ""), status


@blueprint.post("/logout")
@public
def sign_out() -> Response:
    """End this browser's session."""
    door.end()
    return redirect(door.sign_in_address(), 303)


@blueprint.post("/language")
@public
def language() -> Response:
    """Switch the language: of the account where somebody is signed in, of the session otherwise."""
    wanted = request.form.get("lang")
    if wanted not in set(Language):
        raise BadRequest
    session["language"] = wanted
    if current_user.is_authenticated:
        accounts.set_language(requests.services().uow, requests.order(), language=Language(wanted))
    return redirect(door.safe_next(request.form.get("next")) or door.page_before() or "/", 303)
