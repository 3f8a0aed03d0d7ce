"""The board: what is mine and what is due next, overdue first, with filters, search and counters."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from eightd.domain.authority import Allowed, may, scope
from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage, Tier
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.table import WORKING
from eightd.queries import board
from eightd.queries.board import BoardLineView, BoardPageView, CountersView
from eightd.queries.board_walk import Clock, Filters, Standing
from eightd.queries.deadlines import Lateness
from eightd.queries.filters import Extent
from eightd.web import board_address, formats, requests, words
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
            lines=_lines(view),
            previous_url=_url(address.at(before=view.previous)) if view.previous else None,
            next_url=_url(address.at(after=view.next)) if view.next else None,
            clear_url=_url(Address(whose=EVERYBODY, extent=Extent.ALL) if address.text else Address()),
            ignored=gettext(", ").join(dict.fromkeys(str(_IGNORED[name]) for name in address.ignored)),
            filters=[] if is_part else _filters(address, customer_name),
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
    return url_for("board.index", **address.parameters())  # type: ignore[arg-type]  # names of parameters only


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


def _filters(address: Address, customer_name: str) -> list[dict[str, Any]]:
    """Return the fields of the filter form."""
    whose = [(EVERYBODY, gettext("Everybody's")), (MINE, gettext("Mine"))]
    own = requests.actor().roles & WORKING
    if address.role:
        own |= {address.role}
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


def _lines(view: BoardPageView) -> list[dict[str, Any]]:
    """Return what the rows of the table say in words."""
    now, comma = requests.services().clock(), gettext(", ")
    states = tuple(str(words.word(state)) for state in DisciplineState)
    tiers = {tier: str(words.word(tier)) for tier in Tier}
    stages = {stage: str(words.word(stage)) for stage in Stage}
    shown = []
    for line in view.lines:
        label, detail = _due_words(line, now)
        differs = line.contractual_due_at is not None and line.contractual_due_at != line.due_at
        shown.append(
            {
                "line": line,
                "url": complaint_url(line.number),
                "tier": tiers[line.tier],
                "stage": stages[line.stage],
                "due": label,
                "detail": detail,
                "milestone": str(words.milestone(line.milestone)) if line.milestone else "",
                "contractual": formats.instant(line.contractual_due_at, line.zone) if differs else "",
                "progress": _progress(line.disciplines, states, comma),
            }
        )
    return shown


def _due_words(line: BoardLineView, now: datetime) -> tuple[str, str]:
    """Return how the complaint stands with its clock, and the date that is judged."""
    date = formats.instant(line.judged_due_at, line.zone)
    match line.lateness:
        case Lateness.OVERDUE:
            return gettext("%(length)s late", length=_span(now, line.judged_due_at)), date
        case Lateness.SOON | Lateness.ON_TIME:
            return gettext("%(length)s left", length=_span(now, line.judged_due_at)), date
        case Lateness.STOPPED:
            return gettext("Clock stopped"), ""
        case Lateness.WAITING:
            since = gettext("received %(date)s", date=formats.day(line.received_at, line.zone))
            return gettext("Waiting for a sample"), since
        case _:
            if line.closed_at is not None:
                return gettext("Closed"), formats.day(line.closed_at, line.zone)
            return gettext("Nothing due"), ""


def _span(now: datetime, due_at: datetime | None) -> str:
    return formats.duration(due_at - now) if due_at is not None else ""


@lru_cache(maxsize=4096)
def _progress(states: tuple[DisciplineState, ...], labels: tuple[str, ...], comma: str) -> Markup:
    """Return the dots of D0–D8 with their meaning as text; neighbours in the same state are told together.

    ``labels`` are the states in words, in the order of their enumeration.
    """
    label_of = dict(zip(DisciplineState, labels, strict=True))
    told = []
    for state, run in groupby(zip(DisciplineCode, states, strict=True), key=lambda one: one[1]):
        codes = [code.value for code, _ in run]
        which = codes[0] if len(codes) == 1 else f"{codes[0]}–{codes[-1]}"
        told.append(f"{which} {label_of[state]}")
    dots = Markup().join(Markup('<i class="dot is-{}"></i>').format(state.value) for state in states)
    dotted = Markup('<span class="dots" role="img" aria-label="{0}" title="{0}">{1}</span>')
    return dotted.format(comma.join(told), dots)
