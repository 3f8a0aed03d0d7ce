"""How a complaint ends, or begins again: verdict, closure, reopening, cancellation (procedure 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from eightd.domain.afterwards import ReopeningWhy, Wrong
from eightd.domain.complaint import DisciplineCode, DisciplineState, Stage
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import VerdictResult
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.afterwards import ReopeningRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.drafts import remember
from eightd.usecases.ends.merge import let_go
from eightd.usecases.ends.watch import begin_watch, end_watch
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.tasks.keep_in_step import bring_all_in_step, cancel_open, newest_submission
from eightd.usecases.telling import tell_people
from eightd.usecases.verb import Done, verb

VERDICT_IN_FUTURE = Phrase("verdict.in_future", "The verdict's date lies in the future", "判定日期在未来")
CLOSED_IN_FUTURE = Phrase("closure.in_future", "The closing date lies in the future", "结案日期在未来")
CLOSED_BEFORE_VERDICT = Phrase(
    "closure.before_verdict", "Cannot be closed before the customer's verdict", "结案不能早于客户判定"
)
_LONGEST_NAME = 200
NO_OTHER = Phrase(
    "outcome.no_other", "There is no such other complaint: {number}", "没有该其他客诉：{number}"
)
NOTHING_WRONG = Phrase(
    "reopening.nothing_wrong",
    "Please say at least at one discipline what was wrong before",
    "请至少在一项中说明之前有何不妥",
)
WRONG_EMPTY = Phrase("reopening.wrong_empty", "Please say what was wrong", "请说明当时有何不妥")
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
        _keep_reopening(work, row, ReopeningWhy.REJECTED, reason, ())
    return _concluded(work, opened, new={"result": result.value, "by": by.strip(), "on": on.isoformat()})


@verb("complaint.close")
def close(work: Work, *, number: str, version: int, closed_on: date | None = None) -> Done:
    """Close the complaint, today or on an earlier plant-local day that it is entered for, and begin to watch.

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
    return _concluded(work, opened, new=begin_watch(work, row, today))


@verb("complaint.reopen")
def reopen(
    work: Work,
    *,
    number: str,
    version: int,
    reason: str,
    why: ReopeningWhy = ReopeningWhy.OTHER,
    was_wrong: Sequence[Wrong] = (),
    recurred_as: str = "",
) -> Done:
    """Open a closed or cancelled complaint again; the customer has to give a verdict anew.

    ``was_wrong`` names the disciplines that were wrong before; those that were accepted go back to their owners
    with that as the reason, unless another complaint's 8D answers this one. ``recurred_as`` is the later complaint
    as which it came back. Raises Invalid for one that is not there or may not be seen, where a text is missing, and
    where nothing was wrong in a case that had been analysed.
    """
    opened = open_complaint(work, number, Action.REOPEN, version=version, reason=reason)
    row = opened.row
    later = _later_case(work, row, recurred_as)
    wrong = _wrong(was_wrong)
    to_analysis = opened.allowed.to_stage is Stage.ANALYSING
    if to_analysis and row.ours is not False and not wrong:  # or nothing would begin again
        raise Invalid({f"wrong_{DisciplineCode.D4.value}": NOTHING_WRONG.say()})
    row.closed_at = row.closed_on = row.closed_by = None
    row.verdict, row.verdict_by, row.verdict_on, row.verdict_at = None, "", None, None
    row.outcome_reason, row.duplicate_of_id = reason.strip(), None
    if to_analysis:
        row.ours, row.rejected_at = True, work.now
    _keep_reopening(work, row, why, reason, wrong, later)
    end_watch(work, row, local_day(work, row))
    said: dict[str, Any] = {"why": why.value}
    if wrong:
        said["was_wrong"] = [f"{one.code.value}: {one.text}" for one in wrong]
    if later is not None:
        said["recurred_as"] = later.number
    done = _concluded(work, opened, new=said)
    if row.answered_by_id is None:
        _send_back(work, opened, wrong)
        bring_all_in_step(work, row)  # what was cancelled with the complaint is owed again
    return done


@verb("complaint.cancel")
def cancel(work: Work, *, number: str, version: int, reason: str, duplicate_of: str = "") -> Done:
    """Cancel the complaint (duplicate, withdrawn): nothing is due any more, open actions are cancelled with it.

    ``duplicate_of`` is the number of the complaint that goes on. Raises Invalid for one that is not there, may not
    be seen, or is this one.
    """
    opened = open_complaint(work, number, Action.CANCEL, version=version, reason=reason)
    row = opened.row
    goes_on = _known(work, row, duplicate_of, "duplicate_of")
    row.outcome_reason = reason.strip()
    row.duplicate_of_id = None if goes_on is None else goes_on.id
    tasks = cancel_open(work, row)
    old, new = {**tasks.as_old(), **let_go(work, row)}, tasks.as_new()
    if goes_on is not None:
        new["duplicate_of"] = goes_on.number
    return _concluded(work, opened, old=old, new=new)


def _known(work: Work, row: ComplaintRow, number: str, field: str) -> ComplaintRow | None:
    """Return another complaint that was named, None where none was."""
    wanted = number.strip().upper()
    if not wanted:
        return None
    found = None if wanted == row.number else complaints.load(work.session, wanted)
    if found is None or not complaints.is_visible(found, work.actor) or found.row.stage is Stage.CANCELLED:
        raise Invalid({field: NO_OTHER.say(number=wanted)})
    return found.row


def _later_case(work: Work, row: ComplaintRow, number: str) -> ComplaintRow | None:
    found = _known(work, row, number, "recurred_as")
    if found is not None and found.id < row.id:
        raise Invalid({"recurred_as": NO_OTHER.say(number=found.number)})
    return found


def _wrong(given: Sequence[Wrong]) -> list[Wrong]:
    for one in given:
        if not one.text.strip():
            raise Invalid({f"wrong_{one.code.value}": WRONG_EMPTY.say()})
    return [Wrong(one.code, one.text.strip()) for one in given]


def _keep_reopening(
    work: Work,
    row: ComplaintRow,
    why: ReopeningWhy,
    reason: str,
    wrong: Sequence[Wrong],
    later: ComplaintRow | None = None,
) -> None:
    work.session.add(
        ReopeningRow(
            complaint_id=row.id,
            at=work.now,
            by=work.actor.id,
            why=why,
            reason=reason.strip(),
            was_wrong=[{"code": one.code.value, "text": one.text} for one in wrong],
            recurred_as_id=None if later is None else later.id,
        )
    )


def _send_back(work: Work, opened: Opened, wrong: Sequence[Wrong]) -> None:
    """Give the accepted disciplines that were wrong back to their owners, to go on from what was accepted."""
    for one in wrong:
        discipline = work.session.get_one(DisciplineRow, (opened.row.id, one.code))
        if discipline.state is not DisciplineState.ACCEPTED:
            continue
        last = newest_submission(work, opened.row, one.code)
        if last is not None:
            discipline.draft, discipline.draft_by, discipline.draft_at = last.answer, last.by, work.now
        discipline.state, discipline.version = DisciplineState.RETURNED, discipline.version + 1
        if discipline.draft is not None:
            remember(work, discipline)
        work.record(
            EventTag.DISCIPLINE_REOPENED,
            complaint_id=opened.row.id,
            subject=one.code.value,
            old={"state": DisciplineState.ACCEPTED.value},
            new={"state": DisciplineState.RETURNED.value},
            reason=one.text,
        )
        people = {owner for owner in (discipline.owner_id, last.by if last else None) if owner is not None}
        tell_people(work, opened.row, MessageKind.RETURNED, people, discipline=one.code, reason=one.text)


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
