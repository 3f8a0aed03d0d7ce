"""A language of the report that a text is not written in (procedure 7: header, language)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eightd.domain.complaint import DisciplineCode
from eightd.domain.reviewer import lexicon
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Hit, Rule, rule
from eightd.domain.words import Argument, Language, Message, Phrase

NAMES = {
    Language.ZH: Phrase("reviewer.language.zh", "Chinese", "中文"),
    Language.EN: Phrase("reviewer.language.en", "English", "英文"),
}
_PROPER = re.compile(
    r"(?:^|/)(?:name|email|phone|department|function|owner|leader|champion|from_lot|first_clean_lot|number)$"
)
_ENGLISH = re.compile(r"(?<![\w.-])[a-z]{3,}(?![\w-])")


def is_written_in(text: str, language: Language) -> bool:
    """Return whether a reader of the language understands it; numbers, codes and single words pass for both."""
    if language is Language.EN:
        return lexicon.HAN.search(text) is None
    return lexicon.HAN.search(text) is not None or len(_ENGLISH.findall(text)) < 3


def _missing(dossier: Dossier) -> Iterator[Hit]:
    for code, (read, translated) in dossier.read_by_customers().items():
        said = {place: text for place, text in read.items() if not _PROPER.search(place)}
        for language in dossier.facts.languages:
            untold = [
                place
                for place, text in said.items()
                if not is_written_in(text, language) and not _is_told(translated.get(place, ""), language)
            ]
            if untold:
                told: dict[str, Argument | Message] = {
                    "language": NAMES[language].say(),
                    "texts": len(untold),
                }
                yield Hit(code, untold[0], quote=said[untold[0]], arguments=told)


def _is_told(translation: str, language: Language) -> bool:
    return bool(translation.strip()) and is_written_in(translation, language)


RULES: tuple[Rule, ...] = (
    rule(
        "any.language_missing",
        Level.WARN,
        _missing,
        codes=tuple(DisciplineCode),
        title=("A language missing", "缺少一种语言"),
        what=(
            "{texts} texts are not there in {language}; this is the first",
            "有 {texts} 处没有{language}，这是第一处",
        ),
        why=(
            "The report goes out in this language; its reader skips what cannot be read",
            "报告以该语言发出，读者会跳过看不懂的内容",
        ),
        mend=("Write the other language beside it", "在旁边填写另一种语言"),
        basis="procedure 7 header; customer's profile",
    ),
)
