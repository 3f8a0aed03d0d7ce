"""Names values in messages, in either language and without a request: enumerations, instants, lengths of time."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from eightd.domain.complaint import DisciplineCode, Role, Tier
from eightd.domain.correspondence import OutsidePurpose, ReplyKind
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import VerdictResult
from eightd.notifications.facts import Facts

_DAY = timedelta(days=1)

WORDS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Tier: {Tier.MAJOR: "Major", Tier.GENERAL: "General", Tier.OTHER: "Other"},
    Role: {
        Role.SALES: "Sales",
        Role.CQE: "Customer quality (CQE)",
        Role.PQE: "Product quality (PQE)",
        Role.SQE: "Supplier quality (SQE)",
        Role.TE: "Test engineering (TE)",
        Role.PIE: "Process engineering (PIE)",
        Role.RD: "Development (RD)",
        Role.PRODUCTION: "Production",
        Role.WAREHOUSE: "Warehouse / PMC",
        Role.FINANCE: "Finance",
        Role.QUALITY_MANAGER: "Quality manager",
        Role.AUDITOR: "Auditor",
        Role.ADMIN: "Administrator",
    },
    DisciplineCode: {
        DisciplineCode.D0: "D0 Emergency action",
        DisciplineCode.D1: "D1 Team",
        DisciplineCode.D2: "D2 Problem description",
        DisciplineCode.D3: "D3 Containment",
        DisciplineCode.D4: "D4 Root causes",
        DisciplineCode.D5: "D5 Corrective actions",
        DisciplineCode.D6: "D6 Implementation and validation",
        DisciplineCode.D7: "D7 Prevention",
        DisciplineCode.D8: "D8 Closure",
    },
    VerdictResult: {
        VerdictResult.ACCEPTED: "Customer accepts",
        VerdictResult.REJECTED: "Customer rejects",
    },
}
"""The same words as on pages, where they are marked for translation; a test compares them."""


def catalogue(translations: Path, language: Language) -> gettext.NullTranslations:
    """Return the texts of all areas in the language; English stands in the program itself."""
    if language is Language.EN:
        return gettext.NullTranslations()
    first: gettext.NullTranslations | None = None
    for path in sorted((translations / language.value / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            area = gettext.GNUTranslations(file)
        if first is None:
            first = area
        else:
            first.add_fallback(area)
    if first is None:
        raise FileNotFoundError(f"no texts in {translations}")
    return first


class Vocabulary:
    """Names values in one language."""

    def __init__(self, language: Language, texts: gettext.NullTranslations) -> None:
        """Keep the language and its texts."""
        self.language = language
        self._texts = texts

    def say(self, english: str) -> str:
        """Return a text that a page says too, and that is marked for translation there."""
        return self._texts.gettext(english)

    def word(self, kind: type[StrEnum], value: str) -> str:
        """Return what a value of an enumeration is called; one of a later program keeps its name."""
        if value not in kind.__members__.values():
            return value
        return self._texts.gettext(WORDS[kind][kind(value)])

    def pair(self, chinese: str, english: str) -> str:
        """Return the text of this language, the other's where it is all there is."""
        return (chinese or english) if self.language is Language.ZH else (english or chinese)

    def milestone(self, facts: Facts) -> str:
        """Return what a milestone is called, shortly; the standard profile's ones have names of their own."""
        gettext = self._texts.gettext
        standard: Mapping[str, Callable[[], str]] = {
            "initial_reply": lambda: gettext("Initial reply"),
            "preliminary_analysis": lambda: gettext("Preliminary analysis"),
            "final_report": lambda: gettext("Final 8D report"),
        }
        if facts.milestone in standard:
            return standard[facts.milestone]()
        return self.pair(facts.milestone_zh, facts.milestone_en) or facts.milestone

    def reply(self, kind: str) -> str:
        """Return what a reply to the customer is called."""
        gettext = self._texts.gettext
        called: Mapping[str, Callable[[], str]] = {
            ReplyKind.INITIAL: lambda: gettext("Initial reply"),
            ReplyKind.PRELIMINARY: lambda: gettext("Preliminary report"),
            ReplyKind.FINAL: lambda: gettext("Final report"),
            ReplyKind.NOT_OURS: lambda: gettext("Reply “not ours”"),
        }
        return called[kind]() if kind in called else kind

    def outside(self, purpose: str) -> str:
        """Return what a mail to somebody without an account is about."""
        gettext = self._texts.gettext
        called: Mapping[str, Callable[[], str]] = {
            OutsidePurpose.SUPPLIER_CASE: lambda: gettext("To a supplier, about its 8D"),
            OutsidePurpose.SAMPLE: lambda: gettext("To the customer, about the sample"),
            OutsidePurpose.SATISFACTION: lambda: gettext("To the customer, about its satisfaction"),
        }
        return called[purpose]() if purpose in called else purpose

    def length(self, value: timedelta) -> str:
        """Write a length of time in its two largest units, without its sign."""
        texts = self._texts
        whole = abs(value)
        hours, minutes = divmod(int((whole % _DAY).total_seconds()) // 60, 60)
        parts = []
        if whole.days:
            parts.append(texts.ngettext("%(num)d day", "%(num)d days", whole.days) % {"num": whole.days})
        if hours and whole.days < 10:
            parts.append(texts.gettext("%(num)d h") % {"num": hours})
        if not whole.days and (minutes or not hours):
            parts.append(texts.gettext("%(num)d min") % {"num": minutes})
        return " ".join(parts)


def local(value: datetime | None, zone: str) -> str:
    """Write an instant as the plant's clock shows it, such as ``2026-03-13 16:40``; nothing for None."""
    return "" if value is None else value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def local_with_offset(value: datetime | None, zone: str) -> str:
    """Write an instant with the plant's distance from UTC, such as ``2026-03-13 16:40 (UTC+08:00)``."""
    if value is None:
        return ""
    there = value.astimezone(ZoneInfo(zone))
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:5]})"
