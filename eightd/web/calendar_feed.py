"""A person's due dates at a secret address, for the person's own calendar program."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from flask import Blueprint, Response, abort, make_response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.words import Language
from eightd.queries import calendar_feed as queries
from eightd.queries.calendar_feed import DueView, FeedView
from eightd.reporting import calendar_feed as calendar
from eightd.usecases.calendar_feed import PURPOSE
from eightd.usecases.services import Services
from eightd.web import requests
from eightd.web import session as door

blueprint = Blueprint("calendar_feed", __name__)


@blueprint.get("/feed/<token>.ics")
@door.public
@door.quiet
def feed(token: str) -> AnyResponse:
    """Answer with the calendar; whatever is wrong with the address, there is nothing here."""
    services = requests.services()
    known = services.links.read(PURPOSE, token)
    if known is None:
        abort(404)
    with services.uow.reading() as session:
        view = queries.feed(session, *known, services.clock())
    if view is None:
        abort(404)
    content = calendar.written(view.name, view.language, [_due(services, view, one) for one in view.events])
    answer: Response = make_response(content)
    answer.mimetype = "text/calendar"
    answer.headers["Content-Disposition"] = 'inline; filename="eightd.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return answer.make_conditional(request)


def _due(services: Services, view: FeedView, one: DueView) -> calendar.Due:
    language = view.language
    customer = one.customer if language is Language.ZH else one.customer_en
    title = one.title.text(language)
    mark = f" ({calendar.PROVISIONAL.say().text(language)})" if one.provisional else ""
    link = services.base_url + url_for("complaint.page", number=one.number)
    return calendar.Due(
        uid=f"{one.complaint_id}-{quote(one.milestone, safe='')}@{services.uow.mail_host}",
        sequence=one.sequence,
        changed_at=one.changed_at,
        due_at=one.due_at,
        summary=f"{one.number} {title} · {customer}{mark}",
        description=f"{customer} · {one.part}\n{title}\n{link}",
        url=link,
    )
