"""What the sceptical reviewer says: findings with their place, severity, reason and cure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Message


class Level(StrEnum):
    """How much a rule weighs at a plant or for a customer; a stop keeps an answer from being submitted."""

    OFF = "off"
    NOTE = "note"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection: which rule, where, how much it weighs, why a customer would object, how to mend it.

    ``place`` is a place of ``discipline.texts``, a list such as ``causes``, or empty for the whole discipline.
    ``quote`` are the words objected to, empty where something is missing. ``accepted_because`` is filled where a
    person let it stand.
    """

    rule: str
    code: DisciplineCode
    place: str
    level: Level
    what: Message
    why: Message
    mend: Message
    quote: str = ""
    accepted_because: str = ""
