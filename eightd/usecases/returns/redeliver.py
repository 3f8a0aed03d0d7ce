"""Send pieces back to the customer, all at once or in parts."""

from __future__ import annotations

from datetime import date

from eightd.domain.returns import steps
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.returns import ReturnShipmentRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.registration import IN_FUTURE
from eightd.usecases.returns.opening import (
    insist_valid,
    lengths,
    local_day,
    open_return,
    take_step,
    taken,
    today_at,
)
from eightd.usecases.verb import Done, verb

BEFORE_RECEIPT = Phrase(
    "return.before_receipt", "Before the pieces were received ({day})", "早于签收日期（{day}）"
)


@verb("return.redeliver")
def redeliver_return(
    work: Work,
    *,
    number: str,
    version: int,
    quantity: int,
    sent_on: date,
    carrier: str = "",
    tracking: str = "",
    note: str = "",
) -> Done:
    """Record that pieces left on that plant-local day, not in the future nor before they came. Raises Invalid."""
    opened = open_return(work, number, Action.REDELIVER_RETURN, version=version)
    row = opened.row
    problems = lengths({"carrier": carrier, "tracking": tracking, "note": note})
    received_on = None if row.received_at is None else local_day(work, row.plant_id, row.received_at)
    if sent_on > today_at(work, row.plant_id):
        problems["sent_on"] = IN_FUTURE.say()
    elif received_on is not None and sent_on < received_on:
        problems["sent_on"] = BEFORE_RECEIPT.say(day=received_on.isoformat())
    insist_valid(problems)
    step = taken(steps.redeliver(opened.held, quantity))
    shipment = ReturnShipmentRow(
        return_id=row.id,
        sent_on=sent_on,
        quantity=quantity,
        carrier=carrier.strip(),
        tracking=tracking.strip(),
        note=note.strip(),
        by=work.actor.id,
        at=work.now,
    )
    work.session.add(shipment)
    said = {
        "pieces": quantity,
        "sent_on": sent_on.isoformat(),
        "carrier": shipment.carrier,
        "tracking": shipment.tracking,
        "note": shipment.note,
    }
    return take_step(work, opened, step, new={name: value for name, value in said.items() if value})
