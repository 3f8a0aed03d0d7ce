"""The own account: how to be reached, language, password, days away and who stands in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import wtforms
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length, Optional

from eightd.domain.words import Language
from eightd.queries import people
from eightd.queries.people import AccountView, PersonView
from eightd.usecases import accounts, passwords
from eightd.usecases.errors import Invalid
from eightd.usecases.own_password import is_own_password
from eightd.usecases.sign_in import SignedIn
from eightd.web import formats, forms, requests, words
from eightd.web import session as door

blueprint = Blueprint("account", __name__, url_prefix="/account")


class ContactForm(forms.Form):
    """How the person is called and reached."""

    name = wtforms.StringField(_l("Name"), [InputRequired(), Length(max=120)])
    email = wtforms.EmailField(_l("E-mail"), [Optional(), forms.EMAIL, Length(max=200)])
    phone = wtforms.TelField(_l("Phone"), [Length(max=60)])


class LanguageForm(forms.Form):
    """The language of pages and mails."""

    language = wtforms.RadioField(_l("Language"), choices=lambda: words.choices(Language))


class PasswordForm(forms.Form):
    """The present password and twice the new one."""

    present = wtforms.PasswordField(_l("Present password"), [InputRequired()])
    new = wtforms.PasswordField(_l("New password"), [InputRequired()])
    again = wtforms.PasswordField(_l("New password again"), [InputRequired()])


class AbsenceForm(forms.Form):
    """First and last day away and the deputy."""

    from_on = wtforms.DateField(_l("First day away"), [InputRequired()])
    until_on = wtforms.DateField(_l("Last day away"), [InputRequired()])
    deputy_id = wtforms.SelectField(_l("Deputy"), [InputRequired()], coerce=forms.whole_number)


@blueprint.get("/")
def index() -> str:
    """Show the own account."""
    return _page()


@blueprint.post("/contact")
def contact() -> Response | tuple[str, int]:
    """Change name, e-mail and phone."""
    form = ContactForm()
    if form.passes():
        try:
            accounts.change_contact(
                requests.services().uow,
                requests.order(),
                version=requests.seen_version(),
                name=form.name.data or "",
                email=form.email.data or "",
                phone=form.phone.data or "",
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("Your account was saved."), "success")
            return redirect(url_for("account.index"), 303)
    return _page(contact=form), 422


@blueprint.post("/language")
def language() -> Response | tuple[str, int]:
    """Choose the language."""
    form = LanguageForm()
    if not form.passes():
        return _page(language=form), 422
    accounts.set_language(requests.services().uow, requests.order(), language=Language(form.language.data))
    return redirect(url_for("account.index"), 303)


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Change the password; other sessions end, this one goes on."""
    form = PasswordForm()
    if form.passes() and _acceptable(form):
        services, who = requests.services(), requests.person()
        done = accounts.change_password(
            services.uow, requests.order(), password_hash=services.passwords.hash(form.new.data or "")
        )
        door.begin(SignedIn(who.id, done.version), services)
        flash(gettext("Your password was changed. Other sessions of yours have ended."), "success")
        return redirect(url_for("account.index"), 303)
    return render_template("auth/password.html", form=form), 422 if form.is_sent else 200


@blueprint.post("/sessions/end")
def end_sessions() -> Response:
    """Sign out everywhere else; this session goes on."""
    services, who = requests.services(), requests.person()
    done = accounts.end_sessions(services.uow, requests.order())
    door.begin(SignedIn(who.id, done.version), services)
    flash(gettext("Your other sessions have ended."), "success")
    return redirect(url_for("account.index"), 303)


@blueprint.post("/absences")
def plan_absence() -> Response | tuple[str, int]:
    """Plan days away with a deputy."""
    form = _absence_form(_deputies())
    if form.passes() and form.from_on.data is not None and form.until_on.data is not None:
        try:
            accounts.plan_absence(
                requests.services().uow,
                requests.order(),
                from_on=form.from_on.data,
                until_on=form.until_on.data,
                deputy_id=form.deputy_id.data,
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("Your days away were saved."), "success")
            return redirect(url_for("account.index"), 303)
    return _page(absence=form), 422


@blueprint.post("/absences/<int:absence_id>/cancel")
def cancel_absence(absence_id: int) -> Response:
    """Take days away back."""
    accounts.cancel_absence(requests.services().uow, requests.order(), absence_id=absence_id)
    flash(gettext("The days away were taken back."), "success")
    return redirect(url_for("account.index"), 303)


def _acceptable(form: PasswordForm) -> bool:
    services, who = requests.services(), requests.person()
    if not is_own_password(
        services, user_id=who.id, password=form.present.data or "", address=requests.address()
    ):
        form.present.errors = [gettext("This is not your present password.")]
    elif form.new.data != form.again.data:
        form.again.errors = [gettext("The two new passwords differ.")]
    elif form.new.data == form.present.data:
        form.new.errors = [gettext("This is your present password.")]
    elif (flaw := passwords.flaw(form.new.data or "", who.login)) is not None:
        form.new.errors = [formats.message(flaw)]
    return not any(field.errors for field in form)


def _deputies() -> tuple[PersonView, ...]:
    with requests.services().uow.reading() as session:
        return people.colleagues(session, requests.actor())


def _absence_form(deputies: tuple[PersonView, ...]) -> AbsenceForm:
    form = AbsenceForm()
    named = [(one.id, f"{one.name} · {one.department}" if one.department else one.name) for one in deputies]
    form.deputy_id.choices = [("", gettext("Choose")), *named]
    return form


def _page(
    *,
    contact: ContactForm | None = None,
    language: LanguageForm | None = None,
    absence: AbsenceForm | None = None,
) -> str:
    who = requests.person()
    today = requests.services().clock().astimezone(ZoneInfo(who.zone)).date()
    with requests.services().uow.reading() as session:
        view: AccountView = people.account(session, who.id, today)
        deputies = people.colleagues(session, who.actor)
    return render_template(
        "auth/account.html",
        account=view,
        contact=contact or ContactForm(forms.NOTHING, obj=view),
        language=language or LanguageForm(forms.NOTHING, obj=view),
        absence=absence or _absence_form(deputies),
    )
