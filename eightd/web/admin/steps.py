"""Saving in two steps: what was typed, then what it would change, then the version itself."""

from __future__ import annotations

from flask import request

_NOT_KEPT = {"csrf_token", "idempotency_key", "version", "do"}


def step() -> str:
    """Return what the form asks for: ``look`` at what would change, ``edit`` again, or ``save``."""
    given = request.form.get("do", "look")
    return given if given in {"edit", "save"} else "look"


def carried() -> list[tuple[str, str]]:
    """Return every field that was sent, for the next step's hidden fields."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT]
