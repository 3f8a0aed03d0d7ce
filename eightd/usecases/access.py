"""Open a complaint for a verb: seen by the actor, at the version seen, allowed by the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import decide
from eightd.domain.workflow.outcome import Allowed, Outcome, Refused
from eightd.domain.workflow.snapshot import ComplaintSnapshot
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import NotAllowed, NotFound, Stale
from eightd.usecases.telling import tell_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A complaint that the actor may act on in the way asked for."""

    row: ComplaintRow
    snapshot: ComplaintSnapshot
    allowed: Allowed


def insist(outcome: Outcome) -> Allowed:
    """Return what is allowed; raise NotFound for what is hidden, NotAllowed for what is refused."""
    if isinstance(outcome, Refused):
        if outcome.hidden:
            raise NotFound
        raise NotAllowed(outcome.message, outcome.gates)
    return outcome


def open_complaint(
    work: Work,
    number: str,
    action: Action,
    *,
    version: int | None = None,
    discipline: DisciplineCode | None = None,
    reason: str = "",
    answer: Answer | None = None,
) -> Opened:
    """Lock the complaint, ask the rules, check the version.

    ``version`` is the complaint's as the actor saw it; None for verbs that check a discipline's
    version, or none at all (adding evidence or a comment changes nothing anybody else is editing).
    Hidden comes before stale, so that a version never betrays what may not be seen.

    Raises NotFound, NotAllowed or Stale.
    """
    loaded = complaints.load(work.session, number, lock=True)
    if loaded is None:
        raise NotFound
    outcome = decide(
        loaded.snapshot,
        action,
        work.actor,
        discipline=discipline,
        reason=reason,
        answer=answer,
        now=work.now,
    )
    if isinstance(outcome, Refused) and outcome.hidden:
        raise NotFound
    if version is not None and version != loaded.row.version:
        raise Stale(loaded.row.version)
    return Opened(loaded.row, loaded.snapshot, insist(outcome))


def conclude(
    work: Work,
    opened: Opened,
    *,
    new: Mapping[str, Any] | None = None,
    old: Mapping[str, Any] | None = None,
    subject: str = "",
    raise_version: bool = True,
) -> None:
    """Write the decision's events to the record, move the stage, raise the version, tell those concerned.

    What was old and new goes into the first event's entry; stage moves into the one that made them.
    """
    row = opened.row
    if opened.allowed.to_stage is not None:
        row.stage = opened.allowed.to_stage
        row.is_open = opened.allowed.to_stage.is_open
    if raise_version:
        row.version += 1
    for position, event in enumerate(opened.allowed.events):
        moved = event.from_ != event.to
        before = {**(old or {}), **({"state": event.from_} if moved else {})} if position == 0 else {}
        after = {**(new or {}), **({"state": event.to} if moved else {})} if position == 0 else {}
        if event.on_behalf_of is not None:
            after["on_behalf_of"] = event.on_behalf_of
        work.record(
            event.tag,
            complaint_id=row.id,
            subject=subject or (event.discipline.value if event.discipline else ""),
            old=before or None,
            new=after or None,
            reason=event.reason,
        )
    tell_of(work, row, opened.allowed.events)
