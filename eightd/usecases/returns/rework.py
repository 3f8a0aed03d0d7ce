"""Record what came of the plan: how many pieces became good, how many were scrapped."""

from __future__ import annotations

from eightd.domain.returns import steps
from eightd.domain.returns.steps import Result
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step, taken
from eightd.usecases.verb import Done, verb

__all__ = ["Result", "record_rework"]


@verb("return.rework")
def record_rework(work: Work, *, number: str, version: int, results: tuple[Result, ...]) -> Done:
    """Record results, in parts too; once nothing waits for one, what is good is ready to go back.

    Raises Invalid by field (``results-0-good``).
    """
    opened = open_return(work, number, Action.RECORD_REWORK, version=version)
    insist_valid(lengths({f"results-{at}-note": one.note for at, one in enumerate(results)}))
    step = taken(steps.rework(opened.held, results))
    said = [
        {
            "disposition": one.disposition.value,
            "good": one.good,
            "scrapped": one.scrapped,
            "note": one.note.strip(),
        }
        for one in results
        if one.good or one.scrapped
    ]
    return take_step(work, opened, step, new={"results": said})
