"""What a relay is given, and what it answers; no relay ever raises for what the other side does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from eightd.domain.messages import RelayKind
from eightd.domain.words import Language
from eightd.notifications.texts import MessageText

_LONGEST_REASON = 400  # what the outbox keeps


@dataclass(frozen=True, slots=True)
class Relay:
    """A way out, as the administration set it up; ``secret`` is open here and must not be logged.

    SMTP reads ``host port security username from_address from_name timeout ca_file``, the secret being its
    password; robots and the webhook read ``url proxy timeout ca_file``, the secret being what they sign with.
    """

    kind: RelayKind
    settings: Mapping[str, Any]
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery. SMTP sends ``mail`` to ``recipients``, robots say ``text`` and mention ``address``.

    ``uid`` is the Message-ID without angle brackets, the same for every try. ``at`` is the instant of this try.
    ``last_try`` lets a mail leave for those who take it, though a server puts off others.
    """

    uid: str
    address: str
    text: MessageText
    language: Language
    at: datetime
    mail: bytes = field(default=b"", repr=False)
    recipients: tuple[str, ...] = ()
    last_try: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The other side has it. ``refused`` are recipients who will not get it, each with the reason."""

    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: trying again may help. ``reason`` is one line for the administrator, as the other side said it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: trying the same again would not help. ``reason`` is one line for the administrator."""

    reason: str


Outcome: TypeAlias = Taken | Later | Refused


def one_line(*parts: object) -> str:
    """Return a reason that fits where it is kept: one line, printable, not too long."""
    text = ": ".join(str(part) for part in parts if str(part))
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
