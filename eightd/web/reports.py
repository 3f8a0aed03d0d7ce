"""The reports issued, across all complaints that the person may see."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from eightd.domain.authority import Allowed, may
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import ReportKind
from eightd.queries import reports as queries
from eightd.usecases.errors import NotFound
from eightd.web import requests, words
from eightd.web.admin import lists

blueprint = Blueprint("reports", __name__)

_KINDS = {kind.value for kind in ReportKind}
_SENT = {"yes": True, "no": False}


@blueprint.get("/reports")
def index() -> str:
    """List the revisions, newest first."""
    if not isinstance(may(requests.actor(), Action.VIEW), Allowed):
        raise NotFound
    narrowed = _narrowed()
    with requests.services().uow.reading() as session:
        page = queries.reports(session, requests.actor(), narrowed, lists.place())
    return render_template(
        "reports/index.html",
        page=page,
        around=lists.around(page),
        filters=_filters(narrowed),
        narrowed=narrowed != queries.ReportFilter(),
        pdf_address=_pdf_address,
    )


def _pdf_address(number: str, revision: int, language: str, audience: str) -> str:
    """Return the address of a revision's PDF in the language it was issued in."""
    return url_for(
        "complaint_files.report", number=number, revision=revision, language=language, audience=audience
    )


def _narrowed() -> queries.ReportFilter:
    kind = request.args.get("kind", "")
    return queries.ReportFilter(
        text=request.args.get("q", "").strip()[:100],
        kind=ReportKind(kind) if kind in _KINDS else None,
        sent=_SENT.get(request.args.get("sent", "")),
    )


def _filters(narrowed: queries.ReportFilter) -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": gettext("Number, customer"), "kind": "search", "value": narrowed.text},
        {
            "name": "kind",
            "label": gettext("Kind"),
            "kind": "select",
            "blank": gettext("All"),
            "value": "" if narrowed.kind is None else narrowed.kind.value,
            "options": words.choices(ReportKind),
        },
        {
            "name": "sent",
            "label": gettext("Sent"),
            "kind": "select",
            "blank": gettext("All"),
            "value": {True: "yes", False: "no", None: ""}[narrowed.sent],
            "options": [("yes", gettext("Sent")), ("no", gettext("Not sent"))],
        },
    ]
