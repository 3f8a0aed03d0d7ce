"""The board of returns by stage, and the scan field that leads from a code to its return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from werkzeug.wrappers import Response

from eightd.domain.authority import scope
from eightd.domain.complaint import Role
from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.domain.workflow.table import ROLES_OF
from eightd.queries import board as complaints
from eightd.queries.returns import board as queries
from eightd.queries.returns.board import BoardView, Column, Desk, Filters, PageKey
from eightd.queries.returns.finding import by_code
from eightd.queries.returns.page import ReturnPage, return_page
from eightd.web import formats, requests, words

DESKS: Mapping[Desk, Any] = {
    Desk.ALL: _lp("returns", "All"),
    Desk.SALES: _l("Sales"),
    Desk.WAREHOUSE: _l("Warehouse"),
    Desk.PRODUCTION: _l("Production"),
    Desk.ANALYSIS: _l("Analysis"),
    Desk.FINANCE: _l("Finance"),
}
_DESK_OF: Mapping[Role, Desk] = {
    Role.WAREHOUSE: Desk.WAREHOUSE,
    Role.PRODUCTION: Desk.PRODUCTION,
    Role.FINANCE: Desk.FINANCE,
}
_KEY = re.compile(r"\d{1,9}")
_LONGEST_CODE = 200


@dataclass(frozen=True)
class Asked:
    """What an address of the board asks for; ``parameters`` say it again, ``ignored`` names what meant nothing."""

    filters: Filters
    parameters: Mapping[str, str]
    ignored: tuple[str, ...]
    place: PageKey | None


def index() -> str | Response | tuple[str, int]:
    """Show the board; a ``code`` in the address leads to the return it means, or says that there is none."""
    actor = requests.actor()
    if not scope(actor).plants:
        abort(404)
    code = request.args.get("code", "").strip()
    found = _scanned(actor, code)
    if len(found) == 1:
        return redirect(url_for("returns.page", number=found[0].number, scanned=1))
    asked = _asked(actor)
    with requests.services().uow.reading() as session:
        view = queries.board(session, actor, asked.filters, requests.services().clock(), asked.place)
    error = gettext("No return bears this code: %(code)s", code=code) if code and not found else ""
    return render_template(
        "returns/index.html",
        code=code if error else "",
        scan_error=error,
        several=found,
        may_announce=bool(actor.roles & ROLES_OF[Action.ANNOUNCE_RETURN]),
        may_chase=bool(actor.roles & ROLES_OF[Action.CHASE_SAMPLE]),
        log_url=url_for("returns_log.index") if "returns_log.index" in current_app.view_functions else "",
        desks=_desks(asked),
        fields=_fields(asked),
        narrowed=bool(set(asked.parameters) - {"desk", "stage"}),
        clear_url=url_for("returns.index", **_only(asked, "desk", "stage")),
        stages=_stages(view, asked),
        columns=[_column(one, asked) for one in view.columns if one.cards],
        samples=view.overdue_samples,
        ignored=gettext(", ").join(asked.ignored),
        previous_url=_at(view.previous, asked),
        next_url=_at(view.next, asked),
    )


def _scanned(actor: Actor, code: str) -> list[ReturnPage]:
    """Return the returns that a code means."""
    if not code:
        return []
    with requests.services().uow.reading() as session:
        pages = [return_page(session, actor, number) for number in by_code(session, actor, code)]
    return [one for one in pages if one is not None]


def _asked(actor: Actor) -> Asked:
    given, ignored = request.args, []
    customer_id, code = None, given.get("customer", "").strip()[:_LONGEST_CODE]
    if code:
        with requests.services().uow.reading() as session:
            customer = complaints.customer_by_code(session, actor, code, formats.language())
        if customer is None:
            ignored.append(gettext("Customer code"))
            code = ""
        else:
            customer_id, code = customer.id, customer.code
    desk, stage, kind = (given.get(name, "") for name in ("desk", "stage", "kind"))
    for label, value, known in (
        (gettext("Stage"), stage, set(ReturnStage)),
        (gettext("Kind"), kind, set(ReturnKind)),
    ):
        if value and value not in known:
            ignored.append(label)
    filters = Filters(
        desk=Desk(desk) if desk in set(Desk) else _own_desk(actor),
        stage=ReturnStage(stage) if stage in set(ReturnStage) else None,
        customer_id=customer_id,
        kind=ReturnKind(kind) if kind in set(ReturnKind) else None,
        late=given.get("late") == "1",
    )
    said = {
        "desk": filters.desk.value if desk in set(Desk) else "",
        "stage": filters.stage.value if filters.stage else "",
        "customer": code,
        "kind": filters.kind.value if filters.kind else "",
        "late": "1" if filters.late else "",
    }
    parameters = {name: value for name, value in said.items() if value}
    return Asked(filters, parameters, tuple(map(str, ignored)), _place())


def _place() -> PageKey | None:
    for name, backwards in (("after", False), ("before", True)):
        key = request.args.get(name, "")
        if key.isascii() and _KEY.fullmatch(key):
            return PageKey(int(key), backwards)
    return None


def _own_desk(actor: Actor) -> Desk:
    """Return the desk of somebody who works at one alone, else all of them."""
    own = {_DESK_OF[role] for role in actor.roles if role in _DESK_OF}
    return own.pop() if len(own) == 1 and len(actor.roles) == 1 else Desk.ALL


def _only(asked: Asked, *names: str) -> dict[str, Any]:
    return {name: value for name, value in asked.parameters.items() if name in names}


def _without(asked: Asked, *names: str) -> dict[str, Any]:
    return {name: value for name, value in asked.parameters.items() if name not in names}


def _desks(asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": url_for("returns.index", **{**_without(asked, "stage"), "desk": desk.value}),
            "current": desk is asked.filters.desk and asked.filters.stage is None,
        }
        for desk, label in DESKS.items()
    ]


def _stages(view: BoardView, asked: Asked) -> list[dict[str, Any]]:
    """Return every stage with its figure, ended ones without; the one that is shown leads back to all."""
    return [
        {
            "stage": stage,
            "count": view.counts.get(stage, 0) or not stage.is_open,
            "figure": formats.number(view.counts.get(stage, 0)),
            "current": stage is asked.filters.stage,
            "url": url_for(
                "returns.index",
                **(_without(asked, "stage") if stage is asked.filters.stage
                   else {**_without(asked), "stage": stage.value}),
            ),
        }
        for stage in ReturnStage
    ]  # fmt: skip


def _column(column: Column, asked: Asked) -> dict[str, Any]:
    more = column.more and asked.filters.stage is None
    return {
        "stage": column.stage,
        "figure": formats.number(column.count),
        "cards": column.cards,
        "more_url": url_for("returns.index", **{**_without(asked), "stage": column.stage.value})
        if more
        else "",
    }


def _at(key: PageKey | None, asked: Asked) -> str | None:
    if key is None:
        return None
    return url_for(
        "returns.index", **{**_without(asked), "before" if key.backwards else "after": str(key.id)}
    )


def _fields(asked: Asked) -> list[dict[str, Any]]:
    said = asked.parameters
    return [
        *({"kind": "hidden", "name": name, "value": said[name]} for name in ("desk", "stage") if name in said),
        {"kind": "text", "name": "customer", "label": gettext("Customer code"), "width": "s",
         "value": said.get("customer", "")},
        {"kind": "select", "name": "kind", "label": gettext("Kind"), "blank": gettext("All"),
         "value": said.get("kind", ""), "options": words.choices(ReturnKind)},
        {"kind": "checkbox", "name": "late", "label": gettext("Late only"), "value": asked.filters.late},
    ]  # fmt: skip
