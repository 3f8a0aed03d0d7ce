"""A mail as it was understood: frozen, cleaned, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eightd.domain.correspondence import MailKind
from eightd.domain.words import Message


@dataclass(frozen=True, slots=True)
class Limits:
    """What a mail may be at most; one that is more is refused whole and kept."""

    size: int = 40 * 2**20  # bytes, as it came
    header: int = 256 * 2**10  # bytes before its text
    parts: int = 200
    depth: int = 12
    text: int = 200_000  # characters; what is longer is cut


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that came with a mail; ``inline`` ones stand in its text, such as the logo of a signature."""

    filename: str
    media_type: str
    content: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says of a mail of ours that it could not deliver.

    ``uid`` is that mail's Message-ID, empty where it is not told; ``status`` such as 5.1.1. ``is_final`` is
    False while the server goes on trying.
    """

    uid: str
    status: str
    recipient: str
    reason: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail that was read. Message-IDs stand without angle brackets; addresses are in lower case.

    ``fault`` says why a mail is REFUSED. ``is_reply`` tells an automatic answer from what a program wrote on its
    own, such as a customer's portal that reports a complaint. ``answers`` are the mails that this one answers,
    the nearest first.
    """

    kind: MailKind
    uid: str = ""
    answers: tuple[str, ...] = ()
    from_name: str = ""
    from_address: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    quoted: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    fault: Message | None = None
    bounce: Bounce | None = None
    is_reply: bool = False
