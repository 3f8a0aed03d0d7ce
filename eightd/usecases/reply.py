"""Record a reply to the customer as sent: only then is its milestone met (procedure 4 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eightd.domain.complaint import Channel
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import MILESTONE_OF, recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import IN_FUTURE, TOO_LONG
from eightd.usecases.verb import Done, verb

BEFORE_RECEIPT = Phrase(
    "reply.before_receipt",
    "A reply cannot have been sent before the complaint was received",
    "回复不能早于客诉受理",
)
NO_SUCH_REVISION = Phrase(
    "reply.no_such_revision",
    "There is no revision {revision} of that kind",
    "没有该类别的第 {revision} 版报告",
)
REJECTED_SINCE = Phrase(
    "reply.rejected_since",
    "Revision {revision} was issued before the customer rejected or the case was reopened; issue a new one",
    "第 {revision} 版签发于客户不认可或重新打开之前，请签发新版本",
)
NOTHING_SENT = Phrase(
    "reply.nothing_sent",
    "Please say what was sent: a revision of the report, or the text of the reply",
    "请注明发送内容: 报告版本或回复文字",
)

_LONGEST_RECIPIENT = 200
_ACTION = {
    ReportKind.INITIAL: Action.SEND_INITIAL_REPLY,
    ReportKind.PRELIMINARY: Action.SEND_PRELIMINARY,
    ReportKind.FINAL: Action.SEND_FINAL_REPORT,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What was sent, when, how and to whom; ``revision`` is the report's number, None for text alone."""

    sent_at: datetime
    means: Channel
    recipient: str = ""
    revision: int | None = None
    text: str = ""


@verb("reply.send")
def send_reply(work: Work, *, number: str, version: int, kind: ReportKind, reply: Reply) -> Done:
    """Record a reply as sent and meet its milestone.

    Raises Invalid for an instant before the receipt or in the future, a revision that was not issued or
    that the customer has rejected, and for a reply that says nothing.
    """
    opened = open_complaint(work, number, _ACTION[kind], version=version)
    row = opened.row
    if reply.sent_at < row.received_at:
        raise Invalid({"sent_at": BEFORE_RECEIPT.say()})
    if reply.sent_at > work.now:
        raise Invalid({"sent_at": IN_FUTURE.say()})
    insist_on_recipient(reply.recipient)
    revision = _revision(work, row, kind, reply.revision)
    if revision is None and not reply.text.strip():
        raise Invalid({"text": NOTHING_SENT.say()})
    work.session.add(
        SendingRow(
            complaint_id=row.id,
            milestone=MILESTONE_OF[kind],
            revision_id=revision.id if revision else None,
            sent_at=reply.sent_at,
            means=reply.means.value,
            recipient=reply.recipient.strip(),
            text=reply.text.strip(),
            by=work.actor.id,
            at=work.now,
        )
    )
    _mark_sent(row, kind, reply.sent_at)
    if kind is ReportKind.FINAL:
        _end_running_stop(work, row, reply.sent_at)
    conclude(
        work,
        opened,
        new={
            "sent_at": reply.sent_at.isoformat(),
            "means": reply.means.value,
            "recipient": reply.recipient.strip(),
            "revision": reply.revision,
            "content_hash": revision.content_hash if revision else None,
        },
    )
    recompute(work.session, row, work.now)
    return Done(number=number, version=row.version)


def insist_on_recipient(recipient: str) -> None:
    """Raise Invalid for a recipient longer than any list shows."""
    if len(recipient.strip()) > _LONGEST_RECIPIENT:
        raise Invalid({"recipient": TOO_LONG.say(limit=_LONGEST_RECIPIENT)})


def _revision(work: Work, row: ComplaintRow, kind: ReportKind, number: int | None) -> RevisionRow | None:
    if number is None:
        return None
    found = work.session.execute(
        sa.select(RevisionRow).where(
            RevisionRow.complaint_id == row.id, RevisionRow.number == number, RevisionRow.kind == kind
        )
    ).scalar_one_or_none()
    if found is None:
        raise Invalid({"revision": NO_SUCH_REVISION.say(revision=number)})
    if row.rejected_at is not None and found.issued_at <= row.rejected_at:
        raise Invalid({"revision": REJECTED_SINCE.say(revision=number)})
    return found


def _end_running_stop(work: Work, row: ComplaintRow, at: datetime) -> None:
    """Let the clock run again: once the final report is sent there is nothing left to wait for."""
    stop = work.session.execute(
        sa.select(ClockStopRow).where(ClockStopRow.complaint_id == row.id, ClockStopRow.to_at.is_(None))
    ).scalar_one_or_none()
    if stop is not None:
        stop.to_at, stop.resumed_by = max(at, stop.from_at), work.actor.id


def _mark_sent(row: ComplaintRow, kind: ReportKind, sent_at: datetime) -> None:
    """Keep when a reply of this kind was last sent; lateness is judged on the first sending."""
    if kind is ReportKind.INITIAL:
        row.initial_reply_sent_at = sent_at
    elif kind is ReportKind.PRELIMINARY:
        row.preliminary_sent_at = sent_at
    else:
        row.final_sent_at = sent_at
