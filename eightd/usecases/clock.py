"""Stop and resume the stoppable clocks, move the agreed end, withdraw what was entered by mistake (procedure 4)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eightd.domain.clock.stops import StopReason
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import CheckedUpload, file_evidence, filed_document
from eightd.usecases.registration import IN_FUTURE
from eightd.usecases.verb import Done, verb

BEFORE_RECEIPT = Phrase(
    "stop.before_receipt", "A clock cannot stop before the complaint was received", "停表不能早于客诉受理"
)
OVERLAPS = Phrase("stop.overlaps", "This overlaps an earlier stop", "与先前的停表重叠")
BACKWARDS = Phrase("stop.ends_before", "The clock cannot resume before it stopped", "恢复不能早于停表")
NO_SUCH_FILE = Phrase("stop.no_such_file", "This file does not belong to the complaint", "该文件不属于此客诉")
NO_SUCH_STOP = Phrase("stop.no_such_stop", "There is no such stop", "没有该停表记录")
WITHDRAWN_ALREADY = Phrase("stop.withdrawn_already", "This stop has been withdrawn already", "该停表已撤销")


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
    evidence_id: int | None = None,
    upload: CheckedUpload | None = None,
) -> Done:
    """Stop the stoppable clocks from an instant on, with the reason and what proves it.

    ``note`` is required: it is what the customer is shown. The proof is a file of the complaint or one that
    comes along and is filed with it; the one that comes along wins. When the agreed end passes while the clock
    still stands, that is told. Raises Invalid for an instant before the receipt, in the future or inside an
    earlier stop, and for a file of another complaint.
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
        ClockStopRow.complaint_id == row.id,
        ClockStopRow.to_at > from_at,
        ClockStopRow.withdrawn_because == "",
    )
    if work.session.execute(overlapping.limit(1)).first() is not None:
        raise Invalid({"from_at": OVERLAPS.say()})
    proof = _proof(work, row, evidence_id, upload)
    stop = ClockStopRow(
        complaint_id=row.id,
        from_at=from_at,
        agreed_until_at=agreed_until_at,
        reason=reason,
        note=note.strip(),
        by=work.actor.id,
        evidence_id=None if proof is None else proof.id,
        end_alarm_at=agreed_until_at,
    )
    work.session.add(stop)
    recompute(work.session, row, work.now)
    said = {"from_at": from_at.isoformat(), "reason": reason.value}
    if agreed_until_at is not None:
        said["agreed_until_at"] = agreed_until_at.isoformat()
    conclude(work, opened, new={**said, "files": filed_document([proof])} if proof else said)
    return Done(number=number, version=row.version, id=stop.id)


@verb("clock.resume")
def resume_clock(work: Work, *, number: str, version: int, to_at: datetime) -> Done:
    """Let the clocks run again from an instant on; that instant itself runs."""
    opened = open_complaint(work, number, Action.RESUME_CLOCK, version=version)
    stop = _running(work, opened.row)
    if to_at < stop.from_at:
        raise Invalid({"to_at": BACKWARDS.say()})
    if to_at > work.now:
        raise Invalid({"to_at": IN_FUTURE.say()})
    stop.to_at, stop.resumed_by, stop.end_alarm_at = to_at, work.actor.id, None
    recompute(work.session, opened.row, work.now)
    conclude(work, opened, new={"to_at": to_at.isoformat()})
    return Done(number=number, version=opened.row.version, id=stop.id)


@verb("clock.extend_stop")
def extend_stop(work: Work, *, number: str, version: int, agreed_until_at: datetime, reason: str) -> Done:
    """Change until when the running stop is agreed, to a later or an earlier instant, with the reason.

    The new end is watched as the first one was. Raises Invalid for an end before the stop began.
    """
    opened = open_complaint(work, number, Action.EXTEND_STOP, version=version, reason=reason)
    stop = _running(work, opened.row)
    if agreed_until_at < stop.from_at:
        raise Invalid({"agreed_until_at": BACKWARDS.say()})
    before = stop.agreed_until_at
    stop.agreed_until_at = stop.end_alarm_at = agreed_until_at
    conclude(
        work,
        opened,
        old={} if before is None else {"agreed_until_at": before.isoformat()},
        new={"agreed_until_at": agreed_until_at.isoformat()},
    )
    return Done(number=number, version=opened.row.version, id=stop.id)


@verb("clock.withdraw_stop")
def withdraw_stop(work: Work, *, number: str, version: int, stop_id: int, reason: str) -> Done:
    """Withdraw a stop that was entered by mistake: it stays to be seen with the reason, and moves nothing.

    A running one ends with it. What was met keeps the dates it was met with. Raises Invalid for a stop of
    another complaint and one that was withdrawn before.
    """
    opened = open_complaint(work, number, Action.WITHDRAW_STOP, version=version, reason=reason)
    row = opened.row
    stop = work.session.get(ClockStopRow, stop_id)
    if stop is None or stop.complaint_id != row.id:
        raise Invalid({"stop_id": NO_SUCH_STOP.say()})
    if stop.withdrawn_because:
        raise Invalid({"stop_id": WITHDRAWN_ALREADY.say()})
    old = {"from_at": stop.from_at.isoformat(), "reason": stop.reason.value}
    if stop.to_at is None:
        stop.to_at, stop.resumed_by = max(work.now, stop.from_at), work.actor.id
    else:
        old["to_at"] = stop.to_at.isoformat()
    stop.withdrawn_because, stop.end_alarm_at = reason.strip(), None
    recompute(work.session, row, work.now)
    conclude(work, opened, old=old)
    return Done(number=number, version=row.version, id=stop.id)


def _running(work: Work, row: ComplaintRow) -> ClockStopRow:
    running = sa.select(ClockStopRow).where(ClockStopRow.complaint_id == row.id, ClockStopRow.to_at.is_(None))
    return work.session.execute(running).scalar_one()


def _proof(
    work: Work, row: ComplaintRow, evidence_id: int | None, upload: CheckedUpload | None
) -> EvidenceRow | None:
    if upload is not None:
        return file_evidence(work, row, upload)
    if evidence_id is None:
        return None
    found = work.session.get(EvidenceRow, evidence_id)
    if found is None or found.complaint_id != row.id:
        raise Invalid({"evidence_id": NO_SUCH_FILE.say()})
    return found
