"""Suppliers' 8Ds: asked for on a complaint, sent by a link, judged, taken over."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.suppliers.case import ASKED_BY_DEFAULT
from eightd.domain.suppliers.due import MILESTONE_LABELS
from eightd.domain.suppliers.sharing import CHOSEN_AT_FIRST
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, Refused
from eightd.queries.suppliers import cases as queries
from eightd.queries.suppliers.views import AskView, CasePage
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.outside_mail import address_of
from eightd.usecases.suppliers import ask as asking
from eightd.usecases.suppliers import judge as judging
from eightd.usecases.suppliers import link as links
from eightd.usecases.suppliers import take_over as taking
from eightd.usecases.suppliers.wording import CaseWords, Letter, body_of, subject_of
from eightd.web import formats, forms, requests, words
from eightd.web.complaint import refusal
from eightd.web.discipline_forms import reading
from eightd.web.supplier_forms import SCORE_WORDS, AskForm, LinkForm, ScoreForm, grouped, is_picture
from eightd.web.supplier_rows import said
from eightd.web.suppliers import blueprint

__all__ = ["blueprint"]

_CASE = "/supplier-cases/<number>"


@blueprint.get("/complaints/<number>/suppliers")
def of_complaint(number: str) -> str:
    """List the suppliers' 8Ds of a complaint."""
    with requests.services().uow.reading() as session:
        view = queries.of_complaint(session, requests.actor(), number)
    if view is None:
        abort(404)
    return render_template("suppliers/of_complaint.html", view=view, ask=view.outcomes[Action.ASK_SUPPLIER])


@blueprint.route("/complaints/<number>/suppliers/ask", methods=["GET", "POST"])
def ask(number: str) -> str | Response | tuple[str, int]:
    """Ask a supplier for its own 8D; ``parent`` in the address is the case whose supplier is asked."""
    view = _ask_view(number)
    parent = request.args.get("parent", "")
    form = AskForm(data=_begin(view))
    form.offer(view)
    if form.is_sent and form.validate():
        try:
            done = asking.ask_supplier(
                requests.services().uow,
                requests.order(),
                number=number,
                supplier_id=form.supplier_id.data or 0,
                request=form.request(),
                parent=parent,
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(
                gettext("%(number)s was made. Now send the supplier its link.", number=done.number), "success"
            )
            return redirect(url_for(".case", number=done.number, _anchor="link"), 303)
    return _ask_page(view, form, parent=parent), 422 if form.is_sent else 200


@blueprint.get("/complaints/<number>/suppliers/dates")
def dates(number: str) -> str:
    """Show until when a supplier would be asked to answer, as things are chosen in the form."""
    view = _ask_view(number)
    codes = [one for one in request.args.getlist("asked") if one in set(DisciplineCode)]
    supplier_id = forms.whole_number(request.args.get("supplier_id") or "") or 0
    return render_template(
        "suppliers/dates.html",
        view=view,
        dates=_dates(number, supplier_id, codes, request.args.get("parent", "")),
        milestones=MILESTONE_LABELS,
    )


@blueprint.get(_CASE)
def case(number: str) -> str:
    """Show one supplier's 8D."""
    return _case_page(_case(number))


@blueprint.route(_CASE + "/edit", methods=["GET", "POST"])
def edit_case(number: str) -> str | Response | tuple[str, int]:
    """Change what an open case shows and until when it is wanted."""
    page = _case(number)
    view = _ask_view(page.header.number)
    form = AskForm(
        data={
            "supplier_id": page.supplier_id,
            "part": page.part,
            "phenomenon": page.phenomenon,
            "asked": [code.value for code in page.asked],
            "facts": [one.key for one in page.facts],
            "evidence_ids": [one.id for one in page.files if not one.from_supplier],
            "message": page.message,
            "language": page.language,
        }
    )
    form.offer(view)
    if form.is_sent:
        form.asked.data = [code.value for code in page.asked]
    if form.is_sent and form.validate():
        try:
            asking.change_case(
                requests.services().uow,
                requests.order(),
                number=number,
                version=requests.seen_version(),
                request=form.request(),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The change was saved; the supplier sees it at once."), "success")
            return redirect(url_for(".case", number=number), 303)
    return _ask_page(view, form, page=page, parent=page.above), 422 if form.is_sent else 200


@blueprint.post(_CASE + "/link")
def make_link(number: str) -> str | Response | tuple[str, int]:
    """Make a link; ``send`` among what was sent mails it as well."""
    page = _case(number)
    form = LinkForm()
    send = "send" in request.form
    if form.validate():
        try:
            links.make_link(
                requests.services().uow,
                requests.order(),
                number=number,
                days=form.days.data or 0,
                recipient=form.recipient.data or "",
                send=send,
                subject=form.subject.data or "",
                body=form.body.data or "",
            )
        except Invalid as invalid:
            if "recipients" in invalid.problems:
                invalid.problems["recipient"] = invalid.problems.pop("recipients")
            form.refuse(invalid)
        else:
            told = (
                gettext("The mail is on its way to the supplier.")
                if send
                else gettext("The link was made. Copy it below and send it to the supplier.")
            )
            flash(told, "success")
            return redirect(url_for(".case", number=number, _anchor="links"), 303)
    return _case_page(page, link_form=form), 422


@blueprint.post(_CASE + "/links/<int:link_id>/revoke")
def revoke_link(number: str, link_id: int) -> Response:
    """Let a link open nothing any more."""
    links.revoke_link(requests.services().uow, requests.order(), number=number, link_id=link_id)
    flash(gettext("The link opens nothing any more."), "success")
    return redirect(url_for(".case", number=number, _anchor="links"), 303)


@blueprint.post(_CASE + "/<code>/accept")
def accept_answer(number: str, code: str) -> Response:
    """Accept the answer to one discipline."""
    judging.accept_answer(
        requests.services().uow,
        requests.order(),
        number=number,
        code=_code(code),
        version=requests.seen_version(),
        note=request.form.get("note", ""),
    )
    flash(gettext("%(code)s was accepted.", code=code), "success")
    return redirect(url_for(".case", number=number, _anchor=code), 303)


@blueprint.post(_CASE + "/<code>/return")
def return_answer(number: str, code: str) -> Response:
    """Return the answer to one discipline with a reason."""
    try:
        judging.return_answer(
            requests.services().uow,
            requests.order(),
            number=number,
            code=_code(code),
            version=requests.seen_version(),
            reason=request.form.get("reason", ""),
        )
    except Invalid as invalid:
        _flash_problems(invalid)
    else:
        flash(gettext("%(code)s was returned to the supplier.", code=code), "success")
    return redirect(url_for(".case", number=number, _anchor=code), 303)


@blueprint.post(_CASE + "/accept")
def accept_case(number: str) -> str | Response | tuple[str, int]:
    """Accept the whole with a score."""
    page = _case(number)
    form = ScoreForm()
    if form.validate():
        judging.accept_case(
            requests.services().uow,
            requests.order(),
            number=number,
            version=requests.seen_version(),
            score=form.score.data,
            note=form.note.data or "",
        )
        flash(gettext("The supplier's 8D was accepted."), "success")
        return redirect(url_for(".case", number=number), 303)
    return _case_page(page, score_form=form), 422


@blueprint.post(_CASE + "/take-over")
def take_over(number: str) -> Response:
    """Take chosen rows over into our drafts."""
    try:
        done = taking.take_over(
            requests.services().uow,
            requests.order(),
            number=number,
            version=requests.seen_version(),
            places=request.form.getlist("places"),
        )
    except Invalid as invalid:
        _flash_problems(invalid)
    else:
        flash(gettext("%(count)d rows now stand in our own drafts.", count=done.id), "success")
    return redirect(url_for(".case", number=number, _anchor="take"), 303)


@blueprint.post(_CASE + "/cancel")
def cancel_case(number: str) -> Response:
    """Call the case off with a reason."""
    try:
        asking.cancel_case(
            requests.services().uow,
            requests.order(),
            number=number,
            version=requests.seen_version(),
            reason=request.form.get("reason", ""),
        )
    except Invalid as invalid:
        _flash_problems(invalid)
    else:
        flash(
            gettext("%(number)s was called off; its links open nothing any more.", number=number), "success"
        )
    return redirect(url_for(".case", number=number), 303)


def _flash_problems(invalid: Invalid) -> None:
    for problem in invalid.problems.values():
        flash(formats.message(problem), "error")


def _code(code: str) -> DisciplineCode:
    if code not in set(DisciplineCode):
        abort(404)
    return DisciplineCode(code)


def _ask_view(number: str) -> AskView:
    with requests.services().uow.reading() as session:
        view = queries.ask_view(session, requests.actor(), number)
    if view is None:
        abort(404)
    if isinstance(view.outcome, Refused):
        raise NotAllowed(view.outcome.message, view.outcome.gates)
    return view


def _case(number: str) -> CasePage:
    services = requests.services()
    with services.uow.reading() as session:
        page = queries.case_page(session, requests.actor(), number, services.clock())
    if page is None:
        abort(404)
    return page


def _dates(number: str, supplier_id: int, codes: list[str], parent: str) -> tuple[Any, ...]:
    services = requests.services()
    with services.uow.reading() as session:
        return queries.derived_dates(
            session,
            requests.actor(),
            number,
            supplier_id,
            services.clock(),
            asked=[DisciplineCode(one) for one in codes],
            parent=parent,
        )


def _begin(view: AskView) -> dict[str, Any]:
    own = [one for one, _, supplies in view.suppliers if supplies]
    return {
        "supplier_id": own[0] if len(own) == 1 else None,
        "part": "",
        "phenomenon": "",
        "asked": [code.value for code in ASKED_BY_DEFAULT],
        "facts": [
            one.key for one in view.facts if one.key in CHOSEN_AT_FIRST or one.key.startswith("defects/")
        ],
        "language": "",
    }


def _ask_page(view: AskView, form: AskForm, *, parent: str, page: CasePage | None = None) -> str:
    asked = list(form.asked.data or ())
    return render_template(
        "suppliers/ask.html",
        view=view,
        form=form,
        page=page,
        parent=parent,
        groups=grouped(view, frozenset(form.facts.data or ())),
        files=[(one, is_picture(one)) for one in view.files],
        chosen_files=frozenset(form.evidence_ids.data or ()),
        dates=_dates(view.header.number, form.supplier_id.data or 0, asked, parent),
        milestones=MILESTONE_LABELS,
        suggest=not view.suppliers,
    )


def _case_page(
    page: CasePage, *, link_form: LinkForm | None = None, score_form: ScoreForm | None = None
) -> str:
    zone = page.header.zone
    may_ask = isinstance(page.outcomes[Action.ASK_SUPPLIER], Allowed)
    return render_template(
        "suppliers/case.html",
        page=page,
        shown={
            one.code: reading.shown(one.code, one.answer, zone)
            for one in page.answers
            if one.answer is not None
        },
        refused={action: refusal(outcome) for action, outcome in page.outcomes.items()},
        action=Action,
        state=DisciplineState,
        link_form=link_form or LinkForm(forms.NOTHING, data=_letter(page)),
        score_form=score_form or ScoreForm(forms.NOTHING),
        scores=SCORE_WORDS,
        addresses=_addresses(page) if may_ask else {},
        offers=[(one, said(one.row)) for one in page.offers],
        milestones=MILESTONE_LABELS,
        all_accepted=all(one.state is DisciplineState.ACCEPTED for one in page.answers),
        pictures=frozenset(one.id for one in page.files if is_picture(one)),
        words=words,
    )


def _addresses(page: CasePage) -> dict[int, str]:
    services = requests.services()
    return {
        one.id: address_of(OutsidePurpose.SUPPLIER_CASE, one.id, services.links, services.base_url)
        for one in page.links
        if one.holds
    }


def _letter(page: CasePage) -> dict[str, Any]:
    english = page.language is Language.EN
    case_words = CaseWords(
        number=page.number,
        part=page.part,
        phenomenon=page.phenomenon,
        codes=tuple(code.value for code in page.asked),
        due_at=page.due_at,
        zone=page.header.zone,
        plant=(english and page.header.plant_name_en) or page.header.plant_name,
        message=page.message,
    )
    return {
        "recipient": page.supplier_emails,
        "days": 60,
        "subject": subject_of(Letter.ASKED, case_words, page.language),
        "body": body_of(Letter.ASKED, case_words, page.language),
    }
