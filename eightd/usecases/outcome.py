"""How a complaint ends, or begins again: verdict, closure, reopening, cancellation (procedure 6)."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from eightd.domain.complaint import Stage
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import VerdictResult
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.tasks.keep_in_step import bring_all_in_step, cancel_open
from eightd.usecases.verb import Done, verb

VERDICT_IN_FUTURE = Phrase("verdict.in_future", "The verdict's date lies in the future", "判定日期在未来")
CLOSED_IN_FUTURE = Phrase("closure.in_future", "The closing date lies in the future", "结案日期在未来")
CLOSED_BEFORE_VERDICT = Phrase(
    "closure.before_verdict", "Cannot be closed before the customer's verdict", "结案不能早于客户判定"
)
_LONGEST_NAME = 200
VERDICT_BY_MISSING = Phrase("verdict.by_missing", "Please say who gave the verdict", "请填写由谁作出判定")


@verb("verdict.record")
def record_verdict(
    work: Work, *, number: str, version: int, result: VerdictResult, by: str, on: date, reason: str = ""
) -> Done:
    """Record what the customer said to the final report; a rejection needs its reason and reopens.

    ``on`` is plant-local and not in the future.
    """
    accepted = result is VerdictResult.ACCEPTED
    action = Action.RECORD_VERDICT_ACCEPTED if accepted else Action.RECORD_VERDICT_REJECTED
    opened = open_complaint(work, number, action, version=version, reason=reason)
    row = opened.row
    if not by.strip():
        raise Invalid({"by": VERDICT_BY_MISSING.say()})
    if len(by.strip()) > _LONGEST_NAME:
        raise Invalid({"by": TOO_LONG.say(limit=_LONGEST_NAME)})
    if on > local_day(work, row):
        raise Invalid({"on": VERDICT_IN_FUTURE.say()})
    row.verdict, row.verdict_by, row.verdict_on, row.verdict_at = result, by.strip(), on, work.now
    if not accepted:
        row.outcome_reason = reason.strip()
        row.rejected_at = work.now
    return _concluded(work, opened, new={"result": result.value, "by": by.strip(), "on": on.isoformat()})


@verb("complaint.close")
def close(work: Work, *, number: str, version: int, closed_on: date | None = None) -> Done:
    """Close the complaint, today or on an earlier plant-local day that it is entered for.

    Raises Invalid for a day in the future or before the customer's verdict.
    """
    opened = open_complaint(work, number, Action.CLOSE, version=version)
    row = opened.row
    today = local_day(work, row)
    if closed_on is not None and closed_on > today:
        raise Invalid({"closed_on": CLOSED_IN_FUTURE.say()})
    if closed_on is not None and row.verdict_on is not None and closed_on < row.verdict_on:
        raise Invalid({"closed_on": CLOSED_BEFORE_VERDICT.say()})
    row.closed_at, row.closed_by = work.now, work.actor.id
    row.closed_on = closed_on or today
    return _concluded(work, opened)


@verb("complaint.reopen")
def reopen(work: Work, *, number: str, version: int, reason: str) -> Done:
    """Open a closed or cancelled complaint again; the customer has to give a verdict anew."""
    opened = open_complaint(work, number, Action.REOPEN, version=version, reason=reason)
    row = opened.row
    row.closed_at = row.closed_on = row.closed_by = None
    row.verdict, row.verdict_by, row.verdict_on, row.verdict_at = None, "", None, None
    row.outcome_reason = reason.strip()
    if opened.allowed.to_stage is Stage.ANALYSING:
        row.ours, row.rejected_at = True, work.now
    done = _concluded(work, opened)
    bring_all_in_step(work, row)  # what was cancelled with the complaint is owed again
    return done


@verb("complaint.cancel")
def cancel(work: Work, *, number: str, version: int, reason: str) -> Done:
    """Cancel the complaint (duplicate, withdrawn): nothing is due any more, open actions are cancelled with it."""
    opened = open_complaint(work, number, Action.CANCEL, version=version, reason=reason)
    opened.row.outcome_reason = reason.strip()
    tasks = cancel_open(work, opened.row)
    return _concluded(work, opened, old=tasks.as_old(), new=tasks.as_new())


def local_day(work: Work, row: ComplaintRow) -> date:
    """Return the day it is in the complaint's plant."""
    plant = work.session.get_one(PlantRow, row.plant_id)
    return work.now.astimezone(ZoneInfo(plant.zone)).date()


def _concluded(
    work: Work, opened: Opened, *, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None
) -> Done:
    conclude(work, opened, old=old, new=new)
    recompute(work.session, opened.row, work.now)
    return Done(number=opened.row.number, version=opened.row.version)
