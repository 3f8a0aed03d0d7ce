"""The rail beside a discipline: all nine with state, owner, date and what is missing, and the next step in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from eightd.domain.complaint import DisciplineState
from eightd.domain.workflow.labels import DISCIPLINE_LABELS
from eightd.queries.discipline import DisciplinePage, StepView
from eightd.queries.rail import StandingView
from eightd.web import formats, requests, words


@dataclass(frozen=True)
class RailStep:
    """One discipline of the rail; ``count`` says what is missing or to be checked, in words."""

    code: str
    name: str
    state: str
    state_label: str
    url: str
    reading_url: str
    current: bool
    owner: str
    due_at: datetime | None
    due_title: str
    due_state: str
    missing: int
    count: str


@dataclass(frozen=True)
class NextStep:
    """What brings the complaint onwards and what stands in its way; no label where nothing more is owed."""

    label: str
    blockers: tuple[str, ...]
    url: str


def steps(view: DisciplinePage) -> list[RailStep]:
    """Return the nine disciplines in order."""
    now = requests.services().clock()
    return [_step(view, one, view.standings[one.code], now) for one in view.steps]


def next_step(view: DisciplinePage) -> NextStep:
    """Return the next step of the complaint with its blockers in words."""
    label = formats.message(view.next_step.label) if view.next_step is not None else ""
    url = url_for("complaint.page", number=view.header.number)
    return NextStep(label, tuple(formats.message(one) for one in view.blockers), url)


def _step(view: DisciplinePage, one: StepView, standing: StandingView, now: datetime) -> RailStep:
    asked = one.is_owed or one.state is not DisciplineState.OPEN
    due = standing.due
    accepted = one.state is DisciplineState.ACCEPTED
    where: dict[str, Any] = {"number": view.header.number, "code": one.code.value}
    not_asked = gettext("Optional") if one.code.value == "D0" else gettext("Not asked for")
    return RailStep(
        code=one.code.value,
        name=formats.message(DISCIPLINE_LABELS[one.code]),
        state=one.state.value if asked else "not_needed",
        state_label=str(words.word(one.state)) if asked else not_asked,
        url=url_for("discipline.page", **where),
        reading_url=url_for("workbench.reading", **where),
        current=one.code is view.code,
        owner=one.owner,
        due_at=due.due_at if due is not None and asked else None,
        due_title=formats.message(due.title) if due is not None else "",
        due_state=_due_state(due.due_at, due.met_at, now, accepted=accepted) if due is not None else "",
        missing=standing.missing,
        count=_count(standing),
    )


def _due_state(due_at: datetime | None, met_at: datetime | None, now: datetime, *, accepted: bool) -> str:
    """Return ``met``, ``overdue`` or nothing; an accepted answer is late no more, whatever its milestone says."""
    if met_at is not None:
        return "met"
    return "overdue" if due_at is not None and due_at < now and not accepted else ""


def _count(standing: StandingView) -> str:
    if standing.missing:
        return str(ngettext("%(num)d thing missing", "%(num)d things missing", standing.missing))
    if standing.to_check:
        return str(ngettext("%(num)d to check", "%(num)d to check", standing.to_check))
    return ""
