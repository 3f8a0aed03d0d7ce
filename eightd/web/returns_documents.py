"""The papers of a return: label, return sheet, rework order; drawn as the return stands now."""

from __future__ import annotations

from flask import Blueprint, Response, request

from eightd.domain.returns.papers import ReturnPaper
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases.returns import papers
from eightd.web import downloads, requests

blueprint = Blueprint("returns_documents", __name__, url_prefix="/returns/<number>")

_ASKED = {"label": ReturnPaper.LABEL, "sheet": ReturnPaper.SHEET, "rework": ReturnPaper.REWORK_ORDER}


@blueprint.get("/<any(label, sheet, rework):paper>.pdf")
def paper(number: str, paper: str) -> Response:
    """Hand out a paper; ``language`` in the address is zh, en or both, else the return's own."""
    services = requests.services()
    asked = request.args.get("language", "")
    language = ReportLanguage(asked) if asked in set(ReportLanguage) else None
    found = papers.print_paper(
        services.uow,
        requests.actor(),
        number=number,
        paper=_ASKED[paper],
        language=language,
        now=services.clock(),
    )
    return downloads.attachment(found.content, found.filename, "application/pdf")
