"""An answer in the language of its reader: each text with its other language, and marked where it changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.texts import with_texts
from eightd.domain.words import Language
from eightd.reporting.sheet.wording import ReportLanguage, Told

SomeAnswer = TypeVar("SomeAnswer", bound=Answer)


def told(answer: SomeAnswer, language: ReportLanguage, changed: Collection[str] = ()) -> SomeAnswer:
    """Return the answer as a report in the language says it.

    A report in one language says each text in it where it was typed in it, else as it was typed; one in
    both says Chinese first and English with it. ``changed`` names the places that the revision before
    did not say so; a whole row or list may be named.
    """
    places = frozenset(changed)

    def tell(place: str, text: str) -> Told:
        typed, translated = text, answer.translation.get(place, "").strip()
        zh, en = (typed, translated) if answer.written_in is Language.ZH else (translated, typed)
        is_new = bool(places) and is_at(place, places)
        if language is ReportLanguage.BOTH:
            return Told(zh or en, en if zh else "", changed=is_new)
        return Told((en or zh) if language is ReportLanguage.EN else (zh or en), changed=is_new)

    return with_texts(answer, tell)


def is_at(place: str, places: Collection[str]) -> bool:
    """Return whether a place or anything that holds it is among the places."""
    parts = place.split("/")
    return any("/".join(parts[:end]) in places for end in range(1, len(parts) + 1))
