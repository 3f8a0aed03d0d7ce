"""Headers that every answer carries: what a browser may load, keep and tell others."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
_HALF_A_YEAR = 15_552_000
_LARGEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """``<int:…>`` in an address: no larger than an id can be, so that the store is never asked for more."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int = 0, max: int = _LARGEST_ID) -> None:  # noqa: A002 - as the converter names them
        super().__init__(url_map, fixed_digits, min, max)


def install(app: Flask, *, https: bool) -> None:
    """Set the headers on every answer, errors and static files included, and ask for CSRF tokens.

    A token lives as long as its session: a form may stay open over lunch.
    """
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_HEADERS=["X-CSRFToken"])
    app.url_map.converters["int"] = IdConverter
    app.before_request(_refuse_nul)
    CSRFProtect(app)

    @app.after_request
    def _set(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_HALF_A_YEAR}")
        response.headers["Cache-Control"] = _kept(response)
        return response


def _refuse_nul() -> None:
    """Answer 400 where anything sent holds a NUL character: nobody types it, and PostgreSQL cannot keep it."""
    sent = [request.path, *request.args, *request.form]
    for values in (*request.args.listvalues(), *request.form.listvalues()):
        sent += values
    if any("\0" in text for text in sent):
        raise BadRequest


def _kept(response: Response) -> str:
    """Return how long an answer may be kept: pages never, a static file asked for by its hash for ever."""
    if request.endpoint != "static" or response.status_code not in {200, 206, 304}:
        return "no-store"
    return "public, max-age=31536000, immutable" if request.args.get("v") else "no-cache"
