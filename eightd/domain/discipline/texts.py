"""Every text of an answer by its place: for translations, reviews, comparisons and what no customer reads.

A place is a path of field names, with a row's key after its list: ``our_words``, ``five_w2h/what``,
``causes/ab12/whys/3/text``. It stays the same while rows are moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from eightd.domain.discipline.answers import Keyed, Written
from eightd.domain.words import Language

A = TypeVar("A", bound=Written)

_BESIDE = frozenset(field.name for field in fields(Written))


def keyed(answer: A) -> A:
    """Return the answer in which every row has a key; keys that are there stay, rows without get free numbers.

    A key that stands twice in one list is kept by the first row that has it.
    """
    return cast("A", _keyed(answer))


def texts(answer: Written) -> dict[str, str]:
    """Return every text that people typed by its place, in order, blank ones left out.

    Rows must have keys (``keyed``); what stands beside the content (``Written``) is no text.
    """
    return {place: text for place, text in _texts(answer, "") if text.strip()}


def places(answer: Written) -> tuple[frozenset[str], frozenset[str]]:
    """Return where a text may stand, blank ones included, and the places of whole rows; rows must have keys."""
    written = frozenset(place for place, _ in _texts(answer, ""))
    return written, frozenset(_row_places(answer, ""))


def with_texts(answer: A, say: Callable[[str, str], str]) -> A:
    """Return the answer with each text replaced by what is said for its place and itself."""
    return cast("A", _mapped(answer, "", say))


def in_language(answer: A, language: Language) -> A:
    """Return the answer as a reader of the language reads it: translated where a translation was typed."""
    if answer.written_in == language or not answer.translation:
        return answer
    translated = answer.translation
    return with_texts(answer, lambda place, text: translated.get(place, "").strip() or text)


def for_customers(answer: A) -> A:
    """Return the answer without its internal places: rows and lists are gone, texts blank, translations too."""
    if not answer.internal:
        return answer
    hidden = frozenset(answer.internal)
    shown = cast("A", _without(answer, "", hidden))
    open_places = {place: text for place, text in answer.translation.items() if not _is_hidden(place, hidden)}
    return replace(shown, translation=open_places, internal=())


def _is_hidden(place: str, hidden: frozenset[str]) -> bool:
    parts = place.split("/")
    return any("/".join(parts[:end]) in hidden for end in range(1, len(parts) + 1))


def _content(value: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        if field.name != "key" and not (isinstance(value, Written) and field.name in _BESIDE):
            yield field.name, getattr(value, field.name)


def _texts(value: Any, before: str) -> Iterator[tuple[str, str]]:
    for name, inner in _content(value):
        place = f"{before}{name}"
        if type(inner) is str:  # an enumeration's word is none of ours
            yield place, inner
        elif isinstance(inner, tuple):
            for row in inner:
                yield from _texts(row, f"{place}/{row.key}/")
        elif is_dataclass(inner):
            yield from _texts(inner, f"{place}/")


def _row_places(value: Any, before: str) -> Iterator[str]:
    for name, inner in _content(value):
        if isinstance(inner, tuple):
            for row in inner:
                yield f"{before}{name}/{row.key}"
                yield from _row_places(row, f"{before}{name}/{row.key}/")
        elif is_dataclass(inner):
            yield from _row_places(inner, f"{before}{name}/")


def _mapped(value: Any, before: str, say: Callable[[str, str], str]) -> Any:
    changed: dict[str, Any] = {}
    for name, inner in _content(value):
        place = f"{before}{name}"
        if type(inner) is str:
            changed[name] = say(place, inner)
        elif isinstance(inner, tuple):
            changed[name] = tuple(_mapped(row, f"{place}/{row.key}/", say) for row in inner)
        elif is_dataclass(inner):
            changed[name] = _mapped(inner, f"{place}/", say)
    return replace(value, **changed)


def _without(value: Any, before: str, hidden: frozenset[str]) -> Any:
    changed: dict[str, Any] = {}
    for field in fields(value):
        inner, place = getattr(value, field.name), f"{before}{field.name}"
        if isinstance(value, Written) and field.name in _BESIDE:
            continue
        if isinstance(inner, tuple):
            rows = (row for row in inner if f"{place}/{row.key}" not in hidden and place not in hidden)
            changed[field.name] = tuple(_without(row, f"{place}/{row.key}/", hidden) for row in rows)
        elif is_dataclass(inner):
            changed[field.name] = _without(inner, f"{place}/", hidden)
        elif type(inner) is str and place in hidden:
            changed[field.name] = ""
    return replace(value, **changed)


def _keyed(value: Any) -> Any:
    changed: dict[str, Any] = {}
    for name, inner in _content(value):
        if isinstance(inner, tuple):
            changed[name] = _keyed_rows(inner)
        elif is_dataclass(inner):
            changed[name] = _keyed(inner)
    return replace(value, **changed) if changed else value


def _keyed_rows(rows: tuple[Keyed, ...]) -> tuple[Keyed, ...]:
    taken = {row.key for row in rows}
    used: set[str] = set()
    made = []
    for row in rows:
        key = row.key
        if not key or key in used:
            number = 1
            while str(number) in taken:
                number += 1
            key = str(number)
            taken.add(key)
        used.add(key)
        made.append(replace(_keyed(row), key=key))
    return tuple(made)
