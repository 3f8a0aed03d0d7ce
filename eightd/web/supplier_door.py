"""The supplier's side of its own 8D: by a signed link, without an account, on the same forms as ours (procedure 1)."""

from __future__ import annotations

from flask import Response, flash, g, redirect, render_template, request
from flask_babel import gettext, ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.complaint import DisciplineCode
from eightd.domain.goes_along import PICTURES
from eightd.domain.suppliers.due import MILESTONE_LABELS
from eightd.domain.words import Language
from eightd.queries.evidence import EvidenceFile
from eightd.queries.suppliers import guest as queries
from eightd.queries.suppliers.guest import GuestCasePage
from eightd.reporting.thumbnail import NotAPictureError, thumbnail
from eightd.usecases import evidence
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.suppliers import answering as verbs
from eightd.usecases.suppliers import link as links
from eightd.usecases.suppliers.link import GuestCase
from eightd.web import downloads, formats, forms, requests
from eightd.web import session as door
from eightd.web.discipline_forms import registry
from eightd.web.supplier_discipline import drawn, loaded, shown_form
from eightd.web.supplier_link import (
    ACCEPTED_KINDS,
    FilesForm,
    address,
    blueprint,
    guest_order,
    keep_to_pace,
    through_the_link,
)

__all__ = ["blueprint"]

MOST_AT_ONCE = 20
"""Files that can be chosen at a time."""


@blueprint.get("/<token>")
@door.public
@through_the_link
def page(guest: GuestCase) -> str:
    """Show what it is about, what is asked until when, and how far the answers are."""
    services = requests.services()
    links.note_opening(services.uow, guest, services.clock())
    return _case_page(_case(guest), FilesForm(forms.NOTHING))


@blueprint.post("/<token>/files")
@door.public
@through_the_link
def add_files(guest: GuestCase) -> AnyResponse | tuple[str, int]:
    """File pictures and documents for the case or one of its disciplines."""
    keep_to_pace(guest)
    form = FilesForm()
    valid = form.validate()
    uploads = _uploads(form)
    code = _code_sent()
    if not valid or form.files.errors:
        return _with_files_form(guest, code, form), 422
    try:
        verbs.add_files(
            requests.services().uow,
            guest_order(),
            link_id=guest.link_id,
            code=code,
            uploads=uploads,
            caption=form.caption.data or "",
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _with_files_form(guest, code, form), 422
    except NotAllowed as refusal:
        form.files.errors = [formats.message(refusal.message)]
        return _with_files_form(guest, code, form), 409
    flash(ngettext("%(num)d file was added.", "%(num)d files were added.", len(uploads)), "success")
    return redirect(address(code) + "#files", 303)


@blueprint.get("/<token>/files/<int:evidence_id>")
@door.public
@through_the_link
def download(guest: GuestCase, evidence_id: int) -> Response:
    """Hand out a file that was chosen for the supplier, or that it sent."""
    found = _file(guest, evidence_id)
    return downloads.attachment(found.content, found.filename, found.media_type)


@blueprint.get("/<token>/files/<int:evidence_id>/thumbnail", endpoint="thumbnail")
@door.public
@through_the_link
def small_picture(guest: GuestCase, evidence_id: int) -> Response:
    """Show a picture small."""
    found = _file(guest, evidence_id)
    if found.media_type not in PICTURES:
        raise NotFound
    try:
        return Response(thumbnail(found.content), mimetype="image/jpeg")
    except NotAPictureError as broken:
        raise NotFound from broken


# ---------------------------------------------------------------- what stands in the way


@blueprint.errorhandler(CSRFError)
def _too_old(_error: CSRFError) -> AnyResponse:
    """Give back what was typed with a token that holds: the browser may have forgotten the old one overnight."""
    token = (request.view_args or {}).get("token", "")
    return _again(token=token)


@through_the_link
def _again(guest: GuestCase) -> tuple[str, int]:
    g.wants_new_key = True
    code = (request.view_args or {}).get("code")
    if code is None:
        flash(gettext("This page was too old."), "warning")
        return _case_page(_case(guest), FilesForm(forms.NOTHING)), 400
    view = loaded(guest, DisciplineCode(code))
    registry.offer_rows(view.answers)
    form = registry.FORMS[view.code]()
    form.validate()
    given = request.form.get("version", "")
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else view.version
    return drawn(view, form, version=seen, too_old=True), 400


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    return _refused(token=(request.view_args or {}).get("token", ""), status=413)


@blueprint.errorhandler(TooManyRequests)
def _too_many(_error: TooManyRequests) -> AnyResponse:
    return _refused(token=(request.view_args or {}).get("token", ""), status=429)


@through_the_link
def _refused(_guest: GuestCase, status: int) -> tuple[str, int]:
    limit = formats.number(requests.services().limits.upload_max_bytes // 2**20)
    said = {
        413: gettext("What was sent is too large: %(limit)s MB at once at most.", limit=limit),
        429: gettext("Too much was sent by this link. Please try again in ten minutes."),
    }
    code = (request.view_args or {}).get("code")
    return render_template(
        "supplier_door/refused.html", sentence=said[status], token=g.token, guest=g.guest, code=code
    ), status


# ---------------------------------------------------------------- asking


def _case(guest: GuestCase) -> GuestCasePage:
    with requests.services().uow.reading() as store:
        return queries.case_page(store, guest.case_id)


def _file(guest: GuestCase, evidence_id: int) -> EvidenceFile:
    services = requests.services()
    with services.uow.reading() as store:
        found = queries.file_of(store, services.uow.files, guest.case_id, evidence_id)
    if found is None:
        raise NotFound
    return found


def _case_page(view: GuestCasePage, form: FilesForm) -> str:
    return render_template(
        "supplier_door/case.html",
        view=view,
        guest=g.guest,
        token=g.token,
        files_form=form,
        language=Language(formats.language()),
        accepted_kinds=ACCEPTED_KINDS,
        milestones=MILESTONE_LABELS,
    )


def _with_files_form(guest: GuestCase, code: DisciplineCode | None, form: FilesForm) -> str:
    if code is None:
        return _case_page(_case(guest), form)
    view = loaded(guest, code)
    return drawn(view, shown_form(view), files_form=form)


def _code_sent() -> DisciplineCode | None:
    given = request.form.get("code", "")
    return DisciplineCode(given) if given in set(DisciplineCode) else None


def _uploads(form: FilesForm) -> tuple[evidence.CheckedUpload, ...]:
    """Check every file sent; problems stand at the field, all of them at once."""
    limits = requests.services().limits
    given = [file for file in request.files.getlist("files") if file.filename]
    checked = []
    for file in given[:MOST_AT_ONCE]:
        try:
            checked.append(evidence.check_upload(evidence.Upload(file.filename or "", file.read()), limits))
        except Invalid as invalid:
            form.refuse(invalid)
    if not given:
        form.files.errors = [gettext("Please choose at least one file.")]
    if len(given) > MOST_AT_ONCE:
        form.files.errors = [gettext("At most %(limit)d files at a time.", limit=MOST_AT_ONCE)]
    return tuple(checked)
