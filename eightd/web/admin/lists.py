"""What every list of administration reads from its address, and the addresses of the pages around it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext

from eightd.queries.administration.listing import Filter, Page, Place

_STATES = {"active": True, "inactive": False, "all": None}


def narrowed() -> Filter:
    """Return what the address asks for; active ones where it says nothing."""
    return Filter(
        text=request.args.get("q", "").strip()[:100],
        active=_STATES.get(request.args.get("state", "active"), True),
    )


def place() -> Place:
    """Return where the page begins; what is no id means the first page."""
    return Place(after=_id(request.args.get("after")), before=_id(request.args.get("before")))


def around(page: Page[Any]) -> tuple[str | None, str | None]:
    """Return the addresses of the page before and the page after, filters kept."""
    return (
        None if page.before is None else _here(before=page.before),
        None if page.after is None else _here(after=page.after),
    )


def search_field(label: str) -> dict[str, Any]:
    """Return the search box of a list."""
    return {"name": "q", "label": label, "kind": "search", "value": narrowed().text}


def state_field() -> dict[str, Any]:
    """Return the choice between active, inactive and all."""
    chosen = request.args.get("state", "active")
    return {
        "name": "state",
        "label": gettext("State"),
        "kind": "select",
        "blank": False,
        "value": chosen if chosen in _STATES else "active",
        "options": [
            ("active", gettext("Active")),
            ("inactive", gettext("Inactive")),
            ("all", gettext("All")),
        ],
    }


def is_narrowed(*others: str) -> bool:
    """Return whether the address asks for less than the list begins with."""
    return bool(
        narrowed().text or narrowed().active is False or any(request.args.get(name) for name in others)
    )


def _here(**place: int) -> str:
    kept = {
        name: values
        for name, values in request.args.to_dict(flat=False).items()
        if name not in {"after", "before"} and any(values)
    }
    return url_for(request.endpoint or "admin.index", **{**(request.view_args or {}), **kept, **place})


def _id(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 16 else None
