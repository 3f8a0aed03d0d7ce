"""Plan what becomes of the pieces of a return: rework, repair, scrap, return as they are, keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from eightd.domain.returns.steps import PlanEntry, plan
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.returns.opening import (
    day_text,
    implausible_days,
    insist_valid,
    lengths,
    open_return,
    take_step,
    taken,
)
from eightd.usecases.verb import Done, verb

__all__ = ["PlanEntry", "plan_return"]


@verb("return.plan")
def plan_return(
    work: Work,
    *,
    number: str,
    version: int,
    rows: tuple[PlanEntry, ...],
    promised_on: date | None = None,
    steps: str = "",
) -> Done:
    """Plan every piece that is here; planned again, the rows cover everything still here anew.

    ``promised_on`` is the plant-local day by which pieces are to leave again, ``steps`` the work order in words.
    Raises Invalid by field (``rows-0-quantity``).
    """
    opened = open_return(work, number, Action.PLAN_RETURN, version=version)
    row = opened.row
    problems = implausible_days(promised_on=promised_on) | lengths({"steps": steps})
    for position, entry in enumerate(rows):
        problems |= lengths({f"rows-{position}-how": entry.how, f"rows-{position}-owner": entry.owner})
        problems |= implausible_days(**{f"rows-{position}-due_on": entry.due_on})
    insist_valid(problems)
    step = taken(plan(opened.held, rows, steps))
    before = {"plan": row.plan, "promised_on": day_text(row.promised_on)}
    row.plan, row.rework_steps, row.promised_on = _documents(rows), steps.strip(), promised_on
    after = {"plan": row.plan, "promised_on": day_text(promised_on)}
    changed = [name for name in after if after[name] != before[name]]
    return take_step(
        work,
        opened,
        step,
        old={name: before[name] for name in changed if before[name]},
        new={**{name: after[name] for name in changed}, "steps": row.rework_steps},
    )


def _documents(rows: Sequence[PlanEntry]) -> list[dict[str, Any]]:
    return [
        {
            "disposition": row.disposition.value,
            "quantity": row.quantity,
            "how": row.how.strip(),
            "owner": row.owner.strip(),
            "due_on": day_text(row.due_on),
        }
        for row in rows
    ]
