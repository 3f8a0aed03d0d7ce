"""The own messages: what reaches the person where, when it is quiet, the morning's digest, names in chats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import wtforms
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length, Optional

from eightd.domain.messages import MessageKind, RelayKind, Way, is_fixed
from eightd.queries import message_choices as queries
from eightd.queries.message_choices import ChoicesView
from eightd.usecases import calendar_feed, message_choices, relay_trial
from eightd.usecases.alarms.digest import MORNING
from eightd.usecases.errors import Invalid
from eightd.usecases.relay_trial import Trial
from eightd.web import forms, requests, words
from eightd.web.first_run import zones

blueprint = Blueprint("account_messages", __name__, url_prefix="/account/messages")

_ROBOTS = tuple(kind for kind in RelayKind if kind.way is Way.CHAT)


class ChoicesForm(forms.Form):
    """Kinds by way, quiet hours, the digest's time, names in chats."""

    by_email = wtforms.SelectMultipleField(_l("E-mail"))
    by_chat = wtforms.SelectMultipleField(_l("Chat"))
    quiet_from = wtforms.TimeField(_l("Quiet from"), [Optional()])
    quiet_until = wtforms.TimeField(_l("Quiet until"), [Optional()])
    zone = wtforms.SelectField(_l("Time zone"))
    digest_time = wtforms.TimeField(_l("Digest each morning at"), [Optional()])
    chat_wecom = wtforms.StringField(words.LABELS[RelayKind][RelayKind.WECOM], [Length(max=64)])
    chat_dingtalk = wtforms.StringField(words.LABELS[RelayKind][RelayKind.DINGTALK], [Length(max=64)])
    chat_feishu = wtforms.StringField(words.LABELS[RelayKind][RelayKind.FEISHU], [Length(max=64)])
    chat_webhook = wtforms.StringField(words.LABELS[RelayKind][RelayKind.WEBHOOK], [Length(max=64)])


@dataclass(frozen=True, slots=True)
class KindLine:
    """A line of the matrix; what is ``fixed`` cannot be chosen away."""

    kind: MessageKind
    fixed: bool
    by_email: bool
    by_chat: bool


@blueprint.get("")
def index() -> str:
    """Show the choices."""
    view = _view()
    return _page(view, _form(view))


@blueprint.post("")
def save() -> Response | tuple[str, int]:
    """Keep the choices."""
    view = _view()
    form = _form(view)
    if form.passes():
        try:
            message_choices.choose_messages(
                requests.services().uow,
                requests.order(),
                version=requests.seen_version(),
                choices=_chosen(form, view),
            )
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            flash(gettext("Your choices were saved."), "success")
            return redirect(url_for(".index"), 303)
    return _page(view, form), 422


@blueprint.post("/try")
def try_out() -> Response:
    """Send the person a test message by every way that reaches the person."""
    flash_trials(relay_trial.try_own_ways(requests.services(), requests.order()))
    return redirect(url_for(".index"), 303)


@blueprint.post("/feed")
def renew_feed() -> Response:
    """Make the address of the calendar feed, or a new one: the old opens nothing any more."""
    calendar_feed.renew_feed(requests.services().uow, requests.order(), version=requests.seen_version())
    flash(gettext("The address is new. Whoever had an earlier one sees nothing any more."), "success")
    return redirect(url_for(".index") + "#feed", 303)


@blueprint.post("/feed/remove")
def remove_feed() -> Response:
    """Take the calendar feed away."""
    calendar_feed.remove_feed(requests.services().uow, requests.order(), version=requests.seen_version())
    flash(gettext("The calendar feed is gone."), "success")
    return redirect(url_for(".index") + "#feed", 303)


def flash_trials(trials: Iterable[Trial]) -> None:
    """Say what came of each test message."""
    tried = tuple(trials)
    if not tried:
        flash(gettext("Nothing was sent: no way out reaches you, or it was sent already."), "warning")
    for one in tried:
        if one.taken:
            flash(gettext("“%(name)s” has taken the test message.", name=one.name), "success")
        else:
            flash(
                gettext(
                    "“%(name)s” did not take the test message: %(fault)s", name=one.name, fault=one.fault
                ),
                "error",
            )


def _view() -> ChoicesView:
    with requests.services().uow.reading() as session:
        return queries.choices(session, requests.actor())


def _form(view: ChoicesView) -> ChoicesForm:
    zone = view.zone or requests.person().zone
    form = ChoicesForm(
        data={
            "by_email": _wanted(view, Way.EMAIL),
            "by_chat": _wanted(view, Way.CHAT),
            "quiet_from": view.quiet_from,
            "quiet_until": view.quiet_until,
            "zone": zone,
            "digest_time": view.digest_time if view.version else MORNING,
            **{f"chat_{kind.value}": name for kind, name in view.chat_names.items()},
        }
    )
    known = zones()
    form.zone.choices = [(one, one) for one in ([zone] if zone not in known else []) + known]
    offered = [(kind.value, words.word(kind)) for kind in MessageKind if not is_fixed(kind)]
    form.by_email.choices = form.by_chat.choices = offered
    return form


def _wanted(view: ChoicesView, way: Way) -> list[str]:
    return [kind.value for kind in MessageKind if view.wanted[kind, way] and not is_fixed(kind)]


def _chosen(form: ChoicesForm, view: ChoicesView) -> message_choices.Choices:
    by_way = {Way.EMAIL: form.by_email.data or (), Way.CHAT: form.by_chat.data or ()}
    if not view.robots:  # the column was not shown
        by_way[Way.CHAT] = _wanted(view, Way.CHAT)
    return message_choices.Choices(
        wanted=frozenset((MessageKind(kind), way) for way, kinds in by_way.items() for kind in kinds),
        zone=form.zone.data or "",
        quiet_from=form.quiet_from.data,
        quiet_until=form.quiet_until.data,
        digest_time=form.digest_time.data,
        chat_names={
            kind: form[f"chat_{kind.value}"].data or ""
            if kind in view.robots
            else view.chat_names.get(kind, "")
            for kind in _ROBOTS
        },
    )


def _page(view: ChoicesView, form: ChoicesForm) -> str:
    services = requests.services()
    by_email, by_chat = set(form.by_email.data or ()), set(form.by_chat.data or ())
    lines = [
        KindLine(kind, is_fixed(kind), kind.value in by_email, kind.value in by_chat) for kind in MessageKind
    ]
    feed = ""
    if view.feed_epoch > 0:
        token = services.links.token(calendar_feed.PURPOSE, requests.person().id, view.feed_epoch)
        feed = services.base_url + url_for("calendar_feed.feed", token=token)
    return render_template(
        "account_messages/index.html",
        view=view,
        form=form,
        lines=lines,
        chat_fields=[form[f"chat_{kind.value}"] for kind in view.robots],
        feed=feed,
    )
