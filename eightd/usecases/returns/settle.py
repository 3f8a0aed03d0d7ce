"""Book a return in the accounts: the credit note, or why there is none."""

from __future__ import annotations

from datetime import date

from eightd.domain.returns.stages import ReturnStage
from eightd.domain.returns.steps import Step
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.registration import IN_FUTURE
from eightd.usecases.returns.opening import (
    implausible_days,
    insist_valid,
    lengths,
    open_return,
    take_step,
    today_at,
)
from eightd.usecases.verb import Done, verb

CREDIT_OR_WHY = Phrase(
    "return.credit_or_why",
    "Give the number of the credit note, or say in the remark why there is none",
    "请填写贷项凭证号，或在备注中说明为何没有",
)


@verb("return.settle")
def settle_return(
    work: Work, *, number: str, version: int, credit_number: str, booked_on: date, note: str = ""
) -> Done:
    """Book the return on that plant-local day, not in the future. Raises Invalid by field."""
    opened = open_return(work, number, Action.SETTLE_RETURN, version=version)
    row = opened.row
    problems = lengths({"credit_number": credit_number, "note": note})
    problems |= implausible_days(booked_on=booked_on)
    if booked_on > today_at(work, row.plant_id):
        problems["booked_on"] = IN_FUTURE.say()
    if not credit_number.strip() and not note.strip():
        problems["credit_number"] = CREDIT_OR_WHY.say()
    insist_valid(problems)
    row.credit_number, row.booked_on, row.settle_note = credit_number.strip(), booked_on, note.strip()
    said = {"credit_number": row.credit_number, "booked_on": booked_on.isoformat(), "note": row.settle_note}
    return take_step(
        work,
        opened,
        Step(ReturnStage.SETTLED),
        new={name: value for name, value in said.items() if value},
    )
