"""Take one mail in: kept once, and filed, put before sales, or laid aside, in one transaction.

No mail is ever answered by the program, whatever it says: a loop cannot begin here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.correspondence import MailKind, MailState
from eightd.domain.events import EventTag
from eightd.domain.messages import DeliveryState, MessageKind
from eightd.domain.words import Message, Phrase
from eightd.notifications.facts import Facts
from eightd.notifications.mail_in.received import Bounce, ReceivedMail
from eightd.notifications.recipients import holders_of, standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import IncomingMailRow, MailboxRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.evidence import CheckedUpload, filed_document
from eightd.usecases.mail_in.enclosures import Kept, both, file_enclosures
from eightd.usecases.mail_in.finding import Found, find, is_ours
from eightd.usecases.outbox.settle import given_up
from eightd.usecases.replies.settle import reply_bounced
from eightd.usecases.telling import complaint_facts, sales_of

GENERATED = Phrase(
    "mail_in.generated",
    "A program sent it, such as the customer's portal",
    "由程序发出（如客户门户）",
)
BOUNCED = Phrase("mail_in.bounced", "Not delivered: {recipient} {reason}", "未送达: {recipient} {reason}")
DELAYED = Phrase(
    "mail_in.delayed", "Not delivered yet: {recipient} {reason}", "暂未送达: {recipient} {reason}"
)
UNKNOWN_BOUNCE = Phrase(
    "mail_in.unknown_bounce", "It does not tell which mail of ours came back", "未说明退回的是哪封邮件"
)
LOOP = Phrase("mail_in.loop", "A mail of this program came back", "本程序发出的邮件被送回")

_MOST_TOLD = 20
_HOUR = timedelta(hours=1)
_RECORDED_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail on its way in: understood, its bytes and files in the store already."""

    mail: ReceivedMail
    sha256: str
    received_at: datetime
    enclosures: tuple[Kept, ...] = ()


def take_in(work: Work, mailbox: MailboxRow, arrived: Arrived) -> IncomingMailRow | None:
    """Keep the mail and do what follows from it; None where it is here already."""
    mail = arrived.mail
    if mail.kind is not MailKind.REFUSED and is_ours(work.session, mail.uid):
        mail = replace(mail, kind=MailKind.OWN, bounce=None)
    if _is_here(work, mailbox, arrived):
        return None
    found = Found() if mail.kind in {MailKind.OWN, MailKind.REFUSED} else find(work.session, mailbox.id, mail)
    kind = _kind(mail, found)
    row = IncomingMailRow(
        mailbox_id=mailbox.id,
        plant_id=mailbox.plant_id,
        kind=kind,
        state=MailState.OPEN if kind in {MailKind.NEW, MailKind.REFUSED} else MailState.IGNORED,
        message_uid=mail.uid[:400],
        sha256=arrived.sha256,
        from_address=mail.from_address[:320],
        from_name=mail.from_name[:200],
        subject=mail.subject[:400],
        text=mail.text,
        quoted=mail.quoted,
        hints=[both(hint) for hint in _hints(mail, kind, found)],
        attachments=[one.document for one in arrived.enclosures],
        sent_at=mail.sent_at,
        received_at=arrived.received_at,
        read_at=work.now,
    )
    if found.customer is not None:
        row.customer_id = found.customer.id
    if found.complaint is not None:
        _belong(row, found.complaint)
    work.session.add(row)
    work.session.flush()
    if kind is MailKind.BOUNCE and mail.bounce is not None:
        _bounced(work, row, mail.bounce, found)
    elif kind is MailKind.ANSWER and found.complaint is not None:
        uploads = {at: one.upload for at, one in enumerate(arrived.enclosures) if one.upload is not None}
        file_under(work, row, found.complaint, uploads, EventTag.MAIL_RECEIVED)
        _tell_of_answer(work, row, found.complaint)
    elif kind is MailKind.NEW:
        _tell_of_new(work, row)
    return row


def file_under(
    work: Work, mail: IncomingMailRow, row: ComplaintRow, uploads: dict[int, CheckedUpload], tag: EventTag
) -> list[EvidenceRow]:
    """File the mail under the complaint: its files as evidence, its words in the record."""
    work.session.execute(
        sa.select(ComplaintRow.id).where(ComplaintRow.id == row.id).with_for_update()
    )  # before the record's head, as every verb does
    filed = file_enclosures(work, row, mail, uploads)
    mail.state = MailState.FILED
    _belong(mail, row)
    record_mail(work, tag, mail, row.id, filed)
    return filed


def record_mail(
    work: Work,
    tag: EventTag,
    mail: IncomingMailRow,
    complaint_id: int | None,
    filed: Sequence[EvidenceRow] = (),
    reason: str = "",
) -> None:
    """Write down what became of a mail, with its hash; on a complaint also what it says."""
    work.record(
        tag,
        complaint_id=complaint_id,
        subject=mail.subject[:120],
        new={
            "mail": mail.id,
            "sender": mail.from_address,
            "sha256": mail.sha256,
            **({"files": filed_document(filed)} if filed else {}),
        },
        reason=reason or (mail.text[:_RECORDED_TEXT] if complaint_id is not None else ""),
    )


def _belong(mail: IncomingMailRow, row: ComplaintRow) -> None:
    mail.complaint_id, mail.customer_id, mail.plant_id = row.id, row.customer_id, row.plant_id


def _is_here(work: Work, mailbox: MailboxRow, arrived: Arrived) -> bool:
    """Return whether this mail was taken in before: the same bytes, or the same mail delivered twice.

    A Message-ID alone would let anybody who knows one keep the real mail out.
    """
    session, mail = work.session, arrived.mail
    same = sa.select(IncomingMailRow.id).where(IncomingMailRow.sha256 == arrived.sha256)
    if session.execute(same).first() is not None:
        return True
    if not mail.uid:
        return False
    twins = session.execute(
        sa.select(IncomingMailRow.from_address, IncomingMailRow.subject, IncomingMailRow.text).where(
            IncomingMailRow.mailbox_id == mailbox.id, IncomingMailRow.message_uid == mail.uid[:400]
        )
    )
    own = (mail.from_address[:320], mail.subject[:400], mail.text)
    return any(tuple(twin) == own for twin in twins)


def _kind(mail: ReceivedMail, found: Found) -> MailKind:
    """Return what the mail is now that it is known what it belongs to.

    What a program of a customer's sent on its own is read by a person; what answers by itself is laid aside.
    """
    kind = mail.kind
    if kind is MailKind.AUTO_REPLY and not mail.is_reply and found.is_known:
        kind = MailKind.NEW
    if kind in {MailKind.NEW, MailKind.ANSWER}:
        return MailKind.NEW if found.complaint is None else MailKind.ANSWER
    return kind


def _hints(mail: ReceivedMail, kind: MailKind, found: Found) -> tuple[Message, ...]:
    hints = list(found.hints)
    if mail.fault is not None:
        hints.append(mail.fault)
    if mail.kind is MailKind.AUTO_REPLY and kind is not MailKind.AUTO_REPLY:
        hints.append(GENERATED.say())
    if mail.kind is MailKind.OWN:
        hints.append(LOOP.say())
    if mail.bounce is not None:
        phrase = BOUNCED if mail.bounce.is_final else DELAYED
        hints.append(phrase.say(recipient=mail.bounce.recipient, reason=mail.bounce.reason))
        if found.reply is None and found.delivery is None:
            hints.append(UNKNOWN_BOUNCE.say())
    return tuple(hints)


def _bounced(work: Work, row: IncomingMailRow, bounce: Bounce, found: Found) -> None:
    if not bounce.is_final:
        return
    reason = ": ".join(one for one in (bounce.recipient, bounce.reason) if one)[:400]
    if found.reply is not None:
        row.state = MailState.FILED
        reply_bounced(work, found.reply, reason)
    elif found.delivery is not None and found.delivery.state is DeliveryState.SENT:
        found.delivery.state, found.delivery.last_error = DeliveryState.DEAD, reason
        given_up(work, found.delivery, reason)


def _tell_of_answer(work: Work, mail: IncomingMailRow, row: ComplaintRow) -> None:
    people = {one for one in (row.cqe_id, *sales_of(work.session, row)) if one is not None}
    _tell(work, mail, people, complaint_facts(work.session, row), row.id)


def _tell_of_new(work: Work, mail: IncomingMailRow) -> None:
    zone = work.session.get_one(PlantRow, mail.plant_id).zone
    people = holders_of(work.session, Role.SALES, mail.plant_id, mail.customer_id or 0)
    _tell(work, mail, people, Facts(path=f"/mail/{mail.id}", zone=zone), None)


def _tell(
    work: Work, mail: IncomingMailRow, people: set[int], facts: Facts, complaint_id: int | None
) -> None:
    """Tell people of the mail, unless this sender has sent so many within the hour that a machine must be at it."""
    recent = work.session.execute(
        sa.select(IncomingMailRow.from_address)
        .where(IncomingMailRow.mailbox_id == mail.mailbox_id, IncomingMailRow.read_at > work.now - _HOUR)
        .order_by(IncomingMailRow.id.desc())
        .limit(5 * _MOST_TOLD)
    ).scalars()
    if sum(address == mail.from_address for address in recent) > _MOST_TOLD:
        return
    said = replace(
        facts,
        by=mail.from_name or mail.from_address,
        reason=mail.subject,
        at=mail.received_at,
    )
    today = work.now.astimezone(ZoneInfo(facts.zone)).date()
    stands = standing_in(work.session, people, today)
    postbox(work).tell(
        MessageKind.MAIL_RECEIVED, stands, said, plant_id=mail.plant_id, complaint_id=complaint_id
    )
