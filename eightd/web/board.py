"""The board: what is mine and what is due next, overdue first, with filters, search and counters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from eightd.domain.authority import Allowed, may, scope
from eightd.domain.complaint import Role, Stage, Tier
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.table import WORKING
from eightd.queries import board
from eightd.queries.board import BoardPageView, CountersView
from eightd.queries.board_walk import Clock, Filters, Standing
from eightd.queries.filters import Extent
from eightd.web import board_address, board_words, formats, requests, words
from eightd.web.board_address import EVERYBODY, MINE, Address

blueprint = Blueprint("board", __name__)

EXTENTS = {
    Extent.OPEN: _l("Open ones"),
    Extent.ENDED: _l("Ended ones"),
    Extent.ALL: _l("All, open and ended"),
}
STANDINGS = {
    Standing.OVERDUE: _l("Overdue"),
    Standing.TODAY: _l("Due today"),
    Standing.SOON: _l("Due within 24 hours"),
    Standing.ON_TIME: _l("On time"),
    Standing.WAITING: _l("Waiting for a sample"),
    Standing.STOPPED: _l("Clock stopped"),
    Standing.NONE: _l("Nothing due"),
}
_IGNORED = {
    "extent": _l("open or ended"),
    "whose": _l("whose"),
    "tier": _l("tier"),
    "stage": _l("stage"),
    "customer": _l("customer"),
    "standing": _l("deadline"),
    "after": _l("page"),
    "before": _l("page"),
}


@blueprint.get("/")
def index() -> str | Response:
    """Show the board as the address asks; to htmx only the list."""
    seen = scope(requests.actor())
    if not seen.plants:
        return redirect(_without_complaints(), 303)
    address, view, counters, is_empty, customer_name = _read()
    is_part = requests.is_partial() and "HX-History-Restore-Request" not in request.headers
    page = make_response(
        render_template(
            "board/list.html" if is_part else "board/board.html",
            address=address,
            page=view,
            counters=_counter_cards(counters, address),
            is_part=is_part,
            is_empty=is_empty,
            lines=board_words.lines(view.lines, requests.services().clock()),
            previous_url=_url(address.at(before=view.previous)) if view.previous else None,
            next_url=_url(address.at(after=view.next)) if view.next else None,
            clear_url=_url(Address(whose=EVERYBODY, extent=Extent.ALL) if address.text else Address()),
            ignored=gettext(", ").join(dict.fromkeys(str(_IGNORED[name]) for name in address.ignored)),
            filters="" if is_part else _filter_form(address, customer_name),
            is_by_due_date=address.extent is Extent.OPEN and not address.text,
            export_url=_export_url(address),
            empty_url=url_for("register.form") if "register.form" in current_app.view_functions else None,
        )
    )
    page.vary.add("HX-Request")
    if is_part:
        page.headers["HX-Push-Url"] = _url(address)
    return page


@blueprint.get("/search")
def search() -> Response:
    """Go to the complaint whose number was typed, else to the board with everything that matches."""
    text = board_address.read(request.args).text
    if not text:
        return redirect(url_for("board.index"), 303)
    with requests.services().uow.reading() as session:
        number = board.number_like(session, requests.actor(), text)
    if number is not None:
        return redirect(complaint_url(number), 303)
    return redirect(_url(Address(text=text, extent=Extent.ALL, whose=EVERYBODY)), 303)


def complaint_url(number: str) -> str:
    """Return the address of a complaint's page."""
    return url_for("complaint.page", number=number)


def _read() -> tuple[Address, BoardPageView, CountersView, bool, str]:
    """Read everything the page shows, in one session; completes the address with what the board chooses."""
    actor, address, language = requests.actor(), board_address.read(request.args), formats.language()
    clock = _clock()
    with requests.services().uow.reading() as session:
        counters = board.counters(session, actor, clock)
        customer = None
        if address.customer:
            customer = board.customer_by_code(session, actor, address.customer, language)
            if customer is None:
                address = address.without_customer()
        mine = address.whose not in {None, EVERYBODY}
        if address.whose is None and not address.is_narrowed and address.extent is Extent.OPEN:
            mine = counters.mine > 0
        filters = Filters(
            extent=address.extent,
            mine=mine,
            role=address.role,
            tier=address.tier,
            stage=address.stage,
            customer_id=customer.id if customer else None,
            standing=address.standing,
            text=address.text,
        )
        view = board.page(
            session, actor, filters, clock, language, after=address.after, before=address.before
        )
        is_empty = not view.lines and board.is_empty(session, actor)
    if address.whose is None:
        address = Address(**{**_fields(address), "whose": MINE if mine else EVERYBODY})
    return address, view, counters, is_empty, customer.name if customer else ""


def _fields(address: Address) -> dict[str, Any]:
    return {name: getattr(address, name) for name in Address.__slots__}


def _clock() -> Clock:
    now = requests.services().clock()
    zone = ZoneInfo(requests.person().zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return Clock(now=now, today_ends_at=datetime.combine(tomorrow, time(), zone).astimezone(UTC))


def _url(address: Address) -> str:
    asked = urlencode(address.parameters())
    return url_for("board.index") + (f"?{asked}" if asked else "")


def _export_url(address: Address) -> str | None:
    """Return where this list is exported from, None for those who may not."""
    if "log.index" not in current_app.view_functions or not isinstance(
        may(requests.actor(), Action.EXPORT_LOG), Allowed
    ):
        return None
    return url_for("log.index", **{**address.at().parameters(), "extent": address.extent.value})  # type: ignore[arg-type]  # names of parameters only


def _without_complaints() -> str:
    is_admin = Role.ADMIN in requests.actor().roles and "admin.index" in current_app.view_functions
    return url_for("admin.index" if is_admin else "account.index")


# ---------------------------------------------------------------- what the templates are given


def _counter_cards(counters: CountersView, address: Address) -> list[dict[str, Any]]:
    """Return the counters as links to what they count."""
    shown = (
        (
            counters.overdue,
            _l("overdue"),
            "alert-circle",
            "red",
            Address(whose=EVERYBODY, standing=Standing.OVERDUE),
        ),
        (
            counters.due_today,
            _l("due today"),
            "hourglass",
            "amber",
            Address(whose=EVERYBODY, standing=Standing.TODAY),
        ),
        (
            counters.awaiting_sample,
            _l("waiting for a sample"),
            "clock-pause",
            "",
            Address(whose=EVERYBODY, standing=Standing.WAITING),
        ),
        (counters.mine, _l("mine"), "user-check", "", Address(whose=MINE)),
    )
    here = address.at()
    return [
        {
            "value": count if count < board.COUNTED_UP_TO else f"{board.COUNTED_UP_TO - 1}+",
            "label": label,
            "icon": symbol,
            "tone": tone if count else "",
            "url": _url(target),
            "current": target.parameters() == here.parameters(),
        }
        for count, label, symbol, tone, target in shown
    ]


def _filter_form(address: Address, customer_name: str) -> str:
    """Return the form's fields as they were rendered for the same question before."""
    asked = replace(address.at(), ignored=())
    roles = requests.actor().roles & WORKING
    return _rendered_filters(asked, customer_name, roles, formats.language(), request.script_root)


@lru_cache(maxsize=512)
def _rendered_filters(
    address: Address, customer_name: str, roles: frozenset[Role], language: str, root: str
) -> Markup:
    del language, root  # only keep apart what is rendered differently
    return Markup(render_template("board/filters.html", filters=_filters(address, customer_name, roles)))  # noqa: S704


def _filters(address: Address, customer_name: str, roles: frozenset[Role]) -> list[dict[str, Any]]:
    """Return the fields of the filter form."""
    whose = [(EVERYBODY, gettext("Everybody's")), (MINE, gettext("Mine"))]
    own = roles | {address.role} if address.role else roles
    whose += [
        (role.value, gettext("Mine as %(role)s", role=words.word(role)))
        for role in (words.ordered(own) if len(own) > 1 or address.role else ())
    ]

    def select(name: str, label: Any, value: str, options: Any, blank: Any = False) -> dict[str, Any]:
        return {
            "kind": "select",
            "name": name,
            "label": label,
            "value": value,
            "options": options,
            "blank": blank,
        }

    anything = gettext("All")
    return [
        {"kind": "search", "name": "q", "label": gettext("Search"), "value": address.text, "maxlength": 200,
         "placeholder": gettext("Number, customer, part, text"), "autocomplete": "off"},
        select("whose", gettext("Whose"), address.whose or EVERYBODY, whose),
        select("standing", gettext("Deadline"), address.standing or "", list(STANDINGS.items()), anything),
        select("tier", gettext("Tier"), address.tier or "", words.choices(Tier), anything),
        select("stage", gettext("Stage"), address.stage or "", words.choices(Stage), anything),
        {"kind": "suggest", "name": "customer", "label": gettext("Customer"), "value": address.customer,
         "suggest_url": url_for("suggest.customers"), "placeholder": customer_name or anything,
         "attrs": {"data-autosubmit": ""}},
        select("extent", gettext("Open or ended"), address.extent, list(EXTENTS.items())),
    ]  # fmt: skip
