"""The log of returns: what it is narrowed to, and the file itself (procedure 8 and 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from eightd.domain.authority import Allowed, may
from eightd.domain.clock.instants import wall_clock_instant
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.queries import board
from eightd.queries.returns import book
from eightd.queries.returns.log import Filters
from eightd.usecases.export_returns import export_returns
from eightd.web import downloads, formats, requests, words

blueprint = Blueprint("returns_log", __name__, url_prefix="/returns/log")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address or a form asks for; ``parameters`` say it again, ``is_clear`` that all was understood."""

    filters: Filters
    parameters: Mapping[str, str]
    is_clear: bool


@blueprint.get("")
def index() -> str:
    """Let the log be narrowed and exported."""
    if not isinstance(may(requests.actor(), Action.VIEW), Allowed):
        abort(404)
    asked = _asked(request.args)
    return render_template(
        "returns_log/index.html",
        fields=_fields(asked.parameters),
        parameters=asked.parameters,
        is_clear=asked.is_clear,
        languages=words.choices(Language),
    )


@blueprint.post("/export")
def export() -> Response:
    """Record the export and answer with the file, which is read while it is sent.

    A form that is sent twice answers with the file twice and is recorded once.
    """
    services, order = requests.services(), requests.order()
    asked = _asked(request.form)
    language = request.form.get("language", "")
    if not asked.is_clear or language not in set(Language):
        raise BadRequest  # the log must never hold more than was asked for
    export_returns(services.uow, order, wanted=asked.parameters, language=Language(language))
    now = services.clock()
    rows = book.log_book(
        services.uow, order.actor, language=Language(language), filters=asked.filters, now=now
    )
    return downloads.streamed_book(rows, f"return-log-{formats.day(now)}")


def _asked(given: MultiDict[str, str]) -> Asked:
    unknown: list[str] = []
    since, until = requests.asked_day(given, "from", unknown), requests.asked_day(given, "until", unknown)
    code = given.get("customer", "").strip()
    customer = None
    if code:
        with requests.services().uow.reading() as session:
            customer = board.customer_by_code(session, requests.actor(), code, formats.language())
        if customer is None:
            unknown.append("customer")
    is_open = given.get("open") == "1"
    filters = Filters(
        customer_id=None if customer is None else customer.id,
        from_at=_midnight(since),
        until_at=_midnight(until + timedelta(days=1)) if until else None,
        open_only=is_open,
    )
    said = {
        "from": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "customer": customer.code if customer else "",
        "open": "1" if is_open else "",
    }
    return Asked(filters, {name: value for name, value in said.items() if value}, not unknown)


def _midnight(day: date | None) -> datetime | None:
    """Return the instant at which the day begins where the person works."""
    return None if day is None else wall_clock_instant(day, time(), ZoneInfo(requests.person().zone))


def _fields(parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    def field(kind: str, name: str, label: str, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "name": name, "label": label, "value": parameters.get(name, ""), **more}

    return [
        field("date", "from", gettext("Announced from")),
        field("date", "until", gettext("Announced until")),
        field("text", "customer", gettext("Customer code"), width="s"),
        field(
            "select",
            "open",
            gettext("Open or ended"),
            options=[("", gettext("All")), ("1", gettext("Open"))],
            blank=False,
        ),
    ]
