"""Stop and resume the stoppable clocks (procedure 4)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eightd.domain.clock.stops import StopReason
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import IN_FUTURE
from eightd.usecases.verb import Done, verb

BEFORE_RECEIPT = Phrase(
    "stop.before_receipt", "A clock cannot stop before the complaint was received", "停表不能早于客诉受理"
)
OVERLAPS = Phrase("stop.overlaps", "This overlaps an earlier stop", "与先前的停表重叠")
BACKWARDS = Phrase("stop.ends_before", "The clock cannot resume before it stopped", "恢复不能早于停表")


@verb("clock.stop")
def stop_clock(
    work: Work,
    *,
    number: str,
    version: int,
    from_at: datetime,
    reason: StopReason,
    note: str,
    agreed_until_at: datetime | None = None,
) -> Done:
    """Stop the stoppable clocks from an instant on, with the reason and what proves it.

    ``note`` is required: it is what the customer is shown. Raises Invalid for an instant before
    the receipt, in the future or inside an earlier stop.
    """
    opened = open_complaint(work, number, Action.STOP_CLOCK, version=version, reason=note)
    row = opened.row
    if from_at < row.received_at:
        raise Invalid({"from_at": BEFORE_RECEIPT.say()})
    if from_at > work.now:
        raise Invalid({"from_at": IN_FUTURE.say()})
    if agreed_until_at is not None and agreed_until_at < from_at:
        raise Invalid({"agreed_until_at": BACKWARDS.say()})
    overlapping = sa.select(ClockStopRow.id).where(
        ClockStopRow.complaint_id == row.id, ClockStopRow.to_at > from_at
    )
    if work.session.execute(overlapping.limit(1)).first() is not None:
        raise Invalid({"from_at": OVERLAPS.say()})
    stop = ClockStopRow(
        complaint_id=row.id,
        from_at=from_at,
        agreed_until_at=agreed_until_at,
        reason=reason,
        note=note.strip(),
        by=work.actor.id,
    )
    work.session.add(stop)
    recompute(work.session, row, work.now)
    conclude(work, opened, new={"from_at": from_at.isoformat(), "reason": reason.value})
    return Done(number=number, version=row.version, id=stop.id)


@verb("clock.resume")
def resume_clock(work: Work, *, number: str, version: int, to_at: datetime) -> Done:
    """Let the clocks run again from an instant on; that instant itself runs."""
    opened = open_complaint(work, number, Action.RESUME_CLOCK, version=version)
    stop = work.session.execute(
        sa.select(ClockStopRow).where(
            ClockStopRow.complaint_id == opened.row.id, ClockStopRow.to_at.is_(None)
        )
    ).scalar_one()
    if to_at < stop.from_at:
        raise Invalid({"to_at": BACKWARDS.say()})
    if to_at > work.now:
        raise Invalid({"to_at": IN_FUTURE.say()})
    stop.to_at, stop.resumed_by = to_at, work.actor.id
    recompute(work.session, opened.row, work.now)
    conclude(work, opened, new={"to_at": to_at.isoformat()})
    return Done(number=number, version=opened.row.version, id=stop.id)
