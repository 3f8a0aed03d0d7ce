"""Ask the customer for a sample: a letter to look through and send, or what was asked outside the program."""

from __future__ import annotations

import re
from typing import Any

import wtforms
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length

from eightd.domain.complaint import Channel
from eightd.domain.reply_texts import LONGEST_BODY, LONGEST_SUBJECT
from eightd.domain.words import Language
from eightd.domain.workflow.outcome import Refused
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.returns.chase import LONGEST_NOTE, Request, chase_sample, draft_request, record_request
from eightd.web import forms, requests, words

Answer = str | Response | tuple[str, int]


class RequestForm(forms.Form):
    """The letter."""

    language = wtforms.HiddenField()
    recipients = wtforms.StringField(_l("To"), [Length(max=2000)])
    subject = wtforms.StringField(_l("Subject"), [Length(max=LONGEST_SUBJECT)])
    body = wtforms.TextAreaField(_l("Text"), [Length(max=LONGEST_BODY)])


class AskedForm(forms.Form):
    """What was asked outside the program."""

    means = wtforms.SelectField(_l("By"), choices=lambda: words.choices(Channel), default=Channel.PHONE)
    note = wtforms.TextAreaField(_l("Who was asked, and what was said"), [Length(max=LONGEST_NOTE)])


def chase(number: str) -> Answer:
    """Show the request for a complaint's sample in the customer's language or another one, and send it."""
    wanted = request.values.get("language", "")
    request_view = _drafted(number, Language(wanted) if wanted in set(Language) else None)
    form: Any = RequestForm(data=_begun(request_view))
    if not form.is_sent:
        return _page(request_view, form)
    if not form.validate():
        return _page(request_view, form), 422
    try:
        chase_sample(
            requests.services().uow,
            requests.order(),
            number=number,
            recipients=tuple(one for one in re.split(r"[\s,;，；]+", form.recipients.data or "") if one),
            language=request_view.language,
            subject=form.subject.data or "",
            body=(form.body.data or "").replace("\r\n", "\n"),
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(request_view, form), 422
    flash(gettext("The request is on its way."), "success")
    return redirect(url_for("returns.of_complaint", number=number), 303)


def asked_elsewhere(number: str) -> Answer:
    """Record that the customer was asked by telephone or otherwise."""
    view = _drafted(number, None)
    form: Any = AskedForm()
    if form.validate():
        try:
            record_request(
                requests.services().uow,
                requests.order(),
                number=number,
                means=Channel(form.means.data),
                note=form.note.data or "",
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("It is recorded that the customer was asked."), "success")
            return redirect(url_for("returns.of_complaint", number=number), 303)
    return _page(view, RequestForm(forms.NOTHING, data=_begun(view)), form), 422


def _drafted(number: str, language: Language | None) -> Request:
    """Return the request as it begins; who may not send it is told why."""
    services, person = requests.services(), requests.person()
    order = services.order(person.actor, person.name, "")
    with services.uow.reading() as session:
        found = draft_request(session, order, services.uow.reports, number, language)
    if found is None:
        abort(404)
    if isinstance(found.outcome, Refused):
        raise NotAllowed(found.outcome.message, found.outcome.gates)
    return found


def _begun(view: Request) -> dict[str, str]:
    return {
        "language": view.language.value,
        "recipients": ", ".join(view.recipients),
        "subject": view.text.subject,
        "body": view.text.body,
    }


def _page(view: Request, form: Any, asked: Any = None) -> str:
    return render_template(
        "returns/chase.html",
        view=view,
        form=form,
        asked=AskedForm(forms.NOTHING) if asked is None else asked,
        languages=[
            (
                words.word(one),
                url_for("returns.chase", number=view.number, language=one.value),
                one is view.language,
            )
            for one in Language
        ],
    )
