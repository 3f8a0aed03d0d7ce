"""What people see when something cannot be done: a page in their language, never a stack trace."""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import Flask, current_app, flash, g, render_template, request, session
from flask_babel import gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, Unauthorized
from werkzeug.wrappers import Response

from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale, StoreBusyError, StoreInDoubtError
from eightd.web import formats, forms, requests
from eightd.web import session as door

_log = logging.getLogger(__name__)

Answer = tuple[str, int] | tuple[str, int, dict[str, str]] | Response
_NOT_KEPT = {"csrf_token", "idempotency_key", "version"}
_PASSES = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
_BUTTON = "do"  # which button was pressed: kept, but nothing anybody typed


@dataclass(frozen=True, slots=True)
class TypedField:
    """One field of a form as it was sent: its label in words, its values."""

    name: str
    label: str
    values: tuple[str, ...]
    is_long: bool


def install(app: Flask) -> None:
    """Turn what verbs and pages raise into pages."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Unauthorized, _unauthorized)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StoreBusyError, _busy)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(Exception, _unexpected)


def _not_found(_error: NotFound) -> Answer:
    return _page(404)


def _not_allowed(refusal: NotAllowed) -> Answer:
    reason = formats.message(refusal.message)
    gates = [formats.message(gate) for gate in refusal.gates]
    if requests.is_partial():
        return _reload(" ".join([reason, *gates]), 409)
    return render_template("errors/refused.html", reason=reason, gates=gates, back=door.page_before()), 409


def _stale(stale: Stale) -> Answer:
    """Show what was typed, to be saved over the newer version or thrown away."""
    if requests.is_partial():
        return _reload(gettext("Somebody else has changed this meanwhile. Please check and repeat."), 409)
    g.wants_new_key = True  # the old key belongs to the order that was refused
    left_out = {*_NOT_KEPT, *_passwords()}
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in left_out]
    page = render_template(
        "errors/stale.html",
        version=stale.current_version,
        carried=kept,  # `kept` is a function of the templates
        typed=_typed(),
        files=sorted(name for name, file in request.files.items() if file.filename),
        back=door.page_before() or request.path,
    )
    return page, 409


def _typed() -> list[TypedField]:
    """Return the fields sent, in their order, by the labels of the page's form where it has them."""
    labels = forms.typed()
    passwords = _passwords()
    shown = []
    for name in dict.fromkeys(name for name in request.form if name not in {*_NOT_KEPT, _BUTTON}):
        values = tuple(value for value in request.form.getlist(name) if value.strip())
        known = labels.get(name)
        if values:
            label = str(known.label.text) if known is not None else name
            if name in passwords:
                shown.append(
                    TypedField(name, label, (gettext("not kept, to be entered again"),), is_long=False)
                )
                continue
            shown.append(
                TypedField(name, label, tuple(_shown(known, one) for one in values), len(values[0]) > 80)
            )
    return shown


def _passwords() -> set[str]:
    """Return the fields of the page's form that hold what is never sent back."""
    return {name for name, field in forms.typed().items() if isinstance(field, wtforms.PasswordField)}


def _shown(field: Any, value: str) -> str:
    """Return a chosen value by its label, anything else as typed."""
    options = field.iter_choices() if field is not None and hasattr(field, "iter_choices") else ()
    return next((str(label) for key, label, *_ in options if str(key) == value), value)


def _invalid(invalid: Invalid) -> Answer:
    """Answer for a page that has no form to show the problems in."""
    problems = [formats.message(problem) for problem in invalid.problems.values()]
    if requests.is_partial():
        return _reload(" ".join(problems), 422)
    reason = gettext("Please check what was entered")
    return render_template("errors/refused.html", reason=reason, gates=problems, back=door.page_before()), 422


def _csrf(error: CSRFError) -> Answer:
    _log.info("refused %s %s: %s", request.method, request.path, error.description)
    if requests.is_partial():
        return _reload(gettext("This page was too old. Please repeat."), 400)
    return _page(400, "csrf")


def _unauthorized(_error: Unauthorized) -> Answer:
    return door.ask_to_sign_in()


def _http(error: HTTPException) -> Answer:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if requests.is_partial() and request.method != "GET":
        return _reload(_sentence(code), code)
    page, status, headers = _page(code)
    allowed = error.get_response().headers.get("Allow")
    return page, status, {**headers, **({"Allow": allowed} if allowed else {})}


def _busy(busy: StoreBusyError) -> Answer:
    """Say that the store is locked or out of reach; the page is drawn without it."""
    _log.warning("%s %s: %s", request.method, request.path, busy)
    headers = {"Retry-After": "5"}
    if "_login_user" not in g:  # who is asking stands in the store, too
        g._login_user = AnonymousUserMixin()
    sentence = _in_doubt() if isinstance(busy, StoreInDoubtError) else _sentence(503)
    if requests.is_partial():
        return sentence, 503, headers
    page, status, _ = _page(503, sentence=sentence)
    return page, status, headers


def _in_doubt() -> str:
    """Return what can be said when nobody knows whether it was saved."""
    said = gettext(
        "The store broke off while saving. Please look whether it was saved before you send it again."
    )
    return str(said)


def _system(error: OSError) -> Answer:
    """Say what the system lacks for now as what it is: an upload, too, waits on a disk."""
    return _busy(StoreBusyError(error)) if error.errno in _PASSES else _unexpected(error)


def _unexpected(error: Exception) -> Answer:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    if requests.is_partial():
        return _sentence(500), 500
    return _page(500)


def _sentence(code: int) -> str:
    known = {
        400: gettext("The request could not be understood."),
        404: gettext("There is nothing here."),
        405: gettext("This cannot be done at this address."),
        413: gettext("What was sent is too large."),
        500: gettext("Something went wrong on our side. Nothing was saved."),
        503: gettext("The store cannot answer right now. Nothing was saved."),
    }
    return str(known.get(code, known[400] if code < 500 else known[500]))


def _page(code: int, kind: str = "", *, sentence: str = "") -> tuple[str, int, dict[str, str]]:
    g.wants_new_key = True  # what was sent may be unreadable: too large, or cut off
    limit = current_app.extensions["eightd.services"].limits.upload_max_bytes
    page = render_template(
        "errors/error.html",
        code=code,
        kind=kind,
        sentence=sentence or _sentence(code),
        limit=formats.number(limit // 2**20),
        back=door.page_before(),
        signed_out="_user_id" not in session,
    )
    return page, code, {}


def _reload(text: str, code: int) -> Response:
    """Say it at the top of the page, which htmx loads again."""
    flash(text, "error")
    return current_app.response_class(status=code, headers={"HX-Refresh": "true"})
