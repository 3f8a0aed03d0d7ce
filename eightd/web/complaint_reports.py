"""The reports of a complaint on the screen: read, compared, and as they were sent before they were withdrawn."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.words import Language
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.screen.parts import Columns, Figure, Heading, Picture, Prose, Table
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases import report as reports
from eightd.usecases.reports import compare, reading
from eightd.web import formats, requests
from eightd.web.downloads import attachment

blueprint = Blueprint("complaint_reports", __name__, url_prefix="/complaints/<number>/reports")

_LANGUAGES = "zh, en, both"
_AUDIENCES = "customer, internal"

KINDS = {
    Prose: "prose",
    Heading: "heading",
    Picture: "picture",
    Figure: "figure",
    Table: "table",
    Columns: "columns",
}


@blueprint.app_template_global("part_kind")
def part_kind(part: object) -> str:
    """Return by which macro a part of a document is shown."""
    return KINDS[type(part)]


@blueprint.get("/<int:revision>/read")
def read(number: str, revision: int) -> str:
    """Show a revision for reading: what the PDF says, in its order and wording."""
    asked, audience = request.args.get("language", ""), request.args.get("audience", "")
    page = reading.report_page(
        requests.services().uow,
        requests.actor(),
        number=number,
        revision=revision,
        language=ReportLanguage(asked) if asked in set(ReportLanguage) else None,
        audience=Audience(audience) if audience in set(Audience) else Audience.CUSTOMER,
    )
    return render_template("reports/read.html", page=page)


@blueprint.get(f"/<int:revision>/pictures/<any({_AUDIENCES}):audience>/<sha256>.jpg")
def picture(number: str, revision: int, audience: str, sha256: str) -> Response:
    """Show a picture of a revision to those who may read it."""
    jpeg = reading.report_picture(
        requests.services().uow,
        requests.actor(),
        number=number,
        revision=revision,
        audience=Audience(audience),
        sha256=sha256,
    )
    return Response(jpeg, mimetype="image/jpeg")


@blueprint.get("/<int:old>..<int:new>")
def comparison(number: str, old: int, new: int) -> str:
    """Show what differs between two revisions."""
    view = compare.comparison(
        requests.services().uow,
        requests.actor(),
        number=number,
        old=old,
        new=new,
        language=Language(formats.language()),
    )
    return render_template("reports/comparison.html", view=view)


@blueprint.get("/compare")
def choose(number: str) -> AnyResponse:
    """Lead to the comparison that was chosen in the form."""
    old, new = requests.asked_id("old"), requests.asked_id("new")
    return redirect(url_for("complaint_reports.comparison", number=number, old=old or 0, new=new or 0))


@blueprint.get(f"/<int:revision>/as-sent-<any({_LANGUAGES}):language>-<any({_AUDIENCES}):audience>.pdf")
def as_sent(number: str, revision: int, language: str, audience: str) -> Response:
    """Hand out a withdrawn revision as it was sent, to people inside."""
    found = reports.report_as_sent(
        requests.services().uow,
        requests.actor(),
        number=number,
        revision=revision,
        language=ReportLanguage(language),
        audience=Audience(audience),
    )
    return attachment(found.content, found.filename, "application/pdf")
