"""Correct what was announced of a return: when it is expected and promised, by whom it is carried."""

from __future__ import annotations

from datetime import date

from eightd.domain.returns.steps import Step
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.samples import set_chase
from eightd.usecases.returns.opening import (
    day_text,
    implausible_days,
    insist_valid,
    lengths,
    open_return,
    take_step,
)
from eightd.usecases.verb import Done, verb


@verb("return.change")
def change_return(
    work: Work,
    *,
    number: str,
    version: int,
    expected_on: date | None,
    carrier: str,
    tracking: str,
    promised_on: date | None,
    note: str,
) -> Done:
    """Change days, carrier and note of an open return. Raises Invalid by field."""
    opened = open_return(work, number, Action.CHANGE_RETURN, version=version)
    row = opened.row
    insist_valid(
        {
            **implausible_days(expected_on=expected_on, promised_on=promised_on),
            **lengths({"carrier": carrier, "tracking": tracking, "note": note}),
        }
    )

    def said() -> dict[str, str]:
        return {
            "expected_on": day_text(row.expected_on),
            "promised_on": day_text(row.promised_on),
            "carrier": row.carrier,
            "tracking": row.tracking,
            "note": row.note,
        }

    before = said()
    row.expected_on, row.promised_on = expected_on, promised_on
    row.carrier, row.tracking, row.note = carrier.strip(), tracking.strip(), note.strip()
    after = said()
    work.session.flush()
    set_chase(work.session, opened.complaint.row, work.now)
    changed = [name for name in after if after[name] != before[name]]
    return take_step(
        work,
        opened,
        Step(row.stage),
        old={name: before[name] for name in changed},
        new={name: after[name] for name in changed},
    )
