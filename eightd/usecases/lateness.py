"""Say why a milestone is late (procedure 9: deadline register with reasons)."""

from __future__ import annotations

from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.verb import Done, verb

LONGEST_REASON = 2000

NO_SUCH_MILESTONE = Phrase(
    "lateness.no_such_milestone", "The complaint has no such milestone", "该客诉没有此节点"
)
NOT_LATE = Phrase("lateness.not_late", "This milestone is not late", "该节点未逾期")


@verb("deadline.explain_lateness")
def explain_lateness(work: Work, *, number: str, version: int, milestone: str, reason: str) -> Done:
    """Keep why a milestone was met late or is overdue, on the date that is judged for the customer.

    An earlier reason is replaced; the record keeps both. Raises Invalid for a milestone that is in time,
    waits or is held by a stop, and for one that an ended case never met: nobody owes it any more.
    """
    opened = open_complaint(work, number, Action.EXPLAIN_LATENESS, version=version, reason=reason)
    row, text = opened.row, reason.strip()
    kept = work.session.get(DeadlineRow, (row.id, milestone))
    if kept is None:
        raise Invalid({"milestone": NO_SUCH_MILESTONE.say()})
    at = kept.met_at or (work.now if kept.owed else None)
    if at is None or at <= kept.judged_due_at:
        raise Invalid({"milestone": NOT_LATE.say()})
    if len(text) > LONGEST_REASON:
        raise Invalid({"reason": TOO_LONG.say(limit=LONGEST_REASON)})
    old = {"late_reason": kept.late_reason} if kept.late_reason else {}
    kept.late_reason, kept.late_reason_by, kept.late_reason_at = text, work.actor.id, work.now
    conclude(work, opened, old=old, new={"late_reason": text}, subject=milestone)
    return Done(number=number, version=row.version)
