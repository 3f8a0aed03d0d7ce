"""Writes a mail as the bytes that leave the program: the same mail always gives the same bytes.

The top headers are written here and not by the library, which reads encoded words in the values it is given and
could be talked into another header that way. What was written is parsed again and compared before it is used.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import SMTP, compat32
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,186}[A-Za-z0-9])?"
)
_UID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,100}@[A-Za-z0-9.:\[\]-]{1,190}")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,900}")  # what others sent us: printable ASCII without angle brackets
_MEDIA_TYPE = re.compile(r"([A-Za-z0-9][\w.+-]*)/([A-Za-z0-9][\w.+-]*)", re.ASCII)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ]{1,60}")
_PLAIN_FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,58}")
_ESCAPED = re.compile(r"%..|.")
_PLAIN_SUBJECT = re.compile(r"[!-~](?:[ -~]{0,58}[!-~])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TEXT_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WORD_BYTES = 39  # of text in one encoded word: 52 characters in base64, 64 with what stands around it

_NOT_IN_NAMES = str.maketrans(dict.fromkeys('"*/:<>?\\|', "_"))
_PIECE = 50  # characters of a file's name on one line

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; the name may be in any language, what no file may be called becomes ``_``."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to be sent. ``uid`` is the Message-ID without its angle brackets and stays the same for every try.

    ``automatic`` marks what no person wrote, so that nobody's absence notice answers it. ``in_reply_to`` is a
    Message-ID without angle brackets.
    """

    uid: str
    at: datetime
    from_name: str
    from_address: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    copies: tuple[str, ...] = ()
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = True
    in_reply_to: str = ""


def is_address(text: str) -> bool:
    """Return whether a mail server anywhere would take it: plain ASCII, nothing that could be read as more."""
    return _ADDRESS.fullmatch(text) is not None and "=?" not in text and ".." not in text


def as_bytes(mail: Mail) -> bytes:
    """Return the finished mail in ASCII, lines ended by CR LF; made twice it is the same to the byte.

    Raises:
        ValueError: an address no server takes, a control character where a line could break, an instant without
            its zone, nobody to send to, or a mail that reads differently from what was meant.
    """
    headers = _headers(mail)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    finished = head.encode("ascii") + _content(mail).as_bytes(policy=SMTP)
    _prove(mail, headers, finished)
    return finished


# ---------------------------------------------------------------- headers


def _headers(mail: Mail) -> list[Header]:
    """Return the top headers in their order, each value folded and in ASCII."""
    if mail.at.utcoffset() is None:
        raise ValueError("a mail's date needs its zone")
    if not mail.to:
        raise ValueError("a mail goes to somebody")
    for address in (mail.from_address, *mail.to, *mail.copies, *filter(None, [mail.reply_to])):
        if not is_address(address):
            raise ValueError(f"not an address: {address!a}")
    if _UID.fullmatch(mail.uid) is None:
        raise ValueError(f"not a Message-ID: {mail.uid!a}")
    if mail.in_reply_to and _MESSAGE_ID.fullmatch(mail.in_reply_to) is None:
        raise ValueError(f"not a Message-ID: {mail.in_reply_to[:100]!a}")
    headers = [
        ("Date", format_datetime(mail.at)),
        ("From", _mailbox(mail.from_name.strip(), mail.from_address)),
        ("To", ",\r\n ".join(mail.to)),
    ]
    if mail.copies:
        headers.append(("Cc", ",\r\n ".join(mail.copies)))
    if mail.reply_to:
        headers.append(("Reply-To", mail.reply_to))
    headers += [
        ("Subject", _words(mail.subject, _PLAIN_SUBJECT, "a subject")),
        ("Message-ID", f"<{mail.uid}>"),
    ]
    if mail.in_reply_to:
        headers += [("In-Reply-To", f"<{mail.in_reply_to}>"), ("References", f"<{mail.in_reply_to}>")]
    if mail.automatic:
        headers += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
    return headers


def _mailbox(name: str, address: str) -> str:
    return f"{_words(name, _PLAIN_NAME, 'a name')}\r\n <{address}>" if name else address


def _words(text: str, plain: re.Pattern[str], what: str) -> str:
    """Return the text as it is where that is short and harmless, else as encoded words, one a line."""
    if _CONTROL.search(text):
        raise ValueError(f"{what} is one line of text without control characters: {text[:100]!a}")
    if not text or (plain.fullmatch(text) and "=?" not in text):
        return text
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part.encode()).decode()}?=" for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """Cut the text between characters, so that each part is decoded on its own."""
    part, size = "", 0
    for letter in text:
        length = len(letter.encode())
        if size + length > _WORD_BYTES:
            yield part
            part, size = "", 0
        part += letter
        size += length
    yield part


# ---------------------------------------------------------------- content


def _content(mail: Mail) -> EmailMessage:
    """Return text, HTML and attachments; the boundaries between them follow from the Message-ID."""
    content = EmailMessage(policy=SMTP)
    _set_text(content, mail.text, "plain")
    if mail.html:
        page = EmailMessage(policy=SMTP)
        _set_text(page, mail.html, "html")
        del page["MIME-Version"]
        content.make_alternative(boundary=_boundary(mail, "alternative"))
        content.attach(page)
    if mail.attachments:
        content.make_mixed(boundary=_boundary(mail, "mixed"))
        for attachment in mail.attachments:
            _attach(content, attachment)
    return content


def _set_text(part: EmailMessage, text: str, subtype: str) -> None:
    """Write text so that it passes every server: 7 bits and short lines, whichever way is the shorter."""
    clean = _TEXT_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    foreign = sum(letter > "~" for letter in clean)
    part.set_content(clean, subtype=subtype, cte="base64" if foreign * 6 > len(clean) else "quoted-printable")


def _attach(content: EmailMessage, attachment: Attachment) -> None:
    if _CONTROL.search(attachment.filename) or not attachment.filename.strip():
        raise ValueError(f"not a file's name: {attachment.filename[:100]!a}")
    found = _MEDIA_TYPE.fullmatch(attachment.media_type)
    if found is None:
        raise ValueError(f"not a media type: {attachment.media_type[:100]!a}")
    kind, subtype = found[1], found[2]
    if kind.lower() in {"message", "multipart"}:  # may not be encoded, and mail servers look into it
        kind, subtype = "application", "octet-stream"
    part = EmailMessage(policy=SMTP)
    part.set_content(attachment.content, maintype=kind, subtype=subtype, cte="base64")
    del part["MIME-Version"], part["Content-Disposition"]
    part.set_raw("Content-Disposition", _disposition(_kept_name(attachment)))
    content.attach(part)


def _kept_name(attachment: Attachment) -> str:
    """Return the name under which the file can be kept on any machine."""
    return attachment.filename.strip().translate(_NOT_IN_NAMES)


def _disposition(filename: str) -> str:
    """Write the name as RFC 2231 wants it, by hand for the same reason as the top headers; short lines stay."""
    if _PLAIN_FILENAME.fullmatch(filename):
        return f'attachment;\r\n filename="{filename}"'
    pieces = [""]
    for letter in _ESCAPED.findall(quote(filename, safe="")):
        if len(pieces[-1]) + len(letter) > _PIECE:
            pieces.append("")
        pieces[-1] += letter
    pieces[0] = f"utf-8''{pieces[0]}"
    numbers = [f"*{number}" for number in range(len(pieces))] if len(pieces) > 1 else [""]
    return "attachment" + "".join(
        f";\r\n filename{number}*={piece}" for number, piece in zip(numbers, pieces, strict=True)
    )


def _boundary(mail: Mail, level: str) -> str:
    """Return a line that neither quoted-printable nor base64 can contain."""
    return f"=_{level}_{hashlib.sha256(mail.uid.encode()).hexdigest()[:32]}"


# ---------------------------------------------------------------- proof


def _prove(mail: Mail, headers: list[Header], finished: bytes) -> None:
    """Read the mail as a stranger would, and compare it with what was meant."""
    read = message_from_bytes(finished, policy=compat32)
    names = [name for name, _ in headers]
    if list(read.keys())[: len(names)] != names or not _OF_CONTENT.issuperset(read.keys()[len(names) :]):
        raise ValueError("the mail has other headers than were meant")
    if _decoded(read["Subject"]) != mail.subject:
        raise ValueError("the mail has another subject than was meant")
    name, address = parseaddr(_unfolded(read["From"]))
    if address != mail.from_address or _decoded(name) != mail.from_name.strip():
        raise ValueError("the mail comes from somebody else than was meant")
    for header, meant in (("To", mail.to), ("Cc", mail.copies)):
        if tuple(filter(None, re.split(r",\s*", read.get(header, "")))) != meant:
            raise ValueError("the mail goes to others than was meant")
    if [part.get_filename() for part in _files(read)] != [_kept_name(one) for one in mail.attachments]:
        raise ValueError("the mail has other attachments than were meant")


_OF_CONTENT = frozenset({"MIME-Version", "Content-Type", "Content-Transfer-Encoding"})


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def _decoded(value: str) -> str:
    return str(make_header(decode_header(_unfolded(value)))) if "=?" in value else _unfolded(value)


def _files(read: Message) -> Iterator[Message]:
    return (part for part in read.walk() if part.get_content_disposition() == "attachment")
