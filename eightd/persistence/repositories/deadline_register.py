"""What the register of deadlines reads from indexes alone, kept on each deadline (procedure 9: deadline register)."""

from __future__ import annotations

from collections.abc import Iterable

from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import NOTHING_DUE_AT, DeadlineRow


def enter(row: ComplaintRow, deadlines: Iterable[DeadlineRow], *, accepts_stops: bool) -> None:
    """Keep whose each deadline is, which date is judged, and whether it is still owed.

    To be called after any of these has changed. A clock held by a stop that the customer accepts has no date
    that could be judged until it is resumed; a met one is judged on the date it was met with.
    """
    for one in deadlines:
        one.plant_id, one.customer_id = row.plant_id, row.customer_id
        one.owed = row.is_open and one.met_at is None
        held = one.paused and one.met_at is None
        judged = (None if held else one.due_at) if accepts_stops else one.contractual_due_at
        one.judged_due_at = judged or NOTHING_DUE_AT
