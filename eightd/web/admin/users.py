"""Accounts: who may sign in, with which roles, for which plants and customers."""

from __future__ import annotations

from typing import TypeVar

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length, Optional

from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.queries import people
from eightd.queries.administration import customers as customer_queries
from eightd.queries.administration import plants as plant_queries
from eightd.queries.administration import users as user_queries
from eightd.queries.people import UserView
from eightd.usecases import passwords
from eightd.usecases import users as accounts
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words
from eightd.web.admin import lists

blueprint = Blueprint("users", __name__, url_prefix="/users")

F = TypeVar("F", bound="UserForm")

_ROLES = {role.value for role in Role}


class UserForm(forms.Form):
    """What an administrator decides about an account."""

    name = wtforms.StringField(_l("Name"), [InputRequired(), Length(max=120)])
    email = wtforms.EmailField(_l("E-mail"), [Optional(), forms.EMAIL, Length(max=200)])
    phone = wtforms.TelField(_l("Phone"), [Length(max=60)])
    department = wtforms.StringField(_l("Department"), [Length(max=120)])
    language = wtforms.RadioField(_l("Language"), choices=lambda: words.choices(Language))
    roles = wtforms.SelectMultipleField(_l("Roles"), choices=lambda: words.choices(Role))
    plants = wtforms.SelectMultipleField(_l("Plants"), coerce=int)
    customers = wtforms.SelectMultipleField(_l("Only these customers"), coerce=int)
    lead_id = wtforms.SelectField(_l("Reports to"), coerce=forms.whole_number)
    active = wtforms.BooleanField(_l("Active: may sign in"))


class NewUserForm(UserForm):
    """The same, with the sign-in name, which stays."""

    login = wtforms.StringField(_l("Sign-in name"), [InputRequired(), Length(max=80)])


@blueprint.get("/")
def index() -> str:
    """List the accounts."""
    role = request.args.get("role", "")
    with requests.services().uow.reading() as session:
        page = user_queries.users(
            session,
            requests.actor(),
            lists.narrowed(),
            lists.place(),
            role=Role(role) if role in _ROLES else None,
        )
    filters = [
        lists.search_field(gettext("Name, sign-in name, e-mail, department")),
        {
            "name": "role",
            "label": gettext("Role"),
            "kind": "select",
            "blank": gettext("All"),
            "value": role,
            "options": words.choices(Role),
        },
        lists.state_field(),
    ]
    return render_template(
        "admin/users.html",
        page=page,
        around=lists.around(page),
        filters=filters,
        narrowed=lists.is_narrowed("role"),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make an account; its first password is shown once."""
    form = _offering(NewUserForm(data=_suggested() if request.method == "GET" else None))
    if form.passes():
        services, password = requests.services(), passwords.invent()
        try:
            done = accounts.create_user(
                services.uow,
                requests.order(),
                login=form.login.data or "",
                password_hash=services.passwords.hash(password),
                entry=_entry(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            if done.replayed:  # the password of the first time is known to nobody any more
                flash(gettext("The account was made already."), "message")
                return redirect(url_for(".edit", user_id=done.id), 303)
            return _password_page(done.id, password, is_new=True)
    return render_template("admin/user.html", form=form, user=None), 422 if form.is_sent else 200


@blueprint.route("/<int:user_id>", methods=["GET", "POST"])
def edit(user_id: int) -> str | Response | tuple[str, int]:
    """Change an account; its sessions end where its rights change."""
    user = _user(user_id)
    form = _offering(UserForm(obj=user), user)
    if form.passes():
        try:
            accounts.change_user(
                requests.services().uow,
                requests.order(),
                user_id=user_id,
                version=requests.seen_version(),
                entry=_entry(form),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("“%(name)s” was saved.", name=form.name.data or ""), "success")
            return redirect(url_for(".index"), 303)
    return render_template("admin/user.html", form=form, user=user), 422 if form.is_sent else 200


@blueprint.post("/<int:user_id>/password")
def reset_password(user_id: int) -> str | Response:
    """Give the account a new password, shown once; its sessions end."""
    _user(user_id)
    services, password = requests.services(), passwords.invent()
    done = accounts.reset_password(
        services.uow,
        requests.order(),
        user_id=user_id,
        version=requests.seen_version(),
        password_hash=services.passwords.hash(password),
    )
    if done.replayed:
        flash(gettext("The password was set already; set it again if it was not noted."), "warning")
        return redirect(url_for(".edit", user_id=user_id), 303)
    return _password_page(user_id, password, is_new=False)


def _password_page(user_id: int, password: str, *, is_new: bool) -> str:
    return render_template("admin/password.html", user=_user(user_id), password=password, is_new=is_new)


def _user(user_id: int) -> UserView:
    with requests.services().uow.reading() as session:
        found = people.user(session, requests.actor(), user_id)
    if found is None:
        abort(404)
    return found


def _suggested() -> dict[str, object]:
    own = requests.actor().plants
    return {
        "language": requests.person().language,
        "active": True,
        "plants": list(own) if len(own) == 1 else [],
    }


def _offering(form: F, user: UserView | None = None) -> F:
    """Fill in the plants, customers and leads that can be chosen."""
    actor = requests.actor()
    also = frozenset() if user is None else user.customers
    with requests.services().uow.reading() as session:
        plants = plant_queries.plants(session, actor)
        customers = customer_queries.customer_choices(session, actor, also)
        colleagues = people.people_of(session, actor.plants, without=0 if user is None else user.id)
    form.plants.choices = [(plant.id, f"{plant.code} · {plant.name}") for plant in plants]
    form.customers.choices = [(id_, f"{code} · {name}") for id_, code, name in customers]
    leads = [(one.id, f"{one.name} · {one.login}") for one in colleagues]
    if user is not None and user.lead_id is not None and user.lead_id not in {one.id for one in colleagues}:
        leads.append((user.lead_id, user.lead_name))
    form.lead_id.choices = [("", gettext("Nobody")), *leads]
    return form


def _entry(form: UserForm) -> accounts.UserEntry:
    return accounts.UserEntry(
        name=form.name.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        department=form.department.data or "",
        language=Language(form.language.data),
        active=form.active.data,
        roles=frozenset(map(Role, form.roles.data or ())),
        plants=frozenset(form.plants.data or ()),
        customers=frozenset(form.customers.data or ()),
        lead_id=form.lead_id.data,
    )
