"""What every template may use: assets by hash, the person, the menu, the language, form fields."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for
from flask_login import current_user

from eightd import __version__
from eightd.domain.authority import Allowed, may
from eightd.domain.workflow.actions import Action
from eightd.queries import people
from eightd.web import formats, forms, requests, words

MENU: tuple[tuple[str, str, Action | None], ...] = (
    ("board", "board.index", Action.VIEW),
    ("search", "board.search", Action.VIEW),
    ("register", "register.form", Action.REGISTER),
    ("mail", "mail_in.index", Action.HANDLE_MAIL),
    ("deadlines", "deadlines.index", Action.VIEW),
    ("tasks", "tasks.index", Action.VIEW),
    ("returns", "returns.index", Action.VIEW),
    ("suppliers", "suppliers.index", Action.KEEP_SUPPLIERS),
    ("reports", "reports.index", Action.VIEW),
    ("costs", "money.index", Action.READ_COSTS),
    ("satisfaction", "satisfaction.index", Action.VIEW),
    ("log", "log.index", Action.EXPORT_LOG),
    ("imports", "imports.index", Action.IMPORT_LOG),
    ("imports", "imports.index", Action.ADMINISTER),
    ("admin", "admin.index", Action.ADMINISTER),
    ("audit", "audit.index", Action.VERIFY_AUDIT),
    ("inbox", "inbox.index", None),
)
"""The menu's entries: name in base.html, endpoint, and the action that a person must be allowed (None: signed in)."""


def install(app: Flask, *, static: Path) -> None:
    """Put the names into the templates' environment."""
    app.jinja_env.globals.update(
        asset=_assets(static),
        kept=_kept(),
        app_version=__version__,
        idempotency_key=requests.idempotency_key,
        word=words.word,
        milestone_word=words.milestone,
        choices=words.choices,
        field=forms.view,
        field_errors=forms.errors,
        rows=forms.rows,
        now=_now,
        alarms_stand_still=alarms_stand_still,
        unread_figure=unread_figure,
    )
    formats.install(app)
    app.context_processor(_context)


def menu() -> Mapping[str, str]:
    """Return the addresses of the entries that the person signed in may open."""
    if not current_user.is_authenticated:
        return {}
    shown = (
        (name, endpoint)
        for name, endpoint, action in MENU
        if endpoint in current_app.view_functions
        and (action is None or isinstance(may(current_user.actor, action), Allowed))
    )
    return {name: url_for(endpoint) for name, endpoint in shown}


_PATIENCE = timedelta(minutes=10)


def alarms_stand_still() -> bool:
    """Return whether nobody looks for alarms: for long enough to be told, or never, which administrators are told."""
    if not current_user.is_authenticated:
        return False
    seen_to_at: datetime | None = current_user.alarms_seen_to_at
    if seen_to_at is None:
        return isinstance(may(current_user.actor, Action.ADMINISTER), Allowed)
    return seen_to_at < _now() - _PATIENCE


def _context() -> dict[str, Any]:
    return {"lang": formats.language(), "nav": menu()}


def _now() -> datetime:
    return requests.services().clock()


def unread_figure(count: int) -> str:
    """Return a number of unread messages as it stands beside the bell: nothing for none, “99+” for many."""
    if count > people.MOST_UNREAD:
        return f"{people.MOST_UNREAD}+"
    return str(count or "")


_MOST_KEPT = 2_000


def _kept() -> Callable[..., str]:
    """Return ``kept(key, …)`` for templates: what stands inside the call is drawn once per key, then repeated.

    The key must name all that the part depends on, the language included.
    """
    parts: dict[tuple[object, ...], str] = {}

    def kept(*key: object, caller: Callable[[], str]) -> str:
        if current_app.debug:
            return caller()
        part = parts.get(key)
        if part is None:
            if len(parts) >= _MOST_KEPT:
                parts.clear()
            part = parts[key] = caller()
        return part

    return kept


def _assets(static: Path) -> Callable[[str], str]:
    """Return a function from a static file's path to its address with the content's hash."""
    known: dict[str, str] = {}

    def asset(path: str) -> str:
        if path not in known or current_app.debug:
            known[path] = hashlib.sha256((static / path).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=path, v=known[path])

    return asset
