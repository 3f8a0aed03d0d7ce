"""Files of a complaint: evidence filed, handed out and shown small; reports as PDF."""

from __future__ import annotations

import wtforms
from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import Length

from eightd.domain.complaint import DisciplineCode
from eightd.domain.goes_along import PICTURES
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Refused
from eightd.queries import complaint as queries
from eightd.queries import evidence as evidence_queries
from eightd.queries.complaint import CaseHead
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.sheet.wording import Arrangement, ReportLanguage
from eightd.reporting.thumbnail import NotAPictureError, thumbnail
from eightd.usecases import evidence as verbs
from eightd.usecases import report as reports
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.verb import Done
from eightd.web import downloads, formats, forms, requests, words

blueprint = Blueprint("complaint_files", __name__, url_prefix="/complaints/<number>")

MOST_FILES = 20


class EvidenceForm(forms.Form):
    """Files with what they show."""

    files = wtforms.MultipleFileField(_l("Files"))
    caption = wtforms.StringField(_l("What it shows"), [Length(max=400)])
    marker = wtforms.RadioField(
        _l("Part shown"),
        choices=lambda: [("", _l("Neither")), ("ok", _l("OK part")), ("nok", _l("NOK part"))],
        default="",
    )
    discipline = wtforms.SelectField(
        _l("Belongs to"), choices=lambda: [("", _l("The complaint")), *words.choices(DisciplineCode)]
    )


@blueprint.route("/evidence/new", methods=["GET", "POST"], endpoint="add")
def add_evidence(number: str) -> str | AnyResponse | tuple[str | Response, int]:
    """File pictures and documents under the complaint or one of its disciplines.

    A script that asks for JSON is told of each file what became of it: its id, or why it was refused.
    """
    head = _head(number)
    form = EvidenceForm(data={"discipline": request.args.get("discipline", "")})
    if not form.is_sent:
        outcome = head.outcomes[Action.ADD_EVIDENCE]
        if isinstance(outcome, Refused):
            raise NotAllowed(outcome.message, outcome.gates)
        return _evidence_page(head, form)
    valid = form.validate()
    uploads = _uploads(form)
    by_script = request.accept_mimetypes.best == "application/json"
    if not valid or form.files.errors:
        if by_script:
            said = [str(text) for field in form for text in field.errors] + list(form.form_errors)
            return jsonify(errors=said), 422
        return _evidence_page(head, form), 422
    code = DisciplineCode(form.discipline.data) if form.discipline.data else None
    try:
        done = _add(form, number, uploads, code)
    except NotAllowed as refusal:
        if not by_script:
            raise
        return jsonify(errors=[formats.message(one) for one in (refusal.message, *refusal.gates)]), 409
    if by_script:
        return jsonify(id=done.id, filenames=[upload.filename for upload in uploads]), 201
    flash(ngettext("%(num)d file was added.", "%(num)d files were added.", len(uploads)), "success")
    if code is not None:
        return redirect(url_for("discipline.page", number=number, code=code.value), 303)
    return redirect(url_for("complaint.page", number=number) + "#evidence", 303)


def _add(
    form: EvidenceForm, number: str, uploads: tuple[verbs.CheckedUpload, ...], code: DisciplineCode | None
) -> Done:
    return verbs.add_evidence(
        requests.services().uow,
        requests.order(),
        number=number,
        uploads=uploads,
        discipline=code,
        caption=form.caption.data or "",
        marker=form.marker.data or "",
    )


@blueprint.get("/evidence/<int:evidence_id>")
def download(number: str, evidence_id: int) -> Response:
    """Hand out a file as it was filed, to be saved, never shown inside the site."""
    found = _file(number, evidence_id)
    return downloads.attachment(found.content, found.filename, found.media_type)


@blueprint.get("/evidence/<int:evidence_id>/thumbnail", endpoint="thumbnail")
def small_picture(number: str, evidence_id: int) -> Response:
    """Show a picture small; 404 where the file is none."""
    found = _file(number, evidence_id)
    if found.media_type not in PICTURES:
        abort(404)
    try:
        small = thumbnail(found.content)
    except NotAPictureError:
        abort(404)
    return Response(small, mimetype="image/jpeg")


@blueprint.get("/reports/<int:revision>/<any(zh, en, both):language>-<any(customer, internal):audience>.pdf")
def report(number: str, revision: int, language: str, audience: str) -> Response:
    """Hand out the PDF of an issued revision: the same bytes for ever."""
    services = requests.services()
    found = reports.issued_report(
        services.uow,
        requests.actor(),
        number=number,
        revision=revision,
        language=ReportLanguage(language),
        audience=Audience(audience),
        now=services.clock(),
    )
    return downloads.attachment(found.content, found.filename, "application/pdf")


@blueprint.get("/reports/preview-<any(zh, en, both):language>-<any(customer, internal):audience>.pdf")
def preview(number: str, language: str, audience: str) -> Response:
    """Draw what the report would look like now; nothing is kept."""
    services = requests.services()
    arrangement = request.args.get("arrangement", "")
    found = reports.preview_report(
        services.uow,
        requests.actor(),
        number=number,
        language=ReportLanguage(language),
        audience=Audience(audience),
        now=services.clock(),
        arrangement=Arrangement(arrangement) if arrangement in set(Arrangement) else Arrangement.STACKED,
    )
    return downloads.attachment(found.content, found.filename, "application/pdf")


def _head(number: str) -> CaseHead:
    with requests.services().uow.reading() as session:
        head = queries.complaint_head(session, requests.actor(), number)
    if head is None:
        abort(404)
    return head


def _evidence_page(head: CaseHead, form: EvidenceForm) -> str:
    limit = requests.services().limits.upload_max_bytes // 2**20
    return render_template("complaint/evidence.html", head=head, form=form, limit=limit)


def _uploads(form: EvidenceForm) -> tuple[verbs.CheckedUpload, ...]:
    """Check every file sent; problems stand at the field, all of them at once."""
    limits = requests.services().limits
    given = [file for file in request.files.getlist("files") if file.filename]
    checked, problems = [], []
    for file in given[:MOST_FILES]:
        try:
            checked.append(verbs.check_upload(verbs.Upload(file.filename or "", file.read()), limits))
        except Invalid as invalid:
            problems.append(invalid)
    if not given:
        form.files.errors = [gettext("Please choose at least one file.")]
    if len(given) > MOST_FILES:
        form.files.errors = [gettext("At most %(limit)d files at a time.", limit=MOST_FILES)]
    for problem in problems:
        form.refuse(problem)
    return tuple(checked)


def _file(number: str, evidence_id: int) -> evidence_queries.EvidenceFile:
    services = requests.services()
    with services.uow.reading() as session:
        found = evidence_queries.evidence_file(
            session, services.uow.files, requests.actor(), number, evidence_id
        )
    if found is None:
        abort(404)
    return found
