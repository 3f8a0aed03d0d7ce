"""The cost of poor quality of a plant: sums, claims that wait, and the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from eightd.domain.authority import Allowed, PlantSubject, may
from eightd.domain.cost.kinds import CostKind
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.queries.money import book, kept
from eightd.queries.money import poor_quality as queries
from eightd.queries.money.kept import PlantView
from eightd.queries.money.poor_quality import By, Filters, GroupView
from eightd.usecases.errors import NotFound
from eightd.usecases.money.export import export_costs
from eightd.web import downloads, formats, requests, words
from eightd.web.money.door import blueprint

_BY: Mapping[By, Any] = {
    By.MONTH: _lp("money", "Month"),
    By.CUSTOMER: _l("Customer"),
    By.PART: _l("Part"),
    By.DEPARTMENT: _l("Department that caused it"),
    By.KIND: _l("Kind of cost"),
    By.COMPLAINT: _l("Complaint"),
}
_IGNORED = {
    "from": _l("from"),
    "until": _l("until"),
    "customer": _l("customer"),
    "plant": _l("plant"),
    "kind": _l("Kind of cost"),
    "by": _l("Add up by"),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks for; ``parameters`` say it again, ``ignored`` names what meant nothing."""

    plant: PlantView
    plants: tuple[PlantView, ...]
    filters: Filters
    by: By
    parameters: Mapping[str, str]
    ignored: tuple[str, ...]
    narrowed: bool


@blueprint.get("/costs")
def index() -> str:
    """Show what poor quality cost, added up as asked for."""
    services = requests.services()
    with services.uow.reading() as session:
        asked = _asked(session, request.args)
        found = queries.poor_quality(
            session, requests.actor(), asked.plant, asked.filters, asked.by, formats.language()
        )
        customers = queries.customers(session, requests.actor(), asked.plant.id, formats.language())
    return render_template(
        "money/costs.html",
        found=found,
        asked=asked,
        by=_BY[asked.by],
        shown=[(_name(one), one, _share(one, found.groups)) for one in found.groups],
        fields=_fields(asked, customers),
        ignored=gettext(", ").join(dict.fromkeys(str(_IGNORED[name]) for name in asked.ignored)),
        languages=words.choices(Language),
        tabs=tabs(asked.plant.id),
    )


@blueprint.get("/costs/claims")
def claims() -> str:
    """Show the claims of a plant that wait for something."""
    services = requests.services()
    with services.uow.reading() as session:
        asked = _asked(session, request.args)
        waiting = queries.open_claims(session, requests.actor(), asked.plant, formats.language())
    return render_template(
        "money/claims.html", waiting=waiting, asked=asked, tabs=tabs(asked.plant.id), fields=_plants(asked)
    )


@blueprint.post("/costs/export")
def export() -> Response:
    """Record the export and answer with the book, which is read while it is sent."""
    services, order = requests.services(), requests.order()
    with services.uow.reading() as session:
        asked = _asked(session, request.form)
    language = request.form.get("language", "")
    if asked.ignored or language not in set(Language):
        raise BadRequest  # the book must never hold more than was asked for
    export_costs(
        services.uow, order, plant_id=asked.plant.id, wanted=asked.parameters, language=Language(language)
    )
    now = services.clock()
    content = book.book(
        services.uow, order.actor, asked.plant, asked.filters, asked.by, language=Language(language), now=now
    )
    return downloads.streamed_book(content, f"costs-{asked.plant.code}-{formats.day(now)}")


def tabs(plant_id: int) -> list[tuple[str, str, str]]:
    """Return the views of a plant's money that the person may open: endpoint, label, address."""
    found = []
    if isinstance(may(requests.actor(), Action.READ_COSTS, PlantSubject(plant_id)), Allowed):
        found += [
            ("money.index", gettext("Cost of poor quality")),
            ("money.claims", gettext("Claims that wait")),
        ]
    if isinstance(may(requests.actor(), Action.SET_APPROVALS, PlantSubject(plant_id)), Allowed):
        found += [("money.rates", gettext("Exchange rates")), ("money.limits", gettext("Approval limits"))]
    return [(endpoint, label, url_for(endpoint, plant=plant_id)) for endpoint, label in found]


def _asked(session: Any, given: MultiDict[str, str]) -> Asked:
    """Read what is asked for; the plant's current year where no days are said."""
    known = kept.plants(session, requests.actor(), formats.language(), Action.READ_COSTS)
    if not known:
        raise NotFound
    ignored: list[str] = []
    chosen = next((one for one in known if str(one.id) == given.get("plant", "")), None)
    if chosen is None and given.get("plant"):
        ignored.append("plant")
    plant = chosen or known[0]
    today = requests.services().clock().astimezone(ZoneInfo(plant.zone)).date()
    from_on = requests.asked_day(given, "from", ignored)
    until_on = requests.asked_day(given, "until", ignored)
    kind = given.get("kind", "")
    if kind and kind not in set(CostKind):
        ignored.append("kind")
    by = given.get("by", "") or By.MONTH.value
    if by not in set(By):
        ignored.append("by")
    customer = given.get("customer", "")
    if customer and not (customer.isascii() and customer.isdigit() and len(customer) < 10):
        ignored.append("customer")
        customer = ""
    filters = Filters(
        plant_id=plant.id,
        from_on=from_on or date(today.year, 1, 1),
        until_on=until_on or max(date(today.year, 12, 31), today + timedelta(days=365)),
        customer_id=int(customer) if customer else None,
        kind=CostKind(kind) if kind in set(CostKind) else None,
    )
    parameters = {
        name: value
        for name in ("plant", "from", "until", "customer", "kind", "by")
        if (value := given.get(name, "")) and name not in ignored
    }
    return Asked(
        plant=plant,
        plants=known,
        filters=filters,
        by=By(by) if by in set(By) else By.MONTH,
        parameters={**parameters, "plant": str(plant.id)},
        ignored=tuple(ignored),
        narrowed=bool(set(parameters) - {"by", "plant"}),
    )


def _plants(asked: Asked) -> list[dict[str, Any]]:
    if len(asked.plants) == 1:
        return []
    return [
        {
            "kind": "select",
            "name": "plant",
            "label": gettext("Plant"),
            "value": str(asked.plant.id),
            "blank": False,
            "options": [(str(one.id), f"{one.code} {one.name} ({one.currency})") for one in asked.plants],
        }
    ]


def _fields(asked: Asked, customers: list[tuple[int, str]]) -> list[dict[str, Any]]:
    anything = gettext("All")
    values = asked.parameters
    return [
        *_plants(asked),
        {
            "kind": "select",
            "name": "by",
            "label": gettext("Add up by"),
            "value": asked.by.value,
            "blank": False,
            "options": [(by.value, label) for by, label in _BY.items()],
        },
        {
            "kind": "date",
            "name": "from",
            "label": gettext("From"),
            "value": asked.filters.from_on.isoformat(),
        },
        {
            "kind": "date",
            "name": "until",
            "label": gettext("Until"),
            "value": asked.filters.until_on.isoformat(),
        },
        {
            "kind": "select",
            "name": "customer",
            "label": gettext("Customer"),
            "value": values.get("customer", ""),
            "blank": anything,
            "options": [(str(one), name) for one, name in customers],
        },
        {
            "kind": "select",
            "name": "kind",
            "label": gettext("Kind of cost"),
            "value": values.get("kind", ""),
            "blank": anything,
            "options": words.choices(CostKind),
        },
    ]


def _name(group: GroupView) -> Any:
    if isinstance(group.name, CostKind):
        return words.word(group.name)
    return group.name or gettext("not stated")


def _share(group: GroupView, groups: tuple[GroupView, ...]) -> int:
    """Return how long a group's bar is, in percent of the longest."""
    most = max((one.sums.net for one in groups), default=Decimal(0))
    return int(max(group.sums.net, Decimal(0)) * 100 / most) if most > 0 else 0
