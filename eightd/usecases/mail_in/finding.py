"""Find what a mail belongs to: by the mails it answers, else by our number together with a known sender.

A number alone proves nothing: anybody can write one, and it must not put a mail into a stranger's complaint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.words import Message, Phrase
from eightd.notifications.mail_in.received import ReceivedMail
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import IncomingMailRow, ReplyRow
from eightd.persistence.tables.messaging import DeliveryMessageRow, DeliveryRow, MessageRow, OutsideMailRow

UNKNOWN_SENDER = Phrase(
    "mail_in.unknown_sender",
    "It names {number}, but the sender is not known as this customer's",
    "主题提到 {number}，但发件人不是该客户的已知地址",
)
FOREIGN_ANSWER = Phrase(
    "mail_in.foreign_answer",
    "It answers a mail of ours, from an address that is not known as the customer's",
    "回复我方邮件，但来自未登记为该客户的地址",
)
SEVERAL = Phrase(
    "mail_in.several",
    "It answers a mail of ours about several complaints",
    "回复的我方邮件涉及多个客诉",
)
BY_DOMAIN = Phrase(
    "mail_in.by_domain",
    "The customer was guessed by what stands behind the @",
    "客户由邮箱域名推测",
)

NUMBER = re.compile(r"(?<![\w-])([A-Z][A-Z0-9]{0,9}-\d{4}-\d{5,7})(?![\d-])", re.IGNORECASE)
_MOST_NUMBERS = 5
_EVERYBODYS = frozenset(
    """qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net vip.163.com 188.com sina.com sina.cn sohu.com tom.com
    21cn.com aliyun.com 139.com 189.cn wo.cn gmail.com googlemail.com outlook.com hotmail.com live.com live.cn msn.com
    yahoo.com yahoo.com.cn yahoo.cn icloud.com me.com gmx.de gmx.net web.de t-online.de seznam.cz mail.ru yandex.ru
    proton.me protonmail.com""".split()  # noqa: SIM905 - one list, easier to extend
)
"""Where anybody may have an address: what stands behind the @ tells nothing there."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a mail belongs to; nothing where it could not be told. ``is_known`` tells whether the sender is known."""

    complaint: ComplaintRow | None = None
    reply: ReplyRow | None = None
    delivery: DeliveryRow | None = None
    customer: CustomerRow | None = None
    is_known: bool = False
    hints: tuple[Message, ...] = ()


def find(session: Session, mailbox_id: int, mail: ReceivedMail) -> Found:
    """Return what the mail belongs to."""
    uids = [mail.bounce.uid] if mail.bounce else list(mail.answers)
    answered = _answered(session, [uid for uid in uids if uid])
    if answered is not None:
        return _with_sender(session, answered, mail.from_address)
    if mail.bounce is None:
        follows = _follows(session, mailbox_id, mail)
        if follows is not None:
            return follows
        named, hints = _named(session, mail)
        if named is not None:
            return Found(named, customer=_customer_of(session, named), is_known=True)
        customer, exactly = guess_customer(session, mail.from_address)
        if customer is not None and not exactly:
            hints = (*hints, BY_DOMAIN.say())
        return Found(customer=customer, is_known=exactly, hints=hints)
    return Found()


def is_ours(session: Session, uid: str) -> bool:
    """Return whether this program sent the mail of this Message-ID, under whatever name of its host."""
    if not uid:
        return False
    sent = sa.union_all(
        sa.select(ReplyRow.id).where(ReplyRow.message_uid == uid.lower()),
        sa.select(DeliveryRow.id).where(DeliveryRow.message_uid == uid.lower()),
    )
    return session.execute(sent.limit(1)).first() is not None


def guess_customer(session: Session, address: str) -> tuple[CustomerRow | None, bool]:
    """Return the active customer that an address belongs to, and whether exactly this address is known.

    Otherwise the one customer with addresses behind the same @, None where there are several or everybody may
    have an address there.
    """
    domain = address.partition("@")[2]
    if not domain:
        return None, False
    alike = session.execute(
        sa.select(CustomerRow)
        .where(CustomerRow.active, CustomerRow.emails.icontains(f"@{domain}", autoescape=True))
        .order_by(CustomerRow.id)
    ).scalars()
    near = [row for row in alike if any(one.endswith(f"@{domain}") for one in addresses_of(row))]
    exact = [row for row in near if address in addresses_of(row)]
    if len(exact) == 1:
        return exact[0], True
    if len(near) == 1 and domain not in _EVERYBODYS:
        return near[0], False
    return None, False


def addresses_of(customer: CustomerRow) -> tuple[str, ...]:
    """Return the customer's addresses in lower case."""
    return tuple(one.lower() for one in re.split(r"[,;\s]+", customer.emails) if "@" in one)


def _answered(session: Session, uids: Sequence[str]) -> Found | None:
    """Return the reply or delivery with one of these Message-IDs, that of the nearest."""
    wanted = [uid.lower() for uid in uids][:50]
    if not wanted:
        return None
    replies = {
        row.message_uid.lower(): row
        for row in session.execute(sa.select(ReplyRow).where(ReplyRow.message_uid.in_(wanted))).scalars()
    }
    deliveries = {
        row.message_uid.lower(): row
        for row in session.execute(
            sa.select(DeliveryRow).where(DeliveryRow.message_uid.in_(wanted))
        ).scalars()
    }
    for uid in wanted:
        reply, delivery = replies.get(uid), deliveries.get(uid)
        if reply is None and delivery is not None and delivery.reply_id is not None:
            reply = session.get(ReplyRow, delivery.reply_id)
        if reply is not None:
            return Found(session.get(ComplaintRow, reply.complaint_id), reply, delivery)
        if delivery is not None:
            return _delivered(session, delivery)
    return None


def _delivered(session: Session, delivery: DeliveryRow) -> Found:
    if delivery.outside_mail_id is not None:
        mail = session.get_one(OutsideMailRow, delivery.outside_mail_id)
        return Found(session.get(ComplaintRow, mail.complaint_id), None, delivery)
    about = session.execute(
        sa.select(MessageRow.complaint_id)
        .join(DeliveryMessageRow, DeliveryMessageRow.message_id == MessageRow.id)
        .where(DeliveryMessageRow.delivery_id == delivery.id, MessageRow.complaint_id.is_not(None))
        .distinct()
        .limit(2)
    ).scalars()
    ids = list(about)
    if len(ids) == 1:
        return Found(session.get(ComplaintRow, ids[0]), None, delivery)
    return Found(delivery=delivery, hints=(SEVERAL.say(),) if ids else ())


def _with_sender(session: Session, found: Found, address: str) -> Found:
    """Add whether the sender is known; who has a Message-ID of ours was told it by somebody who had the mail."""
    if found.complaint is None:
        return found
    customer = _customer_of(session, found.complaint)
    is_known = _is_known(session, found.complaint, customer, address)
    told = is_known or found.reply is None
    hints = found.hints if told else (*found.hints, FOREIGN_ANSWER.say())
    return Found(found.complaint, found.reply, found.delivery, customer, is_known, hints)


def _follows(session: Session, mailbox_id: int, mail: ReceivedMail) -> Found | None:
    """Return the complaint of an earlier mail that this one answers, where its sender is known there."""
    if not mail.answers:
        return None
    earlier = session.execute(
        sa.select(IncomingMailRow.complaint_id)
        .where(
            IncomingMailRow.mailbox_id == mailbox_id,
            IncomingMailRow.message_uid.in_(mail.answers),
            IncomingMailRow.complaint_id.is_not(None),
        )
        .order_by(IncomingMailRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    row = None if earlier is None else session.get(ComplaintRow, earlier)
    if row is None:
        return None
    customer = _customer_of(session, row)
    return (
        Found(row, customer=customer, is_known=True)
        if _is_known(session, row, customer, mail.from_address)
        else None
    )


def _named(session: Session, mail: ReceivedMail) -> tuple[ComplaintRow | None, tuple[Message, ...]]:
    """Return the complaint that the subject names, if its customer has this address; else a hint."""
    numbers = list(dict.fromkeys(one.upper() for one in NUMBER.findall(mail.subject)))[:_MOST_NUMBERS]
    if not numbers:
        return None, ()
    rows = session.execute(
        sa.select(ComplaintRow).where(ComplaintRow.number.in_(numbers)).order_by(ComplaintRow.id.desc())
    ).scalars()
    for row in rows:
        if _is_known(session, row, _customer_of(session, row), mail.from_address):
            return row, ()
    return None, (
        UNKNOWN_SENDER.say(number=", ".join(numbers)),
    )  # also for numbers that are none: nobody learns which


def _is_known(session: Session, row: ComplaintRow, customer: CustomerRow, address: str) -> bool:
    """Return whether the address is the customer's, or one that a reply in this complaint went to."""
    if not address:
        return False
    if address in addresses_of(customer):
        return True
    sent = session.execute(
        sa.select(ReplyRow.recipients, ReplyRow.copies).where(
            ReplyRow.complaint_id == row.id, ReplyRow.message_uid != ""
        )
    )
    return any(address in {one.lower() for one in (*reply.recipients, *reply.copies)} for reply in sent)


def _customer_of(session: Session, row: ComplaintRow) -> CustomerRow:
    return session.get_one(CustomerRow, row.customer_id)
