"""Tells by its signs what a mail is that no person wrote: a bounce, an automatic answer, a mail of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from eightd.notifications.mail_in import charsets, parts
from eightd.notifications.mail_in.received import Bounce

_BOUNCE_FROM = re.compile(r"(mailer-daemon|mail-daemon|mailerdaemon|mail\.delivery)(@|$)", re.IGNORECASE)
_POSTMASTER = re.compile(r"postmaster@", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"退信|无法送达|未送达|未能送达|無法傳遞|无法传递|投递失败|发送失败"
    r"|undeliver|not deliver|delivery (status|fail|has failed|report)|delivery incomplete|mail delivery"
    r"|returned mail|failure notice|returned to sender|unzustellbar",
    re.IGNORECASE,
)
_DELAY = re.compile(r"delayed|delay\b|will (be )?retr|稍后|延迟|正在重试", re.IGNORECASE)
_AUTO_SUBJECT = re.compile(
    r"(?:\s*(?:re|回复|答复|aw)\s*[:：])*\s*[\[【(（]?\s*"
    r"(?:自动回复|自动答复|自动应答|自动转复|自動回覆|自動回復|自動応答|休假自动|外出自动|不在办公室"
    r"|auto(?:matic|mated)?[ -]?(?:reply|response|respond)|out[ -]of[ -](?:the[ -])?office|ooo\b"
    r"|abwesenheit|automatische antwort|réponse automatique|respuesta automática|risposta automatica|autosvar)",
    re.IGNORECASE,
)
_LISTS = ("List-Id", "List-Post", "Mailing-List", "X-Mailing-List")
_AUTO_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply",
    "X-AutoReply",
    "Auto-Reply",
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SMTP_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-,:：)]|$)(?![.\d])")
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,390})>")
_OWN_UID = r"[0-9a-f]{24}@"
_RECIPIENT = re.compile(r"rfc822\s*;\s*<?([^\s<>;]{3,320})", re.IGNORECASE)


def uids(values: list[bytes]) -> tuple[str, ...]:
    """Return the Message-IDs in headers, in order, fifty at most."""
    found: dict[str, None] = {}
    for raw in values:
        text = charsets.one_line(charsets.guessed(raw[:20_000]))
        for uid in _MESSAGE_ID.findall(text):
            found[uid] = None
    return tuple(found)[-50:]


def own_uid(uid: str, host: str) -> bool:
    """Return whether this program made the Message-ID."""
    return re.fullmatch(_OWN_UID + re.escape(host), uid, re.IGNORECASE) is not None


def is_own(message: Message, uid: str, host: str) -> bool:
    """Return whether the mail is one of ours that came back on some way."""
    return own_uid(uid, host) or bool(parts.raw_headers(message, "X-EightD"))


def bounce(message: Message, from_text: str, subject: str, text: str, host: str) -> Bounce | None:
    """Return what a mail server reports about a mail of ours, None where this is no such report."""
    reports = [part for part in _walk(message) if parts.media_type(part) == "message/delivery-status"]
    if not (reports or _is_bounce(message, from_text, subject, text)):
        return None
    fields = [field for part in reports for block in parts.report_blocks(part) for field in block]
    told = dict(reversed(fields))  # the first of a name holds
    found = _STATUS.search(told.get("status", "")) or _STATUS.search(text[:20_000])
    code = None if found else _SMTP_CODE.search(text[:20_000])
    status = found[1] if found else code[1] if code else ""
    recipient = _RECIPIENT.search(told.get("final-recipient", "") or told.get("original-recipient", ""))
    action = told.get("action", "").lower()
    delayed = action == "delayed" or (
        not action and (status[:1] == "4" or _DELAY.search(subject) is not None)
    )
    return Bounce(
        uid=charsets.one_line(_original(message, text, host)),
        status=status,
        recipient=recipient[1].lower() if recipient else "",
        reason=charsets.shortened(_reason(told, text), 300),
        is_final=not delayed and action not in {"delivered", "relayed", "expanded"},
    )


def automatic(message: Message, subject: str) -> bool | None:
    """Return None for what a person wrote, True for an automatic answer, False for what a program sent on its own."""
    submitted = _first(message, "Auto-Submitted").split(";")[0].strip()
    precedence = _first(message, "Precedence").strip()
    receipt = _first(message, "Content-Type").replace(" ", "")
    if (
        submitted.startswith("auto-replied")
        or precedence == "auto_reply"
        or any(_first(message, name) not in {"", "no"} for name in _AUTO_HEADERS)
        or "report-type=disposition-notification" in receipt.replace('"', "")
        or _AUTO_SUBJECT.match(subject)
    ):
        return True
    if (
        submitted not in {"", "no"}
        or precedence in {"bulk", "junk", "list"}
        or any(_first(message, name) for name in _LISTS)
        or _has_null_path(message)
    ):
        return False
    return None


def _is_bounce(message: Message, from_text: str, subject: str, text: str) -> bool:
    if "report-type=delivery-status" in _first(message, "Content-Type").replace(" ", "").replace('"', ""):
        return True
    if parts.raw_headers(message, "X-Failed-Recipients") or parts.raw_headers(
        message, "X-MS-Exchange-Message-Is-Ndr"
    ):
        return True
    if _BOUNCE_FROM.search(from_text):
        return True
    if _AUTO_SUBJECT.match(subject):
        return False
    says_so = _BOUNCE_SUBJECT.search(subject) is not None
    if _POSTMASTER.search(from_text) is not None:
        return says_so
    return _has_null_path(message) and (says_so or _STATUS.search(text[:5_000]) is not None)


def _has_null_path(message: Message) -> bool:
    return any(raw.strip() == b"<>" for raw in parts.raw_headers(message, "Return-Path"))


def _first(message: Message, name: str) -> str:
    values = parts.raw_headers(message, name)
    return charsets.header(values[0][:2_000])[0].lower() if values else ""


def _walk(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts that are the mail's own, not those of a mail inside it."""
    yield message
    if message.get_content_maintype() == "multipart" and depth < 20:
        for child in parts.children(message):
            yield from _walk(child, depth + 1)


def _original(message: Message, text: str, host: str) -> str:
    """Return the Message-ID of the mail that came back: from the copy of it, the references, or the text."""
    for part in _walk(message):
        kind = parts.media_type(part)
        if kind == "message/rfc822":
            found = tuple(
                uid for inner in parts.children(part) for uid in uids(parts.raw_headers(inner, "Message-ID"))
            )
        elif kind in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            found = _uid_in(charsets.guessed(parts.payload_bytes(part)[:100_000]))
        else:
            continue
        if found:
            return found[0]
    named = uids([*parts.raw_headers(message, "In-Reply-To"), *parts.raw_headers(message, "References")])
    mentioned: list[str] = re.findall(_OWN_UID + re.escape(host), text[:100_000])
    own = [uid for uid in (*named, *mentioned) if own_uid(uid, host)]
    if own:
        return own[-1]
    return next(iter((*_uid_in(text[:100_000]), *reversed(named))), "")


def _uid_in(text: str) -> tuple[str, ...]:
    found = re.search(r"^[ \t]*message-id\s*:\s*<([^<>\s]{3,390})>", text, re.IGNORECASE | re.MULTILINE)
    return (found[1],) if found else ()


def _reason(told: dict[str, str], text: str) -> str:
    if diagnostic := told.get("diagnostic-code", ""):
        return diagnostic
    lines = (charsets.one_line(line) for line in text.split("\n"))
    telling = [line for line in lines if line and (_STATUS.search(line) or _SMTP_CODE.search(line))]
    return telling[0] if telling else charsets.one_line(text[:300])
