"""What a page takes from its request: the services, who is asking, and the order that a form gives."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import date
from functools import partial
from typing import cast

from flask import current_app, g, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, Unauthorized

from eightd.domain.workflow.snapshot import Actor
from eightd.usecases.services import Services
from eightd.usecases.verb import Order
from eightd.web.session import Person

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NOT_CONTENT = frozenset({"csrf_token", "idempotency_key"})
_PART = 2**20

_YEARS = range(1970, 2200)


def services() -> Services:
    """Return what the application was put together with."""
    return cast("Services", current_app.extensions["eightd.services"])


def person() -> Person:
    """Return who is signed in; answers 401 where nobody is, which sends people to the sign-in page."""
    if not current_user.is_authenticated:
        raise Unauthorized
    return cast("Person", current_user._get_current_object())


def actor() -> Actor:
    """Return the person signed in as the rules see it."""
    return person().actor


def order() -> Order:
    """Return the order that this form or call gives: by whom, now, under the form's idempotency key.

    Answers 400 where the key is missing or is none of ours. What was sent, and where to, is part of the
    order's key: the same form sent twice is one order, but a key that turns up with other content is
    another order, and never answered with "done" of the first.
    """
    who = person()
    return services().order(who.actor, who.name, _key_of_content(given_key()))


def guest_order(guest: Actor, name: str) -> Order:
    """Return the order of somebody who has a link and no account; nobody else's key is ever taken for theirs.

    The link stands in the address, and the address is part of the key.
    """
    return services().order(guest, name, _key_of_content(given_key()))


def given_key() -> str:
    """Return the idempotency key that came with the request, or answer 400."""
    key = request.form.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise BadRequest
    return key


def _key_of_content(key: str) -> str:
    digest = hashlib.sha256()
    fields = sorted(item for item in request.form.items(multi=True) if item[0] not in _NOT_CONTENT)
    digest.update(json.dumps([key, request.method, request.path, fields]).encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        digest.update(json.dumps([name, file.filename]).encode())
        file.stream.seek(0)  # the page may have read it already
        for part in iter(partial(file.stream.read, _PART), b""):
            digest.update(part)
        file.stream.seek(0)
    if not (request.form or request.files):
        digest.update(request.get_data())
    return digest.hexdigest()


def idempotency_key() -> str:
    """Return the key for a form: the one it was sent with while it is shown again, a new one otherwise."""
    sent = "" if g.get("wants_new_key") else request.form.get("idempotency_key", "")
    return sent if _KEY.fullmatch(sent) else secrets.token_urlsafe(18)


def seen_version() -> int:
    """Return the version that the form was made from, or answer 400."""
    return sent_id("version")


def asked_id(name: str) -> int | None:
    """Return the id that the address asks from, None where there is none or it cannot be one."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def asked_day(given: MultiDict[str, str], name: str, unknown: list[str]) -> date | None:
    """Return the day that an address narrows a list by; what is no day is noted by its name and left out."""
    text = given.get(name, "")
    try:
        on = date.fromisoformat(text) if text else None
    except ValueError:
        on = None
    if on is not None and on.year not in _YEARS:
        on = None
    if text and on is None:
        unknown.append(name)
    return on


def sent_id(name: str) -> int:
    """Return the whole number that the form sends under this name, or answer 400."""
    given = request.form.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise BadRequest
    return int(given)


def address() -> str:
    """Return the address that the request came from, as far as the proxies in front are believed."""
    return request.remote_addr or ""


def is_partial() -> bool:
    """Return whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
