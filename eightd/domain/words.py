"""Bilingual phrases: the rules explain themselves in Chinese and English without a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Language(StrEnum):
    """The two languages of every page, mail and document."""

    ZH = "zh"
    EN = "en"


Argument: TypeAlias = str | int | float
"""A value that may stand inside a phrase; plain so that a phrase survives a trip through JSON."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence template in both languages, with ``{name}`` places for arguments."""

    code: str
    en: str
    zh: str

    def say(self, **arguments: Argument | Message) -> Message:
        """Bind the arguments and return the finished message."""
        return Message(self, dict(arguments))


@dataclass(frozen=True, slots=True)
class Message:
    """A phrase with its arguments: shown in either language, compared by code."""

    phrase: Phrase
    arguments: Mapping[str, Argument | Message]

    @property
    def code(self) -> str:
        """Return the phrase's stable code."""
        return self.phrase.code

    def text(self, language: Language | str) -> str:
        """Return the sentence in the language; nested messages follow it."""
        template = self.phrase.zh if language == Language.ZH else self.phrase.en
        return template.format_map(
            {
                name: value.text(language) if isinstance(value, Message) else value
                for name, value in self.arguments.items()
            }
        )
