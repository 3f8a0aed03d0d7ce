"""The sample that starts the clocks: received, not needed after all, needed after all (procedure 4)."""

from __future__ import annotations

from datetime import datetime

from eightd.domain.events import Event, EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import IN_FUTURE, NEGATIVE
from eightd.usecases.telling import tell_of
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
    row.sample_announced_quantity = announced_quantity
    row.sample_note = note.strip()
    _came(work, row, received_at, quantity)
    conclude(work, opened, new={"received_at": received_at.isoformat(), **counts, "note": row.sample_note})
    return Done(number=number, version=row.version)


def decide_sample(row: ComplaintRow, *, needed: bool, now: datetime) -> None:
    """Say whether a sample is needed: from now on it is awaited, or no longer."""
    row.sample_needed = needed
    if not needed:
        _end_wait(row, now)
        return
    if row.sample_wanted_from_at is None:
        row.sample_wanted_from_at = now
    row.sample_wanted_until_at = None


def _end_wait(row: ComplaintRow, at: datetime) -> None:
    if row.sample_wanted_from_at is not None and row.sample_wanted_until_at is None:
        row.sample_wanted_until_at = max(at, row.sample_wanted_from_at)


def came_with_return(
    work: Work, row: ComplaintRow, *, received_at: datetime, quantity: int, subject: str
) -> bool:
    """Take the pieces of a return as the sample, where an open complaint has none and none was waived.

    Its clocks start at that instant, for pieces that were here before the complaint at the complaint's receipt. Says
    whether it was so; the record names the return as ``subject``.
    """
    if not row.is_open or row.sample_received_at is not None or row.sample_needed is False:
        return False
    at = max(received_at, row.received_at)
    _came(work, row, at, quantity)
    work.record(
        EventTag.SAMPLE_RECEIVED,
        complaint_id=row.id,
        subject=subject,
        new={"received_at": at.isoformat(), "quantity": quantity},
    )
    tell_of(work, row, [Event(EventTag.SAMPLE_RECEIVED, row.id, work.actor.id, work.now)])
    return True


def _came(work: Work, row: ComplaintRow, at: datetime, quantity: int | None) -> None:
    row.sample_needed = True
    row.sample_received_at = at
    row.sample_received_quantity = quantity
    _end_wait(row, at)
    recompute(work.session, row, work.now)


@verb("sample.waive")
def waive_sample(work: Work, *, number: str, version: int, reason: str) -> Done:
    """Say that no sample is needed: its clocks start at the complaint's receipt."""
    opened = open_complaint(work, number, Action.WAIVE_SAMPLE, version=version, reason=reason)
    decide_sample(opened.row, needed=False, now=work.now)
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
    decide_sample(opened.row, needed=True, now=work.now)
    opened.row.sample_announced_quantity = announced_quantity
    recompute(work.session, opened.row, work.now)
    conclude(work, opened)
    return Done(number=number, version=opened.row.version)
