"""Replies to the customer: drafted, checked, looked at as they will be sent, released, kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import InputRequired, Length

from eightd.domain.correspondence import ReplyKind, ReplyState, WordingKind
from eightd.domain.reply_texts import LONGEST_BODY, LONGEST_SUBJECT
from eightd.domain.wording import Finding
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome, Refused
from eightd.domain.workflow.table import TRANSITIONS
from eightd.queries import replies as queries
from eightd.queries.replies import RepliesView, ReplyView
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import sending
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.replies import draft, reading, release
from eightd.web import complaint_forms, formats, forms, requests, words
from eightd.web.complaint_actions import SLUG_OF

blueprint = Blueprint("replies", __name__, url_prefix="/complaints/<number>/replies")

Answer = str | AnyResponse | tuple[str, int]
_AROUND = 24  # characters beside a finding
_PARTED = re.compile(r"[,;，；、\s]+")


class ReplyForm(forms.Form):
    """The editor of a draft."""

    subject = wtforms.StringField(_l("Subject"), [InputRequired(), Length(max=LONGEST_SUBJECT)])
    recipients = wtforms.StringField(_l("To"), [Length(max=2000)])
    copies = wtforms.StringField(_l("Copies to"), [Length(max=2000)])
    language = wtforms.SelectField(_l("Language of the text"), choices=lambda: words.choices(Language))
    revision = wtforms.SelectField(_l("Report that goes with it"), coerce=forms.whole_number)
    attached_language = wtforms.SelectField(
        _l("Language of the report"), choices=lambda: list(complaint_forms.REPORT_LANGUAGES)
    )
    body = wtforms.TextAreaField(_l("Text"), [InputRequired(), Length(max=LONGEST_BODY)])


@dataclass(frozen=True)
class Found:
    """A finding as the page shows it; ``line`` 0 is the subject."""

    id: str
    kind: str
    line: int
    before: str
    text: str
    after: str
    why: str
    instead: str
    field: str


@dataclass(frozen=True)
class Offer:
    """A kind of reply that may be sent in the complaint's stage, or why not yet."""

    kind: ReplyKind
    label: str
    refusal: str
    elsewhere: str


@blueprint.get("")
def index(number: str) -> str:
    """Show the replies of a complaint and what may be sent now."""
    view = _view(number)
    return render_template(
        "replies/index.html",
        view=view,
        number=number,
        zone=view.header.zone,
        offers=_offers(view),
        languages=words.choices(Language),
        may_draft=not _refusal(view.outcomes[Action.DRAFT_REPLY]),
    )


@blueprint.post("")
def new(number: str) -> AnyResponse:
    """Draft a reply from the template in force."""
    kind = request.form.get("kind", "")
    language = request.form.get("language", "")
    if kind not in set(ReplyKind) or language not in {"", *Language}:
        abort(400)
    services = requests.services()
    done = draft.draft_reply(
        services.uow,
        requests.order(),
        number=number,
        kind=ReplyKind(kind),
        language=Language(language) if language else None,
    )
    return redirect(url_for(".page", number=number, reply_id=done.id), 303)


@blueprint.route("/<int:reply_id>", methods=["GET", "POST"])
def page(number: str, reply_id: int) -> Answer:
    """Edit a draft; show what was released as it was sent."""
    view = _view(number)
    reply = _reply(view, reply_id)
    if reply.state is not ReplyState.DRAFT and request.method == "GET":
        return _shown(view, reply)
    form: Any = ReplyForm(
        data={
            "subject": reply.subject,
            "recipients": ", ".join(reply.recipients),
            "copies": ", ".join(reply.copies),
            "language": reply.language,
            "revision": reply.revision,
            "attached_language": reply.attached_language or "both",
            "body": reply.body,
        }
    )
    reports = [one for one in view.revisions if one.kind == sending.REPORT_KIND.get(reply.kind)]
    offered: list[Any] = [("", gettext("No report, text only"))]
    for one in reports:
        date = formats.day(one.issued_at, view.header.zone)
        offered.append((one.number, gettext("Revision %(number)d, %(date)s", number=one.number, date=date)))
    form.revision.choices = lambda: offered
    if not form.is_sent:
        _insist(view, Action.DRAFT_REPLY)
        return _editor(view, reply, form)
    if not form.validate():
        return _editor(view, reply, form), 422
    entry = draft.ReplyEntry(
        subject=form.subject.data or "",
        body=form.body.data or "",
        recipients=_addresses(form.recipients.data),
        copies=_addresses(form.copies.data),
        language=Language(form.language.data),
        revision=form.revision.data,
        attached_language=ReportLanguage(form.attached_language.data),
    )
    try:
        draft.edit_reply(
            requests.services().uow,
            requests.order(),
            number=number,
            reply_id=reply_id,
            version=requests.seen_version(),
            entry=entry,
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _editor(view, reply, form), 422
    if request.form.get("do") == "review":
        return redirect(url_for(".review", number=number, reply_id=reply_id), 303)
    flash(gettext("The draft was saved."), "success")
    return redirect(url_for(".page", number=number, reply_id=reply_id), 303)


@blueprint.post("/<int:reply_id>/check")
def check(number: str, reply_id: int) -> str:
    """Say what the wording guard finds in what is being typed; nothing is kept."""
    view = _view(number)
    _reply(view, reply_id)
    subject = request.form.get("subject", "")[:LONGEST_SUBJECT].replace("\n", " ")
    body = request.form.get("body", "")[: 2 * LONGEST_BODY].replace("\r\n", "\n")
    return render_template("replies/findings.html", found=_found(subject, body), wording=WordingKind)


@blueprint.route("/<int:reply_id>/release", methods=["GET", "POST"], endpoint="review")
def release_page(number: str, reply_id: int) -> Answer:
    """Show the mail exactly as it will be sent, with what stands against it; release it."""
    services = requests.services()
    view = _view(number)
    reply = _reply(view, reply_id)
    if request.method == "GET":
        if reply.state is not ReplyState.DRAFT:
            return redirect(url_for(".page", number=number, reply_id=reply_id), 303)
        return _review(view, reply, {})
    given = {
        name.removeprefix("reason-"): value.strip()
        for name, value in request.form.items()
        if name.startswith("reason-")
    }
    try:
        release.release_reply(
            services.uow,
            requests.order(),
            number=number,
            reply_id=reply_id,
            version=requests.seen_version(),
            reasons=given,
        )
    except Invalid as invalid:
        problems = {name: formats.message(problem) for name, problem in invalid.problems.items()}
        return _review(view, reply, problems, given), 422
    flash(gettext("The reply was released; it is sent next."), "success")
    return redirect(url_for(".page", number=number, reply_id=reply_id), 303)


@blueprint.post("/<int:reply_id>/refill")
def refill(number: str, reply_id: int) -> AnyResponse:
    """Write the draft anew from the template, in the language asked for."""
    language = request.form.get("language", "")
    if language not in set(Language):
        abort(400)
    draft.refill_reply(
        requests.services().uow,
        requests.order(),
        number=number,
        reply_id=reply_id,
        version=requests.seen_version(),
        language=Language(language),
    )
    flash(gettext("The text was written anew from the template."), "success")
    return redirect(url_for(".page", number=number, reply_id=reply_id), 303)


def _plain(verb: Callable[..., Any], said: Any) -> Callable[[str, int], AnyResponse]:
    def act(number: str, reply_id: int) -> AnyResponse:
        done = verb(
            requests.services().uow,
            requests.order(),
            number=number,
            reply_id=reply_id,
            version=requests.seen_version(),
        )
        flash(str(said), "success")
        return redirect(url_for(".page", number=number, reply_id=done.id), 303)

    act.__doc__ = verb.__doc__
    return act


for _name, _verb, _said in (
    ("discard", draft.discard_reply, _l("The reply was discarded.")),
    ("take_back", draft.take_back_reply, _l("The reply is a draft again.")),
    ("redraft", draft.redraft_reply, _l("A new draft was made of it.")),
    ("send_again", release.send_again, _l("It is sent again, as it was.")),
):
    blueprint.add_url_rule(
        f"/<int:reply_id>/{_name.replace('_', '-')}", _name, _plain(_verb, _said), methods=["POST"]
    )


@blueprint.get("/<int:reply_id>/mail.eml")
def mail(number: str, reply_id: int) -> Response:
    """Hand out the mail as it was sent: the same bytes for ever."""
    kept = release.kept_mail(requests.services().uow, requests.actor(), number=number, reply_id=reply_id)
    return Response(
        kept.content,
        mimetype="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{kept.filename}"'},
    )


# ---------------------------------------------------------------- showing


def _view(number: str) -> RepliesView:
    with requests.services().uow.reading() as session:
        view = queries.replies(session, requests.actor(), number)
    if view is None:
        abort(404)
    return view


def _reply(view: RepliesView, reply_id: int) -> ReplyView:
    found = next((one for one in view.replies if one.id == reply_id), None)
    if found is None:
        abort(404)
    return found


def _editor(view: RepliesView, reply: ReplyView, form: ReplyForm) -> str:
    return render_template(
        "replies/edit.html",
        view=view,
        number=view.header.number,
        zone=view.header.zone,
        reply=reply,
        form=form,
        has_report=reply.kind in sending.REPORT_KIND,
        found=_found(form.subject.data or "", form.body.data or ""),
        wording=WordingKind,
        languages=words.choices(Language),
        elsewhere=_elsewhere(view.header.number, reply.kind),
    )


def _review(
    view: RepliesView, reply: ReplyView, problems: dict[str, str], given: dict[str, str] | None = None
) -> str:
    services = requests.services()
    person = requests.person()
    try:
        made = release.preview_mail(
            services.uow,
            requests.actor(),
            person.name,
            number=view.header.number,
            reply_id=reply.id,
            now=services.clock(),
        )
        opened = reading.open_mail(made.content)
    except Invalid as invalid:
        opened = None
        problems = {**{name: formats.message(one) for name, one in invalid.problems.items()}, **problems}
    outcome = view.outcomes[sending.ACTION[reply.kind]]
    return render_template(
        "replies/release.html",
        view=view,
        number=view.header.number,
        zone=view.header.zone,
        reply=reply,
        mail=opened,
        problems=problems,
        given=given or {},
        found=_found(reply.subject, reply.body),
        wording=WordingKind,
        refusal=_refusal(outcome),
        elsewhere=_elsewhere(view.header.number, reply.kind),
    )


def _shown(view: RepliesView, reply: ReplyView) -> str:
    opened = None
    if reply.sha256:
        kept = release.kept_mail(
            requests.services().uow, requests.actor(), number=view.header.number, reply_id=reply.id
        )
        opened = reading.open_mail(kept.content)
    return render_template(
        "replies/show.html",
        view=view,
        number=view.header.number,
        zone=view.header.zone,
        reply=reply,
        mail=opened,
        wording=WordingKind,
        may_draft=not _refusal(view.outcomes[Action.DRAFT_REPLY]),
        again_refusal=_refusal(view.outcomes[sending.ACTION[reply.kind]])
        or ("" if view.has_relay else formats.message(release.NO_RELAY.say())),
    )


def _offers(view: RepliesView) -> list[Offer]:
    """Return the kinds of reply that belong to the stage, with why each cannot be sent yet."""
    stage = view.header.stage
    return [
        Offer(
            kind,
            str(words.word(kind)),
            _refusal(view.outcomes[action]),
            _elsewhere(view.header.number, kind),
        )
        for kind, action in sending.ACTION.items()
        if (stage, action) in TRANSITIONS
    ]


def _elsewhere(number: str, kind: ReplyKind) -> str:
    """Return the page on which this kind is recorded as sent by other means."""
    return url_for(f"complaint_actions.{SLUG_OF[sending.ACTION[kind]]}", number=number)


def _found(subject: str, body: str) -> list[Found]:
    with requests.services().uow.reading() as session:
        found = queries.findings(session, subject, body)
    whole = f"{subject}\n{body}"
    return [_as_shown(one, whole) for one in found]


def _as_shown(one: Finding, whole: str) -> Found:
    opens, closes = whole.rfind("\n", 0, one.start) + 1, whole.find("\n", one.end)
    closes = len(whole) if closes < 0 else closes
    begin, end = max(opens, one.start - _AROUND), min(closes, one.end + _AROUND)
    return Found(
        id=one.id,
        kind=one.kind.value,
        line=one.line(whole) - 1,
        before=("…" if begin > opens else "") + whole[begin : one.start],
        text=one.text,
        after=whole[one.end : end] + ("…" if end < closes else ""),
        why=formats.message(one.why),
        instead=formats.message(one.instead),
        field=release.reason_field(one),
    )


def _refusal(outcome: Outcome) -> str:
    if not isinstance(outcome, Refused):
        return ""
    return str(gettext("; ")).join(formats.message(one) for one in outcome.messages)


def _insist(view: RepliesView, action: Action) -> None:
    outcome = view.outcomes[action]
    if isinstance(outcome, Refused):
        raise NotAllowed(outcome.message, outcome.gates)


def _addresses(typed: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in _PARTED.split(typed or "") if one))
