"""The supplier's side of its own 8D: by a signed link, without an account, on the same forms as ours (procedure 1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any

import wtforms
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import force_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import Length

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ContainmentAnswer, ProblemAnswer
from eightd.domain.discipline.stock import balance
from eightd.domain.discipline.texts import keyed
from eightd.domain.goes_along import PICTURES
from eightd.domain.suppliers.answering import as_written
from eightd.domain.suppliers.due import MILESTONE_LABELS
from eightd.domain.words import Language
from eightd.queries.evidence import EvidenceFile
from eightd.queries.suppliers import guest as queries
from eightd.queries.suppliers.guest import GuestCasePage, GuestDisciplinePage
from eightd.reporting.thumbnail import NotAPictureError, thumbnail
from eightd.usecases import evidence
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.suppliers import answering as verbs
from eightd.usecases.suppliers import link as links
from eightd.usecases.suppliers.link import GuestCase
from eightd.usecases.verb import Order
from eightd.web import downloads, formats, forms, requests
from eightd.web import session as door
from eightd.web.discipline_forms import drawing, facts, layout, mapping, reading, registry
from eightd.web.discipline_forms.layout import Difference, DisciplineForm
from eightd.web.pacing import Pace
from eightd.web.status import gone_page

blueprint = Blueprint("supplier_door", __name__, url_prefix="/q")

CODES = ", ".join(code.value for code in DisciplineCode)
MOST_AT_ONCE = 20
"""Files that can be chosen at a time."""

_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "same-origin"}
# A browser that is told to send no address at all sends none with a form either, and over HTTPS the check of the
# form's token wants to know where it comes from. Other sites are told nothing.

_SPAN = timedelta(minutes=10)
_MOST_WRITES = 200  # by one link within the span
_LANGUAGE, _NAME = "guest_language", "guest_name"

View = Callable[..., AnyResponse]


class FilesForm(forms.Form):
    """Files with what they show."""

    files = wtforms.MultipleFileField(_l("Pictures and files"))
    caption = wtforms.StringField(_l("What it shows"), [Length(max=400)])


@blueprint.record_once
def _keep_pace(state: BlueprintSetupState) -> None:
    """Let every application count for itself."""
    state.app.extensions["eightd.supplier_pace"] = Pace(most=_MOST_WRITES, span=_SPAN)


def _through_the_link(view: Callable[..., str | AnyResponse | tuple[str, int]]) -> View:
    """Open the link of the address in the guest's language, or answer that there is nothing here."""

    @wraps(view)
    def opened(token: str, **values: Any) -> AnyResponse:
        services = requests.services()
        with services.uow.reading() as store:
            guest = links.opened_by(store, services.links, token, services.clock())
        if guest is None:
            return _sealed(gone_page())
        asked = request.args.get("lang", "")
        if asked in set(Language):
            session[_LANGUAGE] = asked
        g.guest, g.token = guest, token
        with force_locale(session.get(_LANGUAGE, guest.language.value)):
            try:
                return _sealed(make_response(view(guest, **values)))
            except NotFound:
                return _sealed(gone_page())

    return opened


def _sealed(answer: AnyResponse) -> AnyResponse:
    answer.headers.update(_HEADERS)
    return answer


# ---------------------------------------------------------------- the case


@blueprint.get("/<token>")
@door.public
@_through_the_link
def page(guest: GuestCase) -> str:
    """Show what it is about, what is asked until when, and how far the answers are."""
    services = requests.services()
    links.note_opening(services.uow, guest, services.clock())
    return _case_page(_case(guest), FilesForm(forms.NOTHING))


@blueprint.post("/<token>/files")
@door.public
@_through_the_link
def add_files(guest: GuestCase) -> AnyResponse | tuple[str, int]:
    """File pictures and documents for the case or one of its disciplines."""
    _keep_to_pace(guest)
    form = FilesForm()
    valid = form.validate()
    uploads = _uploads(form)
    code = _code_sent()
    if not valid or form.files.errors:
        return _with_files_form(guest, code, form), 422
    try:
        verbs.add_files(
            requests.services().uow,
            _order(),
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
    return redirect(_address(code) + "#files", 303)


@blueprint.get("/<token>/files/<int:evidence_id>")
@door.public
@_through_the_link
def download(guest: GuestCase, evidence_id: int) -> Response:
    """Hand out a file that was chosen for the supplier, or that it sent."""
    found = _file(guest, evidence_id)
    return downloads.attachment(found.content, found.filename, found.media_type)


@blueprint.get("/<token>/files/<int:evidence_id>/thumbnail", endpoint="thumbnail")
@door.public
@_through_the_link
def small_picture(guest: GuestCase, evidence_id: int) -> Response:
    """Show a picture small."""
    found = _file(guest, evidence_id)
    if found.media_type not in PICTURES:
        raise NotFound
    try:
        return Response(thumbnail(found.content), mimetype="image/jpeg")
    except NotAPictureError as broken:
        raise NotFound from broken


# ---------------------------------------------------------------- one discipline


@blueprint.get(f"/<token>/<any({CODES}):code>")
@door.public
@_through_the_link
def discipline(guest: GuestCase, code: str) -> str:
    """Show a discipline: to type in where it can be written, to read otherwise."""
    view = _discipline(guest, DisciplineCode(code))
    return _discipline_page(view, _form(view))


@blueprint.post(f"/<token>/<any({CODES}):code>")
@door.public
@_through_the_link
def answer(guest: GuestCase, code: str) -> AnyResponse | tuple[str, int]:
    """Save or submit; the button says which."""
    action = request.form.get("do", "")
    if action not in {"save", "submit"}:
        abort(400)
    _keep_to_pace(guest)
    view = _discipline(guest, DisciplineCode(code))
    seen, name = requests.seen_version(), request.form.get("by_name", "").strip()
    if name:
        session[_NAME] = name[: verbs.LONGEST_NAME]
    registry.offer_rows(view.answers)
    form = registry.FORMS[view.code]()
    if not form.validate():
        return _discipline_page(view, form, version=seen), 422
    written = registry.read(form, view.code, view.header.zone)
    given: dict[str, Any] = {
        "link_id": guest.link_id,
        "code": view.code,
        "version": seen,
        "answer": written,
    }
    try:
        if action == "save":
            verbs.save(requests.services().uow, _order(), **given)
        else:
            verbs.submit(requests.services().uow, _order(), **given, by_name=name)
    except NotAllowed as refusal:
        form.form_errors = [formats.message(one) for one in (refusal.message, *refusal.gates)]
        return _discipline_page(view, form, version=seen), 409
    except Invalid as invalid:
        told = {field: formats.message(problem) for field, problem in invalid.problems.items()}
        return _discipline_page(view, form, version=seen, name_error=told.get("by_name", "")), 422
    except Stale:
        return _overtaken(guest, view, form), 409
    if action == "save":
        flash(gettext("%(code)s: the draft was saved.", code=view.code.value), "success")
        return redirect(_address(view.code), 303)
    flash(gettext("%(code)s was submitted.", code=view.code.value), "success")
    return redirect(_address(None), 303)


def _overtaken(guest: GuestCase, seen: GuestDisciplinePage, form: DisciplineForm) -> str:
    """Show what was typed beside what somebody else with the link has saved meanwhile; both are kept."""
    g.wants_new_key = True  # the old key belongs to the order that was refused
    fresh = _discipline(guest, seen.code)
    written = registry.read(form, seen.code, seen.header.zone)
    differing: Sequence[Difference] = ()
    if fresh.answer is not None:
        differing = reading.differences(seen.code, fresh.answer, as_written(written), seen.header.zone)
    registry.offer_rows(fresh.answers)
    return _discipline_page(fresh, form, overtaken=differing or (Difference("", "", ""),))


def _discipline_page(
    view: GuestDisciplinePage,
    form: DisciplineForm,
    *,
    version: int | None = None,
    name_error: str = "",
    overtaken: Sequence[Difference] = (),
    files_form: FilesForm | None = None,
    too_old: bool = False,
) -> str:
    """Draw the page; ``version`` is what a form that was sent is made from, and not saved."""
    may_write = view.refusal is None or version is not None
    if may_write:
        mapping.pad(form, form.BLANKS)
    shown = []
    if not may_write and view.answer is not None:
        shown = reading.shown(view.code, view.answer, view.header.zone)
    written = view.answer
    return render_template(
        "supplier_door/discipline.html",
        page=view,
        guest=g.guest,
        token=g.token,
        form=form,
        may_write=may_write,
        shown=shown,
        version=view.version if version is None else version,
        name=request.form.get("by_name", "") or session.get(_NAME, ""),
        name_error=name_error,
        overtaken=overtaken,
        too_old=too_old,
        files_form=files_form or FilesForm(forms.NOTHING),
        balance=balance(written) if isinstance(written, ContainmentAnswer) else None,
        drawing=drawing.fishbone_svg(view.answers.get(view.code), facts.effect(view))
        if view.code is DisciplineCode.D4
        else None,
        uncovered=facts.uncovered(view),
        bound=layout.bound,
        columns=layout.columns,
        is_rows=lambda part: isinstance(part, layout.Rows),
        language=Language(formats.language()),
        accepted_kinds=ACCEPTED_KINDS,
    )


ACCEPTED_KINDS = "image/*,.heic,.heif,.pdf,.xlsx,.docx,.pptx,.csv,.txt"
"""What the chooser of files offers; what a file is, is told by its content."""


def _form(view: GuestDisciplinePage) -> DisciplineForm:
    registry.offer_rows(view.answers)
    begun = view.answer
    if begun is None:
        begun = keyed(registry.begun(view.code, view.answers, None))
        if isinstance(begun, ProblemAnswer):
            begun = keyed(ProblemAnswer(customer_words=view.header.phenomenon, is_is_not=begun.is_is_not))
    return registry.filled(view.code, begun, view.header.zone)


# ---------------------------------------------------------------- what stands in the way


@blueprint.errorhandler(CSRFError)
def _too_old(_error: CSRFError) -> AnyResponse:
    """Give back what was typed with a token that holds: the browser may have forgotten the old one overnight."""
    token = (request.view_args or {}).get("token", "")
    return _again(token=token)


@_through_the_link
def _again(guest: GuestCase) -> tuple[str, int]:
    g.wants_new_key = True
    code = (request.view_args or {}).get("code")
    if code is None:
        flash(gettext("This page was too old."), "warning")
        return _case_page(_case(guest), FilesForm(forms.NOTHING)), 400
    view = _discipline(guest, DisciplineCode(code))
    registry.offer_rows(view.answers)
    form = registry.FORMS[view.code]()
    form.validate()
    given = request.form.get("version", "")
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else view.version
    return _discipline_page(view, form, version=seen, too_old=True), 400


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    return _refused(token=(request.view_args or {}).get("token", ""), status=413)


@blueprint.errorhandler(TooManyRequests)
def _too_many(_error: TooManyRequests) -> AnyResponse:
    return _refused(token=(request.view_args or {}).get("token", ""), status=429)


@_through_the_link
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


def _keep_to_pace(guest: GuestCase) -> None:
    pace: Pace = current_app.extensions["eightd.supplier_pace"]
    now = requests.services().clock()
    if pace.is_spent(str(guest.link_id), now):
        raise TooManyRequests
    pace.fail(str(guest.link_id), now)


# ---------------------------------------------------------------- asking


def _order() -> Order:
    """Return a guest's order; one of ours who writes in the supplier's place is named in the record."""
    signed_in = requests.person().name if current_user.is_authenticated else ""
    return requests.guest_order(verbs.GUEST, signed_in)


def _case(guest: GuestCase) -> GuestCasePage:
    with requests.services().uow.reading() as store:
        return queries.case_page(store, guest.case_id)


def _discipline(guest: GuestCase, code: DisciplineCode) -> GuestDisciplinePage:
    with requests.services().uow.reading() as store:
        view = queries.discipline_page(store, guest.case_id, code)
    if view is None:
        raise NotFound
    return view


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
    view = _discipline(guest, code)
    g.form = form
    with_answer = _form(view)
    return _discipline_page(view, with_answer, files_form=form)


def _code_sent() -> DisciplineCode | None:
    given = request.form.get("code", "")
    return DisciplineCode(given) if given in set(DisciplineCode) else None


def _address(code: DisciplineCode | None) -> str:
    if code is None:
        return url_for("supplier_door.page", token=g.token)
    return url_for("supplier_door.discipline", token=g.token, code=code.value)


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
