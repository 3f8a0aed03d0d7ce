"""Reads one mail: any bytes in, a frozen value out, and never an exception (procedure 2: channel e-mail)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

from eightd.domain.correspondence import MailKind
from eightd.domain.words import Message as Words
from eightd.domain.words import Phrase
from eightd.notifications.mail_in import charsets, parts, plain, signs
from eightd.notifications.mail_in.received import Limits, ReceivedMail

TOO_LARGE = Phrase("mail_in.too_large", "It is larger than {limit} MB", "邮件超过 {limit} MB")
TOO_LONG_HEADER = Phrase("mail_in.too_long_header", "Its header is too long", "邮件头过长")
UNREADABLE = Phrase("mail_in.unreadable", "It cannot be read as a mail", "无法作为邮件读取")
TWICE = Phrase("mail_in.twice", "The header {name} is there more than once", "邮件头 {name} 出现多次")
SEVERAL_SENDERS = Phrase("mail_in.several_senders", "It claims several senders", "邮件声称有多个发件人")
NO_SENDER = Phrase("mail_in.no_sender", "It names no sender", "邮件没有发件人")
TRICKED = Phrase(
    "mail_in.tricked",
    "Line ends or control characters are hidden in the header {name}",
    "邮件头 {name} 中藏有换行或控制字符",
)

_ONCE = ("From", "Message-ID", "Subject", "In-Reply-To", "References", "Content-Type")
_PLAIN = ("From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "Reply-To", "Sender")
_ADDRESS = re.compile(r"[^\s<>\"(),:;@\\\[\]]{1,64}@[\w](?:[\w.-]{0,250}\w)?")
_BRACKETED = re.compile(r"<\s*([^<>\s]{3,320})\s*>")
_FORWARD = re.compile(r"\s*(?:fw|fwd|转发|轉寄|轉發|wg|tr)\s*[:：]", re.IGNORECASE)
_NESTING = re.compile(rb"boundary\s*[*=]|message/", re.IGNORECASE)
_MOST_NESTING = 300  # words that begin a part within a part; the library goes down once for each
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, OverflowError)


def parse(raw: bytes, *, host: str, limits: Limits | None = None) -> ReceivedMail:
    """Return what the mail is and says; ``host`` is what stands behind the @ of this program's Message-IDs.

    A mail that contradicts itself, plays tricks or is beyond the limits is REFUSED with its fault: what could
    be read without its parts is there to be shown, and nothing should follow from it by itself.
    """
    limits = limits or Limits()
    head = _head(raw)
    if len(head) > limits.header:
        return _refused(head[: limits.header], TOO_LONG_HEADER.say())
    if len(raw) > limits.size:
        return _refused(head, TOO_LARGE.say(limit=limits.size // 2**20))
    if sum(1 for _ in _NESTING.finditer(raw)) > _MOST_NESTING:
        return _refused(head, parts.TOO_DEEP.say())
    message = _read(raw)
    if message is None:
        return _refused(head, UNREADABLE.say())
    try:
        return _understood(message, host, limits)
    except parts.OverLimitError as over:
        return _refused(head, over.phrase.say())
    except _BROKEN:
        return _refused(head, UNREADABLE.say())


def refused_unread(head: bytes, size_limit: int) -> ReceivedMail:
    """Return what the header alone tells of a mail that was too large to be fetched."""
    return _refused(head[: Limits().header], TOO_LARGE.say(limit=size_limit // 2**20))


def _head(raw: bytes) -> bytes:
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n"), raw.find(b"\r\r")) if at != -1]
    return raw[: min(ends) + 2] if ends else raw


def _read(raw: bytes) -> Message | None:
    try:
        return message_from_bytes(raw, policy=compat32)
    except _BROKEN:
        return None


def _refused(head: bytes, fault: Words) -> ReceivedMail:
    message = _read(head[:65_536])
    if message is None:
        return ReceivedMail(kind=MailKind.REFUSED, fault=fault)
    try:
        mail = _headers(message)
    except _BROKEN:
        return ReceivedMail(kind=MailKind.REFUSED, fault=fault)
    return _with(mail, kind=MailKind.REFUSED, fault=fault)


def _understood(message: Message, host: str, limits: Limits) -> ReceivedMail:
    mail = _headers(message)
    found = parts.content(message, limits)
    text, quoted = (found.text, "") if _FORWARD.match(mail.subject) else plain.parted(found.text)
    mail = _with(
        mail,
        text=charsets.shortened(text, limits.text),
        quoted=charsets.shortened(quoted, limits.text),
        enclosures=tuple(found.enclosures),
    )
    fault = _fault(message)
    if fault is not None:
        return _with(mail, kind=MailKind.REFUSED, fault=fault)
    if signs.is_own(message, mail.uid, host):
        return _with(mail, kind=MailKind.OWN)
    is_reply = signs.automatic(message, mail.subject)
    told = signs.bounce(message, _from_text(message), mail.subject, found.text, host)
    if told is not None:
        return _with(mail, kind=MailKind.BOUNCE, bounce=told)
    if is_reply is not None:
        return _with(mail, kind=MailKind.AUTO_REPLY, is_reply=is_reply)
    if not mail.from_address:
        return _with(mail, kind=MailKind.REFUSED, fault=NO_SENDER.say())
    answers_us = any(signs.own_uid(uid, host) for uid in mail.answers)
    return _with(mail, kind=MailKind.ANSWER if answers_us else MailKind.NEW)


def _headers(message: Message) -> ReceivedMail:
    senders = _addresses(message, "From")
    name, address = senders[0] if senders else ("", "")
    uids = signs.uids(parts.raw_headers(message, "Message-ID")[:1]) or (_bare_uid(message),)
    nearest = signs.uids(parts.raw_headers(message, "In-Reply-To"))
    further = signs.uids(parts.raw_headers(message, "References"))
    return ReceivedMail(
        kind=MailKind.NEW,
        uid=uids[0],
        answers=tuple(dict.fromkeys((*nearest, *reversed(further)))),
        from_name=charsets.shortened(name, 200),
        from_address=address,
        to=tuple(dict.fromkeys(one for field in ("To", "Cc") for _, one in _addresses(message, field)))[:50],
        subject=charsets.shortened(_one(message, "Subject"), 400),
        sent_at=_sent_at(message),
    )


def _fault(message: Message) -> Words | None:
    """Say which of the headers plays a trick, None where all are honest."""
    for name in _ONCE:
        if len(parts.raw_headers(message, name)) > 1:
            return TWICE.say(name=name)
    for name in _PLAIN:
        for raw in parts.raw_headers(message, name):
            if charsets.header(raw)[1]:
                return TRICKED.say(name=name)
    if len({address for _, address in _addresses(message, "From")}) > 1:
        return SEVERAL_SENDERS.say()
    return None


def _one(message: Message, name: str) -> str:
    values = parts.raw_headers(message, name)
    return charsets.header(values[0])[0] if values else ""


def _from_text(message: Message) -> str:
    return " ".join(charsets.header(raw)[0] for raw in parts.raw_headers(message, "From"))


def _bare_uid(message: Message) -> str:
    """Return a Message-ID that was written without its brackets."""
    text = _one(message, "Message-ID")
    return text[:390] if " " not in text else ""


def _addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Return names and addresses of a header; structure is read before encoded words are opened."""
    found: list[tuple[str, str]] = []
    for raw in parts.raw_headers(message, name)[:3]:
        text = charsets.guessed(raw[:20_000])
        try:
            pairs = getaddresses([" ".join(text.split())])
        except _BROKEN:
            pairs = []
        usable = [(known, address.strip().lower()) for known, address in pairs]
        usable = [(known, address) for known, address in usable if _ADDRESS.fullmatch(address)]
        if not usable:
            bracketed = [one.lower() for one in _BRACKETED.findall(text)]
            usable = [("", one) for one in bracketed if _ADDRESS.fullmatch(one)]
        found += [
            (_name(known), charsets.one_line(address)) for known, address in usable if len(address) <= 320
        ]
    return found


def _name(encoded: str) -> str:
    return charsets.header(encoded.encode("utf-8", "surrogateescape"))[0].strip("\"' ")


def _sent_at(message: Message) -> datetime | None:
    """Return when the mail says that it was sent; None for what cannot be."""
    values = parts.raw_headers(message, "Date")
    if not values:
        return None
    try:
        sent_at = parsedate_to_datetime(charsets.header(values[0][:200])[0])
        sent_at = sent_at.replace(tzinfo=UTC) if sent_at.tzinfo is None else sent_at.astimezone(UTC)
    except _BROKEN:
        return None
    return sent_at if 1990 <= sent_at.year < 2100 else None


def _with(mail: ReceivedMail, **changed: object) -> ReceivedMail:
    return replace(mail, **changed)  # type: ignore[arg-type] # the fields' own types
