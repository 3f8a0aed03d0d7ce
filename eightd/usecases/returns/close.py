"""End a return: closed once it is booked and adds up, cancelled where nothing ever came."""

from __future__ import annotations

from eightd.domain.returns.stages import ReturnStage
from eightd.domain.returns.steps import Step
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.samples import set_chase
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step
from eightd.usecases.verb import Done, verb


@verb("return.close")
def close_return(work: Work, *, number: str, version: int) -> Done:
    """Close a return that finance has booked."""
    opened = open_return(work, number, Action.CLOSE_RETURN, version=version)
    return take_step(work, opened, Step(ReturnStage.CLOSED))


@verb("return.cancel")
def cancel_return(work: Work, *, number: str, version: int, reason: str) -> Done:
    """Cancel a return that was announced and never came, with the reason why."""
    opened = open_return(work, number, Action.CANCEL_RETURN, version=version, reason=reason)
    insist_valid(lengths({"reason": reason}))
    opened.row.outcome_reason = reason.strip()
    done = take_step(work, opened, Step(ReturnStage.CANCELLED))
    set_chase(work.session, opened.complaint.row, work.now)
    return done
