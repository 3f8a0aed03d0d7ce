"""Texts in both languages, and how two languages stand on one page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in both languages; a side left empty is shown in the other."""

    zh: str = ""
    en: str = ""


class ReportLanguage(StrEnum):
    """The languages a report can be printed in."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    @property
    def tag(self) -> str:
        """Return the language tag of the PDF: with both, that of the first."""
        return "en" if self is ReportLanguage.EN else "zh-CN"


class Arrangement(StrEnum):
    """How running text in both languages stands: English below Chinese, or in a column beside it."""

    STACKED = "stacked"
    COLUMNS = "columns"


class Told(str):
    """A text as a report tells it: its first language, with the other, and whether it changed.

    It is a text, so that whoever sets it needs not know that it is more; what is made of it anew (joined,
    stripped) is a plain text again.
    """

    __slots__ = ("changed", "other")

    other: str
    changed: bool

    def __new__(cls, text: str, other: str = "", *, changed: bool = False) -> Told:
        """Build from both texts; an other text that says the same is none."""
        made = super().__new__(cls, text)
        made.other = "" if other.strip() == text.strip() else other
        made.changed = changed
        return made
