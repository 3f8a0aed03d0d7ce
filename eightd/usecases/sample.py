"""The sample that starts the clocks: received, not needed after all, needed after all (procedure 4)."""

from __future__ import annotations

from datetime import datetime

from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import IN_FUTURE, NEGATIVE
from eightd.usecases.verb import Done, verb

BEFORE_COMPLAINT = Phrase(
    "sample.before_complaint",
    "The sample cannot have arrived before the complaint was received",
    "样品不能早于客诉受理时间到达",
)


@verb("sample.receive")
def receive_sample(
    work: Work,
    *,
    number: str,
    version: int,
    received_at: datetime,
    quantity: int | None = None,
    announced_quantity: int | None = None,
    note: str = "",
) -> Done:
    """Record the sample's arrival; the clocks that waited for it start at that instant.

    Raises Invalid for an arrival before the complaint or in the future.
    """
    opened = open_complaint(work, number, Action.RECEIVE_SAMPLE, version=version)
    row = opened.row
    if received_at < row.received_at:
        raise Invalid({"received_at": BEFORE_COMPLAINT.say()})
    if received_at > work.now:
        raise Invalid({"received_at": IN_FUTURE.say()})
    counts = {"quantity": quantity, "announced_quantity": announced_quantity}
    negative = {field: NEGATIVE.say() for field, value in counts.items() if value is not None and value < 0}
    if negative:
        raise Invalid(negative)
    row.sample_needed = True
    row.sample_received_at = received_at
    row.sample_received_quantity = quantity
    row.sample_announced_quantity = announced_quantity
    row.sample_note = note.strip()
    recompute(work.session, row, work.now)
    conclude(work, opened, new={"received_at": received_at.isoformat(), **counts, "note": row.sample_note})
    return Done(number=number, version=row.version)


@verb("sample.waive")
def waive_sample(work: Work, *, number: str, version: int, reason: str) -> Done:
    """Say that no sample is needed: its clocks start at the complaint's receipt."""
    opened = open_complaint(work, number, Action.WAIVE_SAMPLE, version=version, reason=reason)
    opened.row.sample_needed = False
    opened.row.sample_note = reason.strip()
    recompute(work.session, opened.row, work.now)
    conclude(work, opened)
    return Done(number=number, version=opened.row.version)


@verb("sample.require")
def require_sample(work: Work, *, number: str, version: int, announced_quantity: int | None = None) -> Done:
    """Say that a sample is needed: its clocks wait for it. Raises Invalid for a negative quantity."""
    opened = open_complaint(work, number, Action.REQUIRE_SAMPLE, version=version)
    if announced_quantity is not None and announced_quantity < 0:
        raise Invalid({"announced_quantity": NEGATIVE.say()})
    opened.row.sample_needed = True
    opened.row.sample_announced_quantity = announced_quantity
    recompute(work.session, opened.row, work.now)
    conclude(work, opened)
    return Done(number=number, version=opened.row.version)
