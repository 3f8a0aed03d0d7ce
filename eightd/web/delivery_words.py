"""What a delivery says, in one line of the page's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from eightd.domain.correspondence import ReplyKind
from eightd.domain.words import Language
from eightd.queries.administration.deliveries import DeliveryView, SaidView, Shown
from eightd.web import formats, requests, words

_SHOWN = {
    Shown.DEAD: _l("Given up"),
    Shown.WAITING: _l("Waiting"),
    Shown.SENT: _l("Sent"),
    Shown.CANCELLED: _l("Cancelled"),
}
_REPLIES = {
    ReplyKind.INITIAL: _l("Initial reply"),
    ReplyKind.PRELIMINARY: _l("Preliminary report"),
    ReplyKind.FINAL: _l("Final report"),
    ReplyKind.NOT_OURS: _l("“Not ours” replied"),
}


def shown_choices() -> list[tuple[str, Any]]:
    """Return what the list may show, for a select."""
    return [(one.value, _SHOWN[one]) for one in Shown]


def subject(view: DeliveryView) -> str:
    """Return what a delivery says: its subject where the reader may see the complaint, else kind and number."""
    if not view.said:
        return str(gettext("Test message"))
    if len(view.said) == 1:
        return _said(view.said[0])
    more = len(view.said) - 1
    rest = ngettext("and %(num)d more", "and %(num)d more", more)
    return f"{_said(view.said[0])} {rest}"


def _said(one: SaidView) -> str:
    if one.reply is not None:
        return " · ".join(part for part in (one.subject or str(_REPLIES[one.reply]), one.number) if part)
    if one.outside is not None:
        return " · ".join(part for part in (one.subject or str(words.word(one.outside)), one.number) if part)
    if one.facts is not None and one.kind is not None:
        return requests.services().texts.line(one.kind, one.facts, Language(formats.language()))
    return " · ".join(part for part in (str(words.word(one.kind)), one.number) if part)
