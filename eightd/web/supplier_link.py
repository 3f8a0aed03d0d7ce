"""Opens a supplier's link for its pages, in the guest's language; paces and signs what is written by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import wtforms
from flask import Blueprint, Response, current_app, g, make_response, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import Length

from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Language
from eightd.usecases.errors import NotFound
from eightd.usecases.suppliers import answering as verbs
from eightd.usecases.suppliers import link as links
from eightd.usecases.suppliers.link import GuestCase
from eightd.usecases.verb import Order
from eightd.web import forms, requests
from eightd.web.pacing import Pace
from eightd.web.status import gone_page

blueprint = Blueprint("supplier_door", __name__, url_prefix="/q")

ACCEPTED_KINDS = "image/*,.heic,.heif,.pdf,.xlsx,.docx,.pptx,.csv,.txt"
"""What the chooser of files offers; what a file is, is told by its content."""

_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "same-origin"}
# A browser that is told to send no address at all sends none with a form either, and over HTTPS the check of the
# form's token wants to know where it comes from. Other sites are told nothing.

_SPAN = timedelta(minutes=10)
_MOST_WRITES = 200  # by one link within the span
_LANGUAGE = "guest_language"

View = Callable[..., AnyResponse]


class FilesForm(forms.Form):
    """Files with what they show."""

    files = wtforms.MultipleFileField(_l("Pictures and files"))
    caption = wtforms.StringField(_l("What it shows"), [Length(max=400)])


@blueprint.record_once
def _keep_pace(state: BlueprintSetupState) -> None:
    """Let every application count for itself."""
    state.app.extensions["eightd.supplier_pace"] = Pace(most=_MOST_WRITES, span=_SPAN)


def through_the_link(view: Callable[..., str | AnyResponse | tuple[str | Response, int]]) -> View:
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


def keep_to_pace(guest: GuestCase) -> None:
    """Count an order of the link; answers 429 where there were too many of late."""
    pace: Pace = current_app.extensions["eightd.supplier_pace"]
    now = requests.services().clock()
    if pace.is_spent(str(guest.link_id), now):
        raise TooManyRequests
    pace.fail(str(guest.link_id), now)


def guest_order() -> Order:
    """Return a guest's order; one of ours who writes in the supplier's place is named in the record."""
    signed_in = requests.person().name if current_user.is_authenticated else ""
    return requests.guest_order(verbs.GUEST, signed_in)


def address(code: DisciplineCode | None) -> str:
    """Return the address of a discipline, of the first page for None."""
    if code is None:
        return url_for("supplier_door.page", token=g.token)
    return url_for("supplier_door.discipline", token=g.token, code=code.value)
