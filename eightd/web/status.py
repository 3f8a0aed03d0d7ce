"""What a customer sees through a status link, without an account: what was released of one complaint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.complaint import Stage
from eightd.domain.words import Language, Phrase
from eightd.queries import status_link as queries
from eightd.usecases import status_link as verbs
from eightd.usecases.errors import NotFound
from eightd.usecases.status_link import Link
from eightd.web import requests
from eightd.web import session as door

blueprint = Blueprint("status", __name__, url_prefix="/s")

STAGES: Mapping[Stage, Any] = {
    Stage.REGISTERED: _l("Received; we are examining it"),
    Stage.NOT_OURS: _l("We are examining it"),  # what was found is told in a reply, not here
    Stage.NOT_OURS_APPROVED: _l("We are examining it"),
    Stage.NEGOTIATING: _l("Our result was sent; we are in discussion with you"),
    Stage.ANALYSING: _l("We are analysing the cause"),
    Stage.REPORTED: _l("The final report was sent; we await your verdict"),
    Stage.WATCHING: _l("You have accepted the report; we watch that the actions work"),
    Stage.CLOSED: _l("Closed"),
    Stage.CANCELLED: _l("Withdrawn; nothing more is being done"),
}
"""Where the complaint stands, in the customer's words; judgements that were not told yet are not among them."""

GONE = Phrase("status.gone", "There is nothing here", "此链接无效")
GONE_WHY = Phrase(
    "status.gone_why",
    "The link has expired or was revoked, or was not copied whole. Please ask your contact at the plant.",
    "链接已过期、已撤销或未完整复制，请联系您在工厂的对接人。",
)

_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"}

View = Callable[..., AnyResponse]


def _through_the_link(view: Callable[..., str | AnyResponse]) -> View:
    """Open the link of the address, or answer in both languages that there is nothing here."""

    @wraps(view)
    def opened(token: str, **values: Any) -> AnyResponse:
        services = requests.services()
        now = services.clock()
        with services.uow.reading() as session:
            link = verbs.opened_by(session, services.links, token, now)
        if link is None:
            return _sealed(gone_page())
        asked = request.args.get("lang", "")
        language = Language(asked) if asked in set(Language) else link.language
        with force_locale(language.value):
            try:
                answer: AnyResponse = make_response(view(link, token=token, language=language, **values))
            except NotFound:
                answer = gone_page()
        return _sealed(answer)

    return opened


@blueprint.get("/<token>")
@door.public
@_through_the_link
def page(link: Link, *, token: str, language: Language) -> str:
    """Show where the complaint stands and what was sent about it."""
    services = requests.services()
    now = services.clock()
    with services.uow.reading() as session:
        view = queries.status(session, link.complaint_id)
    verbs.note_opening(services.uow, link, now)
    return render_template(
        "status/page.html", view=view, stage=STAGES[view.stage], link=link, token=token, lang=language.value
    )


@blueprint.get("/<token>/reports/<int:revision>.pdf")
@door.public
@_through_the_link
def report(link: Link, *, token: str, language: Language, revision: int) -> AnyResponse:  # noqa: ARG001
    """Hand out a report as it was sent."""
    services = requests.services()
    found = verbs.released_report(services.uow, link, revision=revision, now=services.clock())
    return Response(
        found.content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.filename}"'},
    )


def gone_page() -> AnyResponse:
    """Answer that there is nothing here, in both languages: nobody knows whose link it was."""
    texts = {
        language.value: (GONE.say().text(language), GONE_WHY.say().text(language)) for language in Language
    }
    return make_response(render_template("status/gone.html", gone=texts), 404)


def _sealed(answer: AnyResponse) -> AnyResponse:
    answer.headers.update(_HEADERS)
    return answer
