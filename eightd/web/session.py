"""The session: who is signed in, checked against the account at every request, and the ways in and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.queries import people
from eightd.queries.people import SignedInView
from eightd.usecases.services import Services
from eightd.usecases.sign_in import SignedIn
from eightd.web import words

V = TypeVar("V", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Person:
    """The person signed in, in the shape that Flask-Login asks for."""

    view: SignedInView
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the session keeps: the account and its session epoch."""
        return f"{self.view.id}.{self.view.session_epoch}"

    @property
    def id(self) -> int:
        """Return the account's id."""
        return self.view.id

    @property
    def login(self) -> str:
        """Return the sign-in name."""
        return self.view.login

    @property
    def name(self) -> str:
        """Return the person's name."""
        return self.view.name

    @property
    def language(self) -> Language:
        """Return the language the person chose."""
        return self.view.language

    @property
    def zone(self) -> str:
        """Return the zone of the person's first plant."""
        return self.view.zone

    @property
    def unread(self) -> int:
        """Return how many messages were unread when the request began, at most one more than is told in figures."""
        return self.view.unread

    @property
    def overdue_tasks(self) -> int:
        """Return how many of the person's actions were overdue when the request began, counted like unread ones."""
        return self.view.overdue_tasks

    @property
    def alarms_seen_to_at(self) -> datetime | None:
        """Return when a worker last looked for alarms, None where none ever has."""
        return self.view.alarms_seen_to_at

    @property
    def actor(self) -> Actor:
        """Return the person as the rules see it."""
        return self.view.actor

    @property
    def role_labels(self) -> str:
        """Return the roles in words, in the order of procedure 1."""
        return " · ".join(str(words.word(role)) for role in words.ordered(self.view.actor.roles))


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, left alone by static files: those may be kept by caches between here and there."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie with pages only; what a page asks for by itself keeps nobody signed in."""
        if request.endpoint == "static" or (_is_quiet() and not session.modified):
            return
        super().save_session(app, session, response)


def _is_quiet() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "eightd_quiet", False))


def quiet(view: V) -> V:
    """Mark what pages ask for on a timer: it does not prolong the session."""
    view.eightd_quiet = True  # type: ignore[attr-defined]  # read when the session is saved
    return view


def identity() -> tuple[int, int] | None:
    """Return account and session epoch as the session says, unchecked; None where nobody is signed in."""
    user_id, _, epoch = str(session.get("_user_id", "")).partition(".")
    return (int(user_id), int(epoch)) if user_id.isdigit() and epoch.isdigit() else None


def public(view: V) -> V:
    """Mark a page as open to people who are not signed in; every other page is not."""
    view.eightd_public = True  # type: ignore[attr-defined]  # read by the guard below
    return view


def install(app: Flask, services: Services) -> None:
    """Load the person of each session, and keep everybody else out of pages that are not public."""
    app.session_interface = Sessions()
    manager = LoginManager(app)
    manager.session_protection = None  # telephones change their address; the epoch ends sessions

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(identity: str) -> Person | None:
        user_id, _, epoch = identity.partition(".")
        if not (user_id.isdigit() and epoch.isdigit()):
            return None
        with services.uow.reading() as reading:
            found = people.signed_in(reading, int(user_id), int(epoch), services.clock())
        return None if found is None else Person(found)

    app.before_request(_guard)


def begin(signed_in: SignedIn, services: Services) -> None:
    """Put the person into the session; whatever the session held before is gone, but for the language."""
    session.clear()
    session.permanent = True
    with services.uow.reading() as reading:
        found = people.signed_in(reading, signed_in.user_id, signed_in.session_epoch, services.clock())
    if found is not None:
        login_user(Person(found))
        g.pop("csrf_token", None)  # the old session's


def end() -> None:
    """Take the person out of the session and keep the language."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def _guard() -> AnyResponse | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions.get(request.endpoint)
    if getattr(view, "eightd_public", False):
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if current_user.view.must_change_password and request.endpoint not in _WHILE_PASSWORD_IS_OLD:
        return redirect(url_for("account.password"), 303)
    return None


_WHILE_PASSWORD_IS_OLD = {"account.password", "auth.sign_out", "auth.language"}


def ask_to_sign_in() -> AnyResponse:
    """Send the browser to the sign-in page, and back here afterwards where that can be repeated."""
    if "_user_id" in session:  # there was somebody: the session was ended or ran out
        end()
        flash(gettext("Your session has ended. Please sign in again."), "warning")
    back = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else _page_of(request.referrer)
    target = url_for("auth.sign_in", next=back if back != "/" else None)
    if request.headers.get("HX-Request") == "true":
        return Response(
            status=401, headers={"HX-Redirect": url_for("auth.sign_in", next=_page_of(request.referrer))}
        )
    return redirect(target, 303)


def sign_in_address() -> str:
    """Return the address of the sign-in page."""
    return url_for("auth.sign_in")


def page_before() -> str | None:
    """Return the page of this site that the request came from, None where it says none."""
    return _page_of(request.referrer)


def _page_of(address: str | None) -> str | None:
    parts = urlsplit(address or "")
    if parts.netloc != request.host:
        return None
    return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))


def safe_next(target: str | None) -> str | None:
    """Return the target where it is a path of this site, None otherwise.

    Browsers read a backslash as a slash and drop tabs and line breaks, so such targets are refused whole.
    """
    if not target or not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return None
    if "\\" in target or any(ord(character) < 0x21 or ord(character) == 0x7F for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def home() -> str:
    """Return the address of the page to begin with."""
    return url_for("board.index") if "board.index" in current_app.view_functions else url_for("account.index")
