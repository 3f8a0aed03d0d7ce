"""The ledger of a date as it is kept and told: plain values that survive the calendar they came from (procedure 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eightd.domain.clock.ledger import LedgerEntry, LedgerKind
from eightd.domain.words import Language, Message


@dataclass(frozen=True, slots=True)
class Told:
    """A text in both languages."""

    zh: str
    en: str

    def text(self, language: Language | str) -> str:
        """Return the text in the language."""
        return self.zh if language == Language.ZH else self.en


NOTHING = Told("", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a ledger. ``why`` is the bare reason of a day or a stop, ``code`` the reason's stable name.

    A ledger that was kept before reasons were has neither, and its stops have no ``until``.
    """

    kind: LedgerKind
    on: date
    at: datetime | None
    until: datetime | None
    count: int | None
    sentence: Told
    why: Told = NOTHING
    code: str = ""


def steps_of(ledger: Iterable[LedgerEntry]) -> tuple[Step, ...]:
    """Return the steps of a computed ledger."""
    return tuple(_step(entry) for entry in ledger)


def as_documents(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return the steps as plain values that JSON can hold."""
    return [
        {
            "kind": step.kind.value,
            "on": step.on.isoformat(),
            "at": _written(step.at),
            "until": _written(step.until),
            "count": step.count,
            "text_zh": step.sentence.zh,
            "text_en": step.sentence.en,
            "why_zh": step.why.zh,
            "why_en": step.why.en,
            "code": step.code,
        }
        for step in steps
    ]


def from_documents(documents: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Read what ``as_documents`` wrote, also before it wrote ``until`` and the bare reasons."""
    return tuple(
        Step(
            kind=LedgerKind(one["kind"]),
            on=date.fromisoformat(one["on"]),
            at=_read(one["at"]),
            until=_read(one.get("until")),
            count=one["count"],
            sentence=Told(one["text_zh"], one["text_en"]),
            why=Told(one.get("why_zh", ""), one.get("why_en", "")),
            code=one.get("code", ""),
        )
        for one in documents
    )


def _step(entry: LedgerEntry) -> Step:
    arguments = entry.reason.arguments
    bare = arguments.get("day", arguments.get("why"))
    told, code = (_told(bare), bare.code) if isinstance(bare, Message) else (NOTHING, "")
    return Step(
        kind=entry.kind,
        on=entry.on,
        at=entry.at,
        until=entry.until,
        count=entry.count,
        sentence=_told(entry.reason),
        why=told,
        code=code,
    )


def _told(message: Message) -> Told:
    return Told(message.text(Language.ZH), message.text(Language.EN))


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
