"""A document's wording, read from its folder: every label in both languages, none missing, none unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from eightd.domain.words import Phrase
from eightd.reporting.sheet.malformed import TomlFile, dotted
from eightd.reporting.sheet.wording import Wording

NO_WORDING = Phrase(
    "labels.no_wording",
    '{key} must be written as {{ zh = "…", en = "…" }}',
    '{key} 必须写成 {{ zh = "…", en = "…" }}',
)
NO_LANGUAGE = Phrase("labels.no_language", "{key} needs zh and en", "{key} 需要 zh 与 en")
NO_PLACE = Phrase(
    "labels.no_place",
    "{key}: {place} is no place of this text; it has {known}",
    "{key}：没有占位符 {place}；可用 {known}",
)


class MissingLabelError(LookupError):
    """A document asks for a label that its wording file need not have: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Wordings by key, such as ``field.number``."""

    wordings: Mapping[str, Wording]

    def __call__(self, key: str, **arguments: object) -> Wording:
        """Return the wording with its places filled; raises MissingLabelError."""
        try:
            wording = self.wordings[key]
        except KeyError:
            raise MissingLabelError(key) from None
        if not arguments:
            return wording
        return Wording(wording.zh.format(**arguments), wording.en.format(**arguments))


def load_labels(path: Path, needed: Mapping[str, frozenset[str]] | None = None) -> Labels:
    """Read a wording file; raises MalformedLayout with the line of every fault.

    ``needed`` gives the keys the document prints, each with the names that may stand in braces in its
    text; a key that is absent or not among them is a fault. Without it any key goes.
    """
    file = TomlFile(path)
    wordings: dict[str, Wording] = {}
    for group, entries in file.content.items():
        if not isinstance(entries, dict):
            file.unknown((group,))
            continue
        for name, entry in entries.items():
            key, at = f"{group}.{name}", (group, name)
            wording = _wording(entry, at, file)
            if needed is not None and key not in needed:
                file.unknown(at)
            elif needed is not None and wording is not None:
                _check_places(wording, at, needed[key], file)
            if wording is not None:
                wordings[key] = wording
    for key in needed or ():
        group, _, name = key.partition(".")
        if name not in file.content.get(group, {}):
            file.missing((group, name))
    file.refuse()
    return Labels(wordings)


def _wording(entry: object, at: tuple[str, str], file: TomlFile) -> Wording | None:
    if not isinstance(entry, dict) or not all(isinstance(one, str) for one in entry.values()):
        file.fault(at, NO_WORDING.say(key=dotted(at)))
        return None
    for language in entry:
        if language not in ("zh", "en"):
            file.unknown((*at, language))
    zh, en = entry.get("zh", ""), entry.get("en", "")
    if not zh.strip() or not en.strip():
        empty = (*at, "zh" if not zh.strip() else "en")
        file.fault(empty, NO_LANGUAGE.say(key=dotted(at)))
        return None
    return Wording(zh, en)


def _check_places(wording: Wording, at: tuple[str, str], known: frozenset[str], file: TomlFile) -> None:
    if not known:
        return
    for language, text in (("zh", wording.zh), ("en", wording.en)):
        try:
            found = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        except ValueError:
            found = ["{"]
        for name in found:
            if name not in known:
                listed = ", ".join(f"{{{one}}}" for one in sorted(known))
                place = name if name == "{" else f"{{{name}}}"
                file.fault((*at, language), NO_PLACE.say(key=dotted(at), place=place, known=listed))
