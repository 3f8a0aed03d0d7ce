"""The register of deadlines, its on-time rates, and both as an Excel book (procedure 9)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from eightd.domain.authority import Allowed, may
from eightd.domain.clock.profile import shown_title
from eightd.domain.clock.punctuality import Punctuality, Rate
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.queries import deadline_book, on_time
from eightd.queries import deadline_register as register
from eightd.queries.deadline_register import CountersView, LineView, PageKey, State
from eightd.queries.deadlines import Lateness
from eightd.usecases.errors import NotFound
from eightd.usecases.export_deadlines import export_deadlines
from eightd.web import deadlines_address, downloads, formats, requests, words
from eightd.web.deadlines_address import Asked, Period

blueprint = Blueprint("deadlines", __name__, url_prefix="/deadlines")

MOST_CUSTOMERS = 30
"""Customers whose rates the page shows; the book has all."""

STATES = {
    State.OPEN: _l("Open"),
    State.OVERDUE: _l("Overdue"),
    State.WAITING: _l("Waiting or stopped"),
    State.MET: _l("Met in time"),
    State.MET_LATE: _l("Met late"),
    State.UNEXPLAINED: _l("Late without a reason"),
}
_IGNORED = {
    "from": _l("from"),
    "until": _l("until"),
    "customer": _l("customer"),
    "milestone": _l("milestone"),
    "plant": _l("plant"),
    "state": _l("state"),
    "after": _l("page"),
    "before": _l("page"),
}


@blueprint.get("/")
def index() -> str:
    """Show the milestones that were asked for, by the date that is judged."""
    _insist(Action.VIEW)
    asked = deadlines_address.read(request.args)
    services = requests.services()
    now = services.clock()
    with services.uow.reading() as session:
        view = register.page(
            session, requests.actor(), asked.filters, now, formats.language(),
            after=asked.after, before=asked.before,
        )  # fmt: skip
        counters = register.counters(session, requests.actor(), now)
        empty = not view.lines and register.is_empty(session, requests.actor(), now)
    return render_template(
        "deadlines/index.html",
        asked=asked,
        lines=[_shown(line) for line in view.lines],
        previous_url=_at("before", asked, view.previous),
        next_url=_at("after", asked, view.next),
        counters=_counters(counters, asked),
        is_empty=empty,
        may_export=_may(Action.EXPORT_LOG),
        languages=words.choices(Language),
        **_frame(asked),
    )


@blueprint.get("/rates")
def rates() -> str:
    """Show how many promised dates were kept, by month, milestone and customer."""
    _insist(Action.READ_INDICATORS)
    asked = deadlines_address.read(request.args)
    period = deadlines_address.period(asked)
    services = requests.services()
    with services.uow.reading() as session:
        view = on_time.rates(
            session, requests.actor(), asked.filters, services.clock(), formats.language(),
            from_on=period.from_on, until_on=period.until_on,
        )  # fmt: skip
    return render_template(
        "deadlines/rates.html",
        asked=asked,
        period=period,
        total=_rates("", view.total),
        tables=[
            (
                gettext("Month"),
                [_rates(f"{month:%Y-%m}", found) for month, found in view.months if found != Punctuality()],
                "",
            ),
            (
                gettext("Milestone"),
                [_rates(_title(asked, name), found) for name, found in view.milestones],
                "",
            ),
            (
                gettext("Customer"),
                [_rates(one.name, one.rates, one.code) for one in view.customers[:MOST_CUSTOMERS]],
                _left_out(len(view.customers)),
            ),
        ],
        **_frame(asked, period),
    )


@blueprint.post("/export")
def export() -> Response:
    """Record the export and answer with the file, which is read while it is sent.

    A form that is sent twice answers with the file twice and is recorded once.
    """
    services, order = requests.services(), requests.order()
    asked = deadlines_address.read(request.form)
    language = request.form.get("language", "")
    if asked.ignored or language not in set(Language):
        raise BadRequest  # the book must never hold more than was asked for
    wanted = {name: value for name, value in asked.parameters.items() if value}
    export_deadlines(services.uow, order, wanted=wanted, language=Language(language))
    now, period = services.clock(), deadlines_address.period(asked)
    book = deadline_book.register_book(
        services.uow, order.actor, language=Language(language), now=now, filters=asked.filters,
        from_on=period.from_on, until_on=period.until_on,
    )  # fmt: skip
    return downloads.streamed_book(book, f"deadline-register-{formats.day(now)}")


def _may(action: Action) -> bool:
    return isinstance(may(requests.actor(), action), Allowed)


def _insist(action: Action) -> None:
    if not _may(action):
        raise NotFound


def _frame(asked: Asked, period: Period | None = None) -> dict[str, Any]:
    """Return what both pages have around them: tabs, filters, what was left out of the address."""
    tabs = [("deadlines.index", gettext("Register"))]
    if _may(Action.READ_INDICATORS):
        tabs.append(("deadlines.rates", gettext("On-time rates")))
    return {
        "tabs": [(endpoint, label, url_for(endpoint, **_kept(asked, endpoint))) for endpoint, label in tabs],
        "fields": _fields(asked, period),
        "narrowed": not asked.is_usual or len(asked.parameters) > 1,
        "ignored": gettext(", ").join(dict.fromkeys(str(_IGNORED[name]) for name in asked.ignored)),
    }


def _kept(asked: Asked, endpoint: str) -> dict[str, Any]:
    """Return what the other page is asked for as well; the usual period is each page's own."""
    left_out = {"from"} if asked.is_usual else set()
    if endpoint == "deadlines.rates":
        left_out.add("state")
    return {name: value for name, value in asked.parameters.items() if name not in left_out}


def _at(name: str, asked: Asked, key: PageKey | None) -> str | None:
    if key is None:
        return None
    there: dict[str, Any] = {**asked.parameters, name: deadlines_address.written(key)}
    return url_for("deadlines.index", **there)


def _title(asked: Asked, name: str) -> str:
    zh, en = asked.milestones.get(name, ("", ""))
    return formats.message(shown_title(name, en, zh))


def _fields(asked: Asked, period: Period | None) -> list[dict[str, Any]]:
    """Return the fields of the filter; rates know no state, and show their period."""
    anything = gettext("All")
    values = dict(asked.parameters)
    if period is not None:
        values |= {"from": period.from_on.isoformat(), "until": period.until_on.isoformat()}

    def field(kind: str, name: str, label: Any, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "name": name, "label": label, "value": values.get(name, ""), **more}

    shown = [
        field("date", "from", gettext("Due from")),
        field("date", "until", gettext("Due until")),
        field(
            "select", "milestone", gettext("Milestone"), blank=anything,
            options=[(name, _title(asked, name)) for name in asked.milestones],
        ),
        field("text", "customer", gettext("Customer code"), width="s"),
    ]  # fmt: skip
    if period is None:
        states = [(state.value, label) for state, label in STATES.items()]
        shown.insert(2, field("select", "state", gettext("State"), blank=anything, options=states))
    if len(asked.plants) > 1:
        plants = [(code, code) for code in asked.plants]
        shown.append(field("select", "plant", gettext("Plant"), blank=anything, options=plants))
    return shown


def _counters(counters: CountersView, asked: Asked) -> list[dict[str, Any]]:
    shown = (
        (counters.overdue, _l("overdue"), "alert-circle", "red", State.OVERDUE),
        (counters.unexplained, _l("late without a reason"), "message-circle", "amber", State.UNEXPLAINED),
        (counters.waiting, _l("waiting or stopped"), "clock-pause", "", State.WAITING),
    )
    return [
        {
            "value": count if count < register.COUNTED_UP_TO else f"{register.COUNTED_UP_TO - 1}+",
            "label": label,
            "icon": symbol,
            "tone": tone if count else "",
            "url": url_for("deadlines.index", state=state.value),
            "current": asked.parameters == {"from": "", "state": state.value},
        }
        for count, label, symbol, tone, state in shown
    ]


def _shown(line: LineView) -> dict[str, Any]:
    """Return a line with its words."""
    late = formats.duration(line.late_by)
    left = formats.duration(line.left)
    said: dict[Lateness, tuple[str, str]] = {
        Lateness.OVERDUE: (gettext("Overdue"), gettext("by %(length)s", length=late)),
        Lateness.SOON: (gettext("Due soon"), gettext("%(length)s left", length=left)),
        Lateness.ON_TIME: (gettext("In time"), gettext("%(length)s left", length=left)),
        Lateness.MET: (gettext("Met"), ""),
        Lateness.MET_LATE: (gettext("Met late"), gettext("by %(length)s", length=late)),
        Lateness.WAITING: (gettext("Waiting"), ""),
        Lateness.STOPPED: (gettext("Clock stopped"), ""),
        Lateness.NONE: (gettext("Not owed"), ""),
    }
    label, detail = said[line.lateness]
    other = line.contractual_late_by if line.accepts_stops else line.agreed_late_by
    on_other = ""
    if other and other != line.late_by:
        length = formats.duration(other)
        by_contract = gettext("by contract %(length)s late", length=length)
        on_other = by_contract if line.accepts_stops else gettext("as agreed %(length)s late", length=length)
    return {
        "view": line,
        "title": formats.message(shown_title(line.milestone, line.title_en, line.title_zh)),
        "label": label,
        "detail": detail,
        "on_other": on_other,
        "differ": line.contractual_due_at != line.agreed_due_at,
        "is_late": line.lateness in (Lateness.OVERDUE, Lateness.MET_LATE),
    }


def _rates(name: str, found: Punctuality, under: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "under": under,
        "rates": [_rate(one) for one in (found.judged, found.contractual, found.agreed)],
    }


def _rate(rate: Rate) -> dict[str, Any]:
    share = None if rate.share is None else 100 * rate.share
    return {"counted": rate.counted, "in_time": rate.in_time, "percent": share}


def _left_out(customers: int) -> str:
    if customers <= MOST_CUSTOMERS:
        return ""
    return str(
        gettext(
            "The %(shown)d customers with the most milestones of %(all)d; the Excel book has all.",
            shown=MOST_CUSTOMERS, all=customers,
        )
    )  # fmt: skip
