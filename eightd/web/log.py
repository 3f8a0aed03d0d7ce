"""The complaint log: what it will hold, and the file itself (procedure 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.authority import Allowed, may
from eightd.domain.complaint import Role, Stage, Tier
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.queries import batches, board, log_filters, people
from eightd.queries import log as queries
from eightd.queries.board_walk import Clock, Filters
from eightd.queries.filters import Extent
from eightd.queries.log_filters import EVERYTHING, LogFilters
from eightd.usecases.batches import MOST
from eightd.usecases.errors import NotFound
from eightd.usecases.export_log import export_log
from eightd.web import board_address, downloads, formats, requests, words
from eightd.web.board import EXTENTS, STANDINGS
from eightd.web.board_address import EVERYBODY, MINE

blueprint = Blueprint("log", __name__, url_prefix="/log")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address or a form asks for; ``parameters`` say it again, ``is_clear`` that all was understood."""

    filters: LogFilters
    parameters: Mapping[str, str]
    is_clear: bool


@blueprint.get("/")
def index() -> str:
    """Show how many complaints the log would hold, and let it be narrowed and exported."""
    if not isinstance(may(requests.actor(), Action.EXPORT_LOG), Allowed):
        raise NotFound
    asked = _asked(request.args)
    with requests.services().uow.reading() as session:
        number = log_filters.count(session, requests.actor(), asked.filters, _clock())
    return render_template(
        "log/index.html",
        number=number,
        fields=_fields(asked.parameters),
        parameters=asked.parameters,
        narrowed=asked.filters != EVERYTHING,
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
    export_log(services.uow, order, wanted=asked.parameters, language=Language(language))
    clock = _clock()
    book = queries.log_book(
        services.uow, order.actor, language=Language(language), clock=clock, filters=asked.filters
    )
    today = formats.day(clock.now)
    return downloads.streamed_book(book, f"complaint-log-{today}")


@blueprint.get("/batch")
def batch() -> AnyResponse:
    """Lead to the form that packs the reports of the complaints asked for, as far as they fit one archive."""
    if not isinstance(may(requests.actor(), Action.EXPORT_LOG), Allowed):
        raise NotFound
    asked = _asked(request.args)
    if not asked.is_clear:
        raise BadRequest
    with requests.services().uow.reading() as session:
        ids = log_filters.chosen(session, requests.actor(), asked.filters, _clock()).fetchmany(MOST + 1)
        numbers = batches.numbers_of(session, ids)
    if len(numbers) > MOST:
        flash(
            gettext("At most %(most)d complaints fit one archive; please narrow the log.", most=MOST),
            "warning",
        )
        again: dict[str, Any] = dict(asked.parameters)
        return redirect(url_for("log.index", **again))
    return redirect(url_for("batches.form", number=numbers))


def _asked(given: MultiDict[str, str]) -> Asked:
    """Read the board's parameters, and the plant and days of receipt that only the log knows."""
    address = board_address.read(given)
    if not given.get("extent"):
        address = replace(address, extent=Extent.ALL)
    unknown = list(address.ignored)
    with requests.services().uow.reading() as session:
        plants = _own(people.plant_codes(session))
        customer = board.customer_by_code(session, requests.actor(), address.customer, formats.language())
    if address.customer and customer is None:
        address = address.without_customer()
        unknown.append("customer")
    plant = plants.get(given.get("plant", ""))
    since, until = requests.asked_day(given, "from", unknown), requests.asked_day(given, "until", unknown)
    if given.get("plant") and plant is None:
        unknown.append("plant")
    filters = LogFilters(
        listed=Filters(
            extent=address.extent,
            mine=address.whose not in {None, EVERYBODY},
            role=address.role,
            tier=address.tier,
            stage=address.stage,
            customer_id=None if customer is None else customer.id,
            standing=address.standing,
            text=address.text,
        ),
        plants=frozenset() if plant is None else frozenset({plant}),
        received_from_on=since,
        received_until_on=until,
    )
    said = {
        **address.at().parameters(),
        "extent": address.extent.value,
        "plant": "" if plant is None else given["plant"],
        "from": "" if since is None else since.isoformat(),
        "until": "" if until is None else until.isoformat(),
    }
    return Asked(filters, {name: value for name, value in said.items() if value}, not unknown)


def _own(plants: Mapping[str, int]) -> dict[str, int]:
    return {code: plant_id for code, plant_id in plants.items() if plant_id in requests.actor().plants}


def _clock() -> Clock:
    now = requests.services().clock()
    zone = ZoneInfo(requests.person().zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return Clock(now=now, today_ends_at=datetime.combine(tomorrow, time(), zone).astimezone(UTC))


def _fields(parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the fields of the form that narrows the log: the board's, the plant and the days of receipt."""
    with requests.services().uow.reading() as session:
        plants = _own(people.plant_codes(session))
    anything = gettext("All")

    def field(kind: str, name: str, label: Any, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "name": name, "label": label, "value": parameters.get(name, ""), **more}

    def select(name: str, label: Any, options: Any, blank: Any = anything) -> dict[str, Any]:
        return field("select", name, label, options=options, blank=blank)

    whose = [(EVERYBODY, gettext("Everybody's")), (MINE, gettext("Mine"))]
    if parameters.get("whose") not in {None, EVERYBODY, MINE}:
        role = Role(parameters["whose"])
        whose.append((role.value, gettext("Mine as %(role)s", role=words.word(role))))
    shown = [
        field("search", "q", gettext("Search"), maxlength=board_address.LONGEST_TEXT),
        select("extent", gettext("Open or ended"), list(EXTENTS.items()), False),
        select("whose", gettext("Whose"), whose, False),
        select("tier", gettext("Tier"), words.choices(Tier)),
        select("stage", gettext("Stage"), words.choices(Stage)),
        select("standing", gettext("Deadline"), list(STANDINGS.items())),
        field("text", "customer", gettext("Customer code"), width="s"),
        field("date", "from", gettext("Received from")),
        field("date", "until", gettext("Received until")),
    ]
    if len(plants) > 1:
        shown.append(select("plant", gettext("Plant"), [(code, code) for code in plants]))
    return shown
