"""Satisfaction of our side: ask and take back, record what was told by phone, follow up, and the indicators."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.domain.authority import Allowed, may
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.satisfaction import DAYS, GRADE_TEXTS, QUESTIONS, TEXTS
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome, Refused
from eightd.queries import satisfaction as queries
from eightd.queries.satisfaction import SatisfactionPage
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.outside_mail import address_of
from eightd.usecases.replies.facts import addresses_in
from eightd.usecases.satisfaction import answer as answers
from eightd.usecases.satisfaction import ask as asking
from eightd.usecases.satisfaction import follow, wording
from eightd.web import formats, forms, requests, words
from eightd.web.survey_door import AnswersForm

blueprint = Blueprint("satisfaction", __name__)

_CASE = "/complaints/<number>/satisfaction"
_PARTED = re.compile(r"[,;，；\s]+")
Answer = str | Response | tuple[str, int]


class AskForm(forms.Form):
    """For how long and in which words the customer is asked."""

    language = wtforms.SelectField(_l("Language"), choices=lambda: words.choices(Language))
    days = wtforms.SelectField(
        _l("Holds for"),
        coerce=forms.whole_number,
        choices=lambda: [(one, gettext("%(count)d days", count=one)) for one in DAYS],
    )
    recipients = wtforms.StringField(_l("To"), [Length(max=2000)])
    subject = wtforms.StringField(_l("Subject"), [Length(max=300)])
    body = wtforms.TextAreaField(_lp("mail", "Text"), [Length(max=20_000)])


class PhoneForm(AnswersForm):
    """What the customer said by phone."""

    answered_by = wtforms.StringField(_l("Who said it, when and how"), [InputRequired(), Length(max=200)])


class NoteForm(forms.Form):
    """What was agreed with the customer."""

    note = wtforms.TextAreaField(
        _l("What was said and agreed"), [InputRequired(), Length(max=follow.LONGEST)]
    )


class DeclineForm(forms.Form):
    """Why the case is not opened again."""

    reason = wtforms.TextAreaField(_l("Why it stays as it is"), [InputRequired(), Length(max=follow.LONGEST)])


@blueprint.get(_CASE)
def page(number: str) -> str:
    """Show what was asked and answered, and what is to be done."""
    return _page(_view(number))


@blueprint.route(f"{_CASE}/ask", methods=["GET", "POST"])
def ask(number: str) -> Answer:
    """Ask the customer: by mail, or by a link to copy."""
    view = _view(number)
    _insist(view.ask)
    language = _language_asked(view)
    subject, body = wording.asking(_about(view), language, DAYS[1])
    form = AskForm(
        data={
            "language": language.value,
            "days": DAYS[1],
            "recipients": ", ".join(addresses_in(view.contact) or addresses_in(view.emails)),
            "subject": subject,
            "body": body,
        }
    )
    by_mail = view.can_mail and request.form.get("how", "mail") == "mail"
    if form.passes():
        try:
            asking.ask_satisfaction(
                requests.services().uow,
                requests.order(),
                number=number,
                language=Language(form.language.data),
                days=form.days.data or 0,
                recipients=_addresses(form.recipients.data) if by_mail else (),
                subject=form.subject.data or "",
                body=form.body.data or "",
                send=by_mail,
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(
                gettext("The customer is being asked by mail.")
                if by_mail
                else gettext("The link was made. Copy it and send it to the customer."),
                "success",
            )
            return _back(number)
    return (
        render_template(
            "satisfaction/ask.html", page=view, form=form, choices_of_language=words.choices(Language)
        ),
        422 if form.is_sent else 200,
    )


@blueprint.post(f"{_CASE}/<int:survey_id>/revoke")
def revoke(number: str, survey_id: int) -> Response:
    """Take a question back."""
    asking.revoke_survey(
        requests.services().uow,
        requests.order(),
        number=number,
        survey_id=survey_id,
        version=requests.seen_version(),
    )
    flash(gettext("The link opens nothing any more."), "success")
    return _back(number)


@blueprint.route(f"{_CASE}/record", methods=["GET", "POST"])
def record(number: str) -> Answer:
    """Record what the customer said by phone or on a visit."""
    view = _view(number)
    _insist(view.record)
    form = PhoneForm()
    if form.passes():
        try:
            answers.record_satisfaction(
                requests.services().uow,
                requests.order(),
                number=number,
                version=requests.seen_version(),
                answers=form.answers(),
                comment=form.comment.data or "",
                answered_by=form.answered_by.data or "",
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The answer was recorded."), "success")
            return _back(number)
    status = 422 if form.is_sent else 200
    return render_template(
        "satisfaction/record.html", page=view, form=form, questions=form.questions()
    ), status


@blueprint.post(f"{_CASE}/<int:survey_id>/call")
def call(number: str, survey_id: int) -> Response | tuple[str, int]:
    """Record that the unhappy customer was spoken to."""
    form = NoteForm()
    if form.validate():
        try:
            follow.follow_up(
                requests.services().uow,
                requests.order(),
                number=number,
                survey_id=survey_id,
                version=requests.seen_version(),
                note=form.note.data or "",
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The call was recorded."), "success")
            return _back(number)
    return _page(_view(number), note=form), 422


@blueprint.post(f"{_CASE}/<int:survey_id>/decline")
def decline(number: str, survey_id: int) -> Response | tuple[str, int]:
    """Turn the proposal to reopen down."""
    form = DeclineForm()
    if form.validate():
        try:
            follow.decline_reopening(
                requests.services().uow,
                requests.order(),
                number=number,
                survey_id=survey_id,
                version=requests.seen_version(),
                reason=form.reason.data or "",
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("The case stays as it is; the reason was recorded."), "success")
            return _back(number)
    return _page(_view(number), why=form), 422


@blueprint.get("/satisfaction")
def index() -> str:
    """Show who waits to be called or asked, and how satisfied customers are."""
    if not isinstance(may(requests.actor(), Action.VIEW), Allowed):
        raise NotFound
    services = requests.services()
    now, zone = services.clock(), requests.person().zone
    today = now.astimezone(ZoneInfo(zone)).date()
    ignored: list[str] = []
    from_on = requests.asked_day(request.args, "from", ignored) or date(today.year, 1, 1)
    until_on = requests.asked_day(request.args, "until", ignored) or today
    with services.uow.reading() as session:
        shown = (requests.actor(), now, formats.language())
        calls = queries.calls(session, *shown)
        unasked = queries.unasked(session, *shown)
        found = queries.indicators(session, requests.actor(), from_on, until_on, zone, formats.language())
    return render_template(
        "satisfaction/index.html",
        calls=calls,
        unasked=unasked,
        found=found,
        questions=[
            (formats.message(TEXTS[question]), found.total.average(question)) for question in QUESTIONS
        ],
        narrowed=bool(request.args.get("from") or request.args.get("until")),
        ignored=bool(ignored),
        fields=[
            {"kind": "date", "name": "from", "label": gettext("Asked from"), "value": from_on.isoformat()},
            {"kind": "date", "name": "until", "label": gettext("Asked until"), "value": until_on.isoformat()},
        ],
    )


def _page(view: SatisfactionPage, note: NoteForm | None = None, why: DeclineForm | None = None) -> str:
    services = requests.services()
    may_ask = isinstance(view.ask, Allowed)
    link = ""
    if view.open is not None and may_ask:
        link = address_of(OutsidePurpose.SATISFACTION, view.open.id, services.links, services.base_url)
    return render_template(
        "satisfaction/page.html",
        page=view,
        link=link,
        may_ask=may_ask,
        may_record=isinstance(view.record, Allowed),
        may_call=isinstance(view.follow_up, Allowed),
        may_reopen=isinstance(view.reopen, Allowed),
        why_not=formats.message(view.ask.message) if isinstance(view.ask, Refused) else "",
        note=note or NoteForm(forms.NOTHING),
        why=why or DeclineForm(forms.NOTHING),
        grade_text=_grade_text,
        question_text=_question_text,
        now=services.clock(),
    )


def _grade_text(grade: int) -> str:
    return formats.message(GRADE_TEXTS[grade])


def _question_text(question: str) -> str:
    return formats.message(TEXTS[question])


def _view(number: str) -> SatisfactionPage:
    services = requests.services()
    with services.uow.reading() as session:
        view = queries.satisfaction_page(session, requests.actor(), number, services.clock())
    if view is None:
        abort(404)
    return view


def _insist(outcome: Outcome) -> None:
    """Answer as a verb would that is refused."""
    if isinstance(outcome, Refused):
        raise NotAllowed(outcome.message, outcome.gates)


def _language_asked(view: SatisfactionPage) -> Language:
    asked = request.args.get("language", "")
    return Language(asked) if asked in set(Language) else view.customer_language


def _about(view: SatisfactionPage) -> wording.About:
    return wording.About(view.number, view.customer_number, view.part, view.plant, view.plant_en)


def _addresses(typed: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in _PARTED.split(typed or "") if one))


def _back(number: str) -> Response:
    return redirect(url_for("satisfaction.page", number=number), 303)
