"""The inbox: what the person was told, what of it is new, and the way to what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.messages import ALARMS, MessageKind
from eightd.queries import inbox as queries
from eightd.queries import people
from eightd.queries.inbox import MessageView, Part
from eightd.usecases import inbox as verbs
from eightd.web import message_words, pages, requests
from eightd.web import session as door
from eightd.web.admin import lists

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

_STOP_POLLING = 286  # understood by htmx


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the page shows it; ``path`` is empty where there is nothing to open."""

    id: int
    kind: MessageKind
    at: datetime
    read: bool
    alarm: bool
    text: str
    details: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    path: str
    hidden: bool


@blueprint.get("")
def index() -> str:
    """Show the person's messages, newest first."""
    part = _part()
    with requests.services().uow.reading() as session:
        view = queries.inbox(session, requests.actor(), part, lists.place())
    return render_template(
        "inbox/index.html",
        lines=[_line(one) for one in view.page.lines],
        newest=view.newest,
        around=lists.around(view.page),
        part=part,
    )


@blueprint.get("/unread")
@door.public  # asked every minute by every open page: it must not send anybody to the sign-in page
@door.quiet
def unread() -> Response:
    """Return the number beside the bell, from one statement; the page asks no more once the session has ended."""
    who = door.identity()
    count = None
    if who is not None:
        with requests.services().uow.reading() as session:
            count = people.unread(session, *who)
    return make_response(pages.unread_figure(count or 0), _STOP_POLLING if count is None else 200)


@blueprint.post("/<int:message_id>")
def follow(message_id: int) -> AnyResponse:
    """Mark a message as read and go to what it is about."""
    verbs.read_message(requests.services().uow, requests.order(), message_id=message_id)
    with requests.services().uow.reading() as session:
        message = queries.message(session, requests.actor(), message_id)
    if message is None:
        abort(404)
    return redirect(_path(message) or url_for(".index"), 303)


@blueprint.post("/<int:message_id>/read")
def read(message_id: int) -> AnyResponse:
    """Mark a message as read."""
    verbs.read_message(requests.services().uow, requests.order(), message_id=message_id)
    return redirect(_back(), 303)


@blueprint.post("/read")
def read_all() -> AnyResponse:
    """Mark everything as read that was there when the page was made."""
    newest = requests.sent_id("newest")
    verbs.read_all(requests.services().uow, requests.order(), newest=newest)
    flash(gettext("Your messages are marked as read."), "success")
    return redirect(_back(), 303)


def _part() -> Part:
    given = request.args.get("show", "")
    return Part(given) if given in set(Part) else Part.ALL


def _back() -> str:
    before = door.page_before()
    inbox = url_for(".index")
    return before if before is not None and before.split("?")[0] == inbox else inbox


def _path(message: MessageView) -> str:
    """Return the path of what the message is about; what is no path of this site counts as none."""
    path = door.safe_next(message.facts.path) if message.facts is not None else None
    return "" if path is None else request.script_root + path


def _line(message: MessageView) -> Line:
    items = message.facts.items if message.facts is not None else ()
    return Line(
        id=message.id,
        kind=message.kind,
        at=message.at,
        read=message.read,
        alarm=message.kind in ALARMS,
        text=message_words.line(message),
        details=tuple(message_words.details(message)),
        items=tuple(
            (message_words.item(one), (request.script_root + path) if path else "")
            for one in items
            for path in [door.safe_next(one.path)]
        ),
        path=_path(message),
        hidden=message.facts is None,
    )
