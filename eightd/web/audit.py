"""The record across all complaints, for auditors and the quality manager: read, verified, and its heads kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext

from eightd.domain.authority import Allowed, may
from eightd.domain.complaint import Role
from eightd.domain.workflow.actions import Action
from eightd.queries import audit as queries
from eightd.usecases.errors import NotFound
from eightd.usecases.kept_heads import heads_file
from eightd.usecases.verify import Verification
from eightd.usecases.verify import verify as verify_all
from eightd.web import audit_words, requests
from eightd.web.admin import lists

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

_YEARS = range(1970, 2200)


@blueprint.before_request
def _verifiers_only() -> None:
    if not isinstance(may(requests.actor(), Action.VERIFY_AUDIT), Allowed):
        raise NotFound


@blueprint.get("")
def index() -> str:
    """Show the entries, newest first."""
    return _page(None)


@blueprint.post("/verify")
def verify() -> str:
    """Walk every chain, file and report, and say what was found."""
    order = requests.order()
    return _page(verify_all(requests.services().uow, order))


@blueprint.get("/heads.json")
def heads() -> Response:
    """Hand out the signed heads, to be kept elsewhere."""
    services = requests.services()
    now = services.clock()
    pieces = heads_file(services.uow, requests.actor(), now)
    name = f"eightd-audit-heads-{now:%Y%m%d-%H%M%S}.json"
    return current_app.response_class(
        pieces,
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(verification: Verification | None) -> str:
    who, narrowed = requests.person(), _narrowed()
    sees_system = Role.AUDITOR in who.actor.roles
    with requests.services().uow.reading() as session:
        page = queries.entries(session, who.actor, narrowed, lists.place(), who.zone)
    return render_template(
        "audit/index.html",
        page=page,
        around=lists.around(page) if request.method == "GET" else (None, None),
        filters=_filters(narrowed, audit_words.offered(administration=sees_system)),
        narrowed=narrowed != queries.AuditFilter(),
        verification=verification,
        sees_system=sees_system,
        tag=audit_words.tag,
        changes=audit_words.changes,
    )


def _narrowed() -> queries.AuditFilter:
    return queries.AuditFilter(
        about=request.args.get("about", "").strip()[:40],
        person=request.args.get("person", "").strip()[:120],
        tag=request.args.get("tag", "")[:60],
        from_on=_day("from"),
        to_on=_day("until"),
    )


def _day(name: str) -> date | None:
    try:
        on = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return on if on.year in _YEARS else None


def _filters(narrowed: queries.AuditFilter, tags: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": "about",
            "label": gettext("Complaint number"),
            "kind": "search",
            "value": narrowed.about,
            "placeholder": "CC-2026-…",
        },
        {"name": "person", "label": gettext("Done by"), "kind": "search", "value": narrowed.person},
        {
            "name": "tag",
            "label": gettext("What happened"),
            "kind": "select",
            "value": narrowed.tag,
            "blank": gettext("Everything"),
            "options": tags,
        },
        {"name": "from", "label": gettext("From"), "kind": "date", "value": _iso(narrowed.from_on)},
        {"name": "until", "label": gettext("Until"), "kind": "date", "value": _iso(narrowed.to_on)},
    ]


def _iso(on: date | None) -> str:
    return "" if on is None else on.isoformat()
