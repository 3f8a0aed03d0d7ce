"""Keep what was sent to the customer and meet its milestone, whether this program sent it or a person says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import Channel
from eightd.domain.correspondence import ReplyKind
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.persistence.tables.evidence import EvidenceRow, RevisionRow, SendingRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.deadlines import MILESTONE_OF, NOT_OURS_REPLY, recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import CheckedUpload, file_evidence, filed_document

UNPROVEN = Phrase(
    "sending.unproven",
    "Please add the proof of sending, or say how it is known",
    "请提供发送证据，或说明依据",
)
NO_SUCH_EVIDENCE = Phrase(
    "sending.no_such_evidence", "There is no such evidence of this complaint", "该客诉没有此证据"
)

ACTION: Mapping[ReplyKind, Action] = {
    ReplyKind.INITIAL: Action.SEND_INITIAL_REPLY,
    ReplyKind.PRELIMINARY: Action.SEND_PRELIMINARY,
    ReplyKind.FINAL: Action.SEND_FINAL_REPORT,
    ReplyKind.NOT_OURS: Action.REPLY_NOT_OURS,
}
"""What sending a reply of that kind is called in the tables of the domain."""

REPORT_KIND: Mapping[ReplyKind, ReportKind] = {
    ReplyKind.INITIAL: ReportKind.INITIAL,
    ReplyKind.PRELIMINARY: ReportKind.PRELIMINARY,
    ReplyKind.FINAL: ReportKind.FINAL,
}
"""Which reports go with which reply; an explanation “not ours” goes without one."""

MILESTONE: Mapping[ReplyKind, str] = {
    **{kind: MILESTONE_OF[report] for kind, report in REPORT_KIND.items()},
    ReplyKind.NOT_OURS: NOT_OURS_REPLY,
}
"""What a sending of that kind is kept under."""

_RECIPIENT_KEPT = 200


@dataclass(frozen=True, slots=True)
class Proof:
    """How it is known that something was sent elsewhere: evidence filed or to be filed, or words."""

    evidence_id: int | None = None
    upload: CheckedUpload | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, when, how and to whom; ``by`` is who answers for it."""

    sent_at: datetime
    means: Channel
    recipient: str
    text: str
    by: int
    revision: RevisionRow | None = None
    reply_id: int | None = None
    evidence: EvidenceRow | None = None
    proof: str = ""

    def told(self) -> dict[str, Any]:
        """Return what the record says of it."""
        told: dict[str, Any] = {
            "sent_at": self.sent_at.isoformat(),
            "means": self.means.value,
            "recipient": self.recipient,
            "revision": self.revision.number if self.revision else None,
            "content_hash": self.revision.content_hash if self.revision else None,
        }
        if self.evidence:
            told["files"] = filed_document([self.evidence])
        if self.proof:
            told["proof"] = self.proof
        return told


def keep(work: Work, row: ComplaintRow, kind: ReplyKind, sent: Sent) -> SendingRow:
    """Keep a sending and what follows from it on the complaint; the caller recomputes the deadlines.

    Lateness is judged on the first sending; the complaint's header shows the last.
    """
    sending = SendingRow(
        complaint_id=row.id,
        milestone=MILESTONE[kind],
        revision_id=sent.revision.id if sent.revision else None,
        sent_at=sent.sent_at,
        means=sent.means.value,
        recipient=sent.recipient[:_RECIPIENT_KEPT],
        text=sent.text,
        reply_id=sent.reply_id,
        evidence_id=sent.evidence.id if sent.evidence else None,
        proof=sent.proof,
        by=sent.by,
        at=work.now,
    )
    work.session.add(sending)
    if kind is ReplyKind.NOT_OURS:
        row.initial_reply_sent_at = row.initial_reply_sent_at or sent.sent_at
    elif kind is ReplyKind.INITIAL:
        row.initial_reply_sent_at = sent.sent_at
    elif kind is ReplyKind.PRELIMINARY:
        row.preliminary_sent_at = sent.sent_at
    else:
        row.final_sent_at = sent.sent_at
        _end_running_stop(work, row, sent)
    work.session.flush()
    return sending


def take_out(work: Work, row: ComplaintRow, kind: ReplyKind, sending: SendingRow) -> None:
    """Let a sending that reached nobody meet nothing any more; it stays in the record.

    A milestone that it alone had met is open again, on the date it would have without it; one that another
    sending meets as well is met by that. A stop that ended with the final report stays ended.
    """
    sending.bounced_at = work.now
    work.session.flush()
    for deadline in work.session.execute(
        sa.select(DeadlineRow).where(
            DeadlineRow.complaint_id == row.id, DeadlineRow.met_at == sending.sent_at
        )
    ).scalars():
        deadline.met_at = None
    valid = _valid_sendings(work, row)
    if kind in (ReplyKind.INITIAL, ReplyKind.NOT_OURS):
        first_not_ours = valid.get(MILESTONE[ReplyKind.NOT_OURS], [None])[0]
        row.initial_reply_sent_at = valid.get(MILESTONE[ReplyKind.INITIAL], [first_not_ours])[-1]
    elif kind is ReplyKind.PRELIMINARY:
        row.preliminary_sent_at = valid.get(MILESTONE[kind], [None])[-1]
    else:
        row.final_sent_at = valid.get(MILESTONE[kind], [None])[-1]
    recompute(work.session, row, work.now)


def proven(work: Work, row: ComplaintRow, proof: Proof) -> EvidenceRow | None:
    """Return the evidence of a sending elsewhere, filing what was uploaded; None where words must do.

    Raises Invalid where there are neither, and for evidence of another complaint.
    """
    if proof.upload is not None:
        return file_evidence(work, row, proof.upload)
    if proof.evidence_id is not None:
        found = work.session.get(EvidenceRow, proof.evidence_id)
        if found is None or found.complaint_id != row.id:
            raise Invalid({"evidence_id": NO_SUCH_EVIDENCE.say()})
        return found
    if not proof.words.strip():
        raise Invalid({"proof": UNPROVEN.say()})
    return None


def _valid_sendings(work: Work, row: ComplaintRow) -> dict[str, list[datetime | None]]:
    found = work.session.execute(
        sa.select(SendingRow.milestone, SendingRow.sent_at)
        .where(SendingRow.complaint_id == row.id, SendingRow.bounced_at.is_(None))
        .order_by(SendingRow.sent_at, SendingRow.id)
    )
    sent: dict[str, list[datetime | None]] = {}
    for milestone, sent_at in found:
        sent.setdefault(milestone, []).append(sent_at)
    return sent


def _end_running_stop(work: Work, row: ComplaintRow, sent: Sent) -> None:
    """Let the clock run again: once the final report is sent there is nothing left to wait for."""
    stop = work.session.execute(
        sa.select(ClockStopRow).where(ClockStopRow.complaint_id == row.id, ClockStopRow.to_at.is_(None))
    ).scalar_one_or_none()
    if stop is not None:
        stop.to_at, stop.resumed_by = max(sent.sent_at, stop.from_at), sent.by
