"""Record a reply to the customer as sent elsewhere, with when and how it is known (procedure 4 and 6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from eightd.domain.complaint import Channel
from eightd.domain.correspondence import ReplyKind
from eightd.domain.words import Phrase
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import IN_FUTURE, TOO_LONG
from eightd.usecases.sending import ACTION, Proof, Sent, keep, proven
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

WITHDRAWN = Phrase(
    "reply.withdrawn",
    "Revision {revision} was withdrawn; choose another one",
    "第 {revision} 版已撤回，请选择其他版本",
)

_LONGEST_RECIPIENT = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What was sent, when, how and to whom; ``revision`` is the report's number, None for text alone.

    ``proof`` says how it is known.
    """

    sent_at: datetime
    means: Channel
    recipient: str = ""
    revision: int | None = None
    text: str = ""
    proof: Proof = field(default_factory=Proof)


@verb("reply.send")
def send_reply(work: Work, *, number: str, version: int, kind: ReportKind, reply: Reply) -> Done:
    """Record a reply as sent and meet its milestone.

    Raises Invalid for an instant before the receipt or in the future, a revision that was not issued or
    that the customer has rejected, for a reply that says nothing, and for one that nothing proves.
    """
    opened = open_complaint(work, number, ACTION[ReplyKind(kind)], version=version)
    row = opened.row
    insist_on_instant(work, row, reply.sent_at)
    insist_on_recipient(reply.recipient)
    revision = issued_revision(work, row, kind, reply.revision)
    if revision is None and not reply.text.strip():
        raise Invalid({"text": NOTHING_SENT.say()})
    sent = Sent(
        sent_at=reply.sent_at,
        means=reply.means,
        recipient=reply.recipient.strip(),
        text=reply.text.strip(),
        by=work.actor.id,
        revision=revision,
        evidence=proven(work, row, reply.proof),
        proof=reply.proof.words.strip(),
    )
    keep(work, row, ReplyKind(kind), sent)
    conclude(work, opened, new=sent.told())
    recompute(work.session, row, work.now)
    return Done(number=number, version=row.version)


def insist_on_instant(work: Work, row: ComplaintRow, sent_at: datetime) -> None:
    """Raise Invalid for an instant before the receipt or in the future."""
    if sent_at < row.received_at:
        raise Invalid({"sent_at": BEFORE_RECEIPT.say()})
    if sent_at > work.now:
        raise Invalid({"sent_at": IN_FUTURE.say()})


def insist_on_recipient(recipient: str) -> None:
    """Raise Invalid for a recipient longer than any list shows."""
    if len(recipient.strip()) > _LONGEST_RECIPIENT:
        raise Invalid({"recipient": TOO_LONG.say(limit=_LONGEST_RECIPIENT)})


def issued_revision(
    work: Work, row: ComplaintRow, kind: ReportKind, number: int | None
) -> RevisionRow | None:
    """Return the revision of that kind and number, None for none asked for.

    Raises Invalid for one that was not issued, was withdrawn or that the customer has rejected.
    """
    if number is None:
        return None
    found = work.session.execute(
        sa.select(RevisionRow).where(
            RevisionRow.complaint_id == row.id, RevisionRow.number == number, RevisionRow.kind == kind
        )
    ).scalar_one_or_none()
    if found is None:
        raise Invalid({"revision": NO_SUCH_REVISION.say(revision=number)})
    if found.withdrawn_at is not None:
        raise Invalid({"revision": WITHDRAWN.say(revision=number)})
    if row.rejected_at is not None and found.issued_at <= row.rejected_at:
        raise Invalid({"revision": REJECTED_SINCE.say(revision=number)})
    return found
