"""Open a return for a verb: seen by the actor, at the version seen, allowed by the rules in its stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.returns.ledger import Held
from eightd.domain.returns.rights import possible
from eightd.domain.returns.stages import ReturnStage
from eightd.domain.returns.steps import Outcome, Step, Wrong
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Refused
from eightd.persistence.repositories import returns
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, insist, open_complaint
from eightd.usecases.errors import Invalid, NotFound, Stale
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.verb import Done

LONGEST_TEXT = 4000
LIMITS: Mapping[str, int] = {
    "carrier": 120,
    "tracking": 120,
    "location": 120,
    "found_part": 200,
    "credit_number": 80,
}
"""How long the short fields may be; every other text may have ``LONGEST_TEXT`` characters."""

IMPLAUSIBLE_DAY = Phrase("return.implausible_day", "This day cannot be meant", "日期不合理")


@dataclass(frozen=True, slots=True)
class OpenedReturn:
    """A return that the actor may act on in the way asked for, with its complaint and where its pieces are."""

    row: ReturnRow
    held: Held
    complaint: Opened


def open_return(work: Work, number: str, action: Action, *, version: int, reason: str = "") -> OpenedReturn:
    """Lock the complaint, then the return; ask the rules; check the return's version.

    What is hidden of the complaint is hidden of its returns. Raises NotFound, Stale or NotAllowed.
    """
    complaint_number = work.session.execute(
        sa.select(ComplaintRow.number)
        .join(ReturnRow, ReturnRow.complaint_id == ComplaintRow.id)
        .where(ReturnRow.number == number)
    ).scalar_one_or_none()
    if complaint_number is None:
        raise NotFound
    complaint = open_complaint(work, complaint_number, action, reason=reason)
    row = work.session.execute(
        sa.select(ReturnRow)
        .where(ReturnRow.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    if row.version != version:
        raise Stale(row.version)
    refused: Refused | None = possible(action, row.stage)
    if refused is not None:
        insist(refused)
    return OpenedReturn(row, returns.held(work.session, row), complaint)


def taken(outcome: Outcome) -> Step:
    """Return the step; raise Invalid with what cannot be taken."""
    if isinstance(outcome, Wrong):
        raise Invalid(outcome.problems)
    return outcome


def take_step(
    work: Work,
    opened: OpenedReturn,
    step: Step,
    *,
    new: Mapping[str, Any] | None = None,
    old: Mapping[str, Any] | None = None,
    changes_complaint: bool = False,
) -> Done:
    """Write the movements, move the stage, raise the version, make the audit entry under the return's number.

    ``changes_complaint`` raises the complaint's version too, where the step wrote to its header.
    """
    row = opened.row
    former = row.stage
    returns.add_movements(work.session, row, step.movements, by=work.actor.id, at=work.now)
    if step.stage is not former:
        row.stage, row.is_open, row.stage_at = step.stage, step.stage.is_open, work.now
        if step.stage is ReturnStage.CLOSED:
            row.closed_at = work.now
    row.version += 1
    moved = step.stage is not former
    conclude(
        work,
        opened.complaint,
        new={**(new or {}), **({"return_stage": step.stage.value} if moved else {})},
        old={**(old or {}), **({"return_stage": former.value} if moved else {})},
        subject=row.number,
        raise_version=changes_complaint,
    )
    work.session.flush()
    return Done(number=row.number, version=row.version, id=row.id)


def lengths(texts: Mapping[str, str]) -> dict[str, Message]:
    """Return which of the texts are too long, by field; rows (``rows-0-how``) go by their last part."""
    found = {}
    for field, text in texts.items():
        limit = LIMITS.get(field.rpartition("-")[2], LONGEST_TEXT)
        if len(text.strip()) > limit:
            found[field] = TOO_LONG.say(limit=limit)
    return found


def insist_valid(problems: Mapping[str, Message]) -> None:
    """Raise Invalid where there is a problem."""
    if problems:
        raise Invalid(problems)


def implausible_days(**days: date | None) -> dict[str, Message]:
    """Return which days nobody can mean, by field."""
    return {
        field: IMPLAUSIBLE_DAY.say()
        for field, day in days.items()
        if day is not None and not 2000 <= day.year < 2100
    }


def today_at(work: Work, plant_id: int) -> date:
    """Return the plant's day of the order."""
    return local_day(work, plant_id, work.now)


def local_day(work: Work, plant_id: int, instant: datetime) -> date:
    """Return the plant's day of an instant."""
    return instant.astimezone(ZoneInfo(work.session.get_one(PlantRow, plant_id).zone)).date()


def day_text(day: date | None) -> str:
    """Return the day as the record keeps it, empty where there is none."""
    return "" if day is None else day.isoformat()
