"""Read a mail that was made here as its recipient will see it."""

from __future__ import annotations

import email
import email.policy
import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that goes with a mail."""

    filename: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """A mail with its headers decoded; ``at`` is its date."""

    sender: str
    to: str
    copies: str
    reply_to: str
    subject: str
    at: datetime
    text: str
    size: int
    files: tuple[AttachedFile, ...]


def open_mail(content: bytes) -> OpenedMail:
    """Return what a mail program shows of the bytes."""
    mail = email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)
    body = mail.get_body(("plain",))
    return OpenedMail(
        sender=str(mail["From"]),
        to=str(mail["To"]),
        copies=str(mail.get("Cc", "")),
        reply_to=str(mail.get("Reply-To", "")),
        subject=str(mail["Subject"]),
        at=parsedate_to_datetime(str(mail["Date"])),
        text="" if body is None else body.get_content().replace("\r\n", "\n").rstrip("\n"),
        size=len(content),
        files=tuple(_file(part) for part in mail.iter_attachments()),
    )


def _file(part: EmailMessage) -> AttachedFile:
    content = part.get_content()
    data = content if isinstance(content, bytes) else str(content).encode()
    return AttachedFile(
        part.get_filename() or "", part.get_content_type(), len(data), hashlib.sha256(data).hexdigest()
    )
