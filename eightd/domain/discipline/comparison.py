"""What differs between two answers of a discipline: field by field, rows followed by their keys, words inside texts.

A reader of the second revision asks what is new in it; a reader of both asks what became of each statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Any

from eightd.domain.discipline.answers import Keyed, Written

_BESIDE = frozenset(field.name for field in fields(Written))
_TOKEN = re.compile(r"[A-Za-z0-9_]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[\n。！？；])|(?<=[.!?;]\s)")
_COMPARED_MOST = 4_000  # tokens of a stretch whose words are compared; a longer one is shown as replaced


class ChangeKind(StrEnum):
    """What happened to a field or a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``place`` as in ``texts``; of a row that came, went or moved, the row's own place.

    ``old`` and ``new`` are the values as they are kept, None where there is none; of a row that moved, its
    positions from 1. ``is_translation`` says that it is the text in the other language.
    """

    place: str
    kind: ChangeKind
    old: Any = None
    new: Any = None
    is_row: bool = False
    is_translation: bool = False


class PieceKind(StrEnum):
    """Whether a stretch of text stayed, came or went."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one of two texts."""

    kind: PieceKind
    text: str


def compare(old: Written | None, new: Written | None) -> tuple[Change, ...]:
    """Return every difference in the order of the fields; None is an answer that says nothing."""
    return (*_fields(old, new, ""), *_translations(old, new))


def changed_places(old: Written | None, new: Written | None) -> tuple[str, ...]:
    """Return the places of the newer answer that the older did not say so, rows that came or moved included."""
    return tuple(
        dict.fromkeys(change.place for change in compare(old, new) if change.kind is not ChangeKind.REMOVED)
    )


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Return both texts as one with its inserted and deleted stretches: words of Latin, characters of Chinese.

    Sentences are compared first, then the words of those that differ, so that long texts take no longer than
    they must; a changed stretch of very many words is shown as a whole.
    """
    found: list[Piece] = []
    before, after = _SENTENCE_END.split(old), _SENTENCE_END.split(new)
    for same, gone, come in _stretches(before, after):
        if same:
            found.append(Piece(PieceKind.SAME, "".join(gone)))
        else:
            found.extend(_words("".join(gone), "".join(come)))
    return tuple(_joined(found))


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > _COMPARED_MOST:
        yield Piece(PieceKind.DELETED, old)
        yield Piece(PieceKind.INSERTED, new)
        return
    for same, gone, come in _stretches(before, after):
        if same:
            yield Piece(PieceKind.SAME, "".join(gone))
        else:
            yield Piece(PieceKind.DELETED, "".join(gone))
            yield Piece(PieceKind.INSERTED, "".join(come))


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield what stayed and what differs, in turns."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", old[a:b], new[c:d]


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces without empty ones and neighbours as one: what went, then what came, then what stayed."""
    for same, run in groupby(found, lambda piece: piece.kind is PieceKind.SAME):
        members = list(run)
        for kind in (PieceKind.SAME,) if same else (PieceKind.DELETED, PieceKind.INSERTED):
            text = "".join(piece.text for piece in members if piece.kind is kind)
            if text:
                yield Piece(kind, text)


def _fields(old: Any, new: Any, before: str) -> Iterator[Change]:
    for name in _names(old if new is None else new):
        was, now = _value(old, name), _value(new, name)
        place = f"{before}{name}"
        if isinstance(was, tuple) or isinstance(now, tuple):
            yield from _rows(was or (), now or (), place)
        elif is_dataclass(was) or is_dataclass(now):
            yield from _fields(was, now, f"{place}/")
        elif (was, now) != (None, None) and was != now:
            yield Change(place, _kind(was, now), was, now)


def _names(value: Any) -> Iterator[str]:
    if value is not None:
        for field in fields(value):
            if field.name != "key" and not (isinstance(value, Written) and field.name in _BESIDE):
                yield field.name


def _value(holder: Any, name: str) -> Any:
    """Return a field's value, None for blank text, so that what was never written differs from nothing."""
    value = None if holder is None else getattr(holder, name)
    return None if isinstance(value, str) and not value.strip() else value


def _kind(old: Any, new: Any) -> ChangeKind:
    if old is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if new is None else ChangeKind.CHANGED


def _rows(old: Sequence[Any], new: Sequence[Any], place: str) -> Iterator[Change]:
    partners = _partners(old, new)
    moved = _moved([partners[at] for at in range(len(new)) if at in partners])
    for at, row in enumerate(new):
        here = f"{place}/{row.key}"
        if at not in partners:
            yield Change(here, ChangeKind.ADDED, is_row=True)
            yield from _fields(None, row, f"{here}/")
            continue
        if partners[at] in moved:
            yield Change(here, ChangeKind.MOVED, partners[at] + 1, at + 1, is_row=True)
        yield from _fields(old[partners[at]], row, f"{here}/")
    kept = set(partners.values())
    for at, row in enumerate(old):
        if at not in kept:
            yield Change(f"{place}/{row.key}", ChangeKind.REMOVED, is_row=True)
            yield from _fields(row, None, f"{place}/{row.key}/")


def _partners(old: Sequence[Keyed], new: Sequence[Keyed]) -> dict[int, int]:
    """Return for each newer row the older one it continues: by its key, else one that says the same.

    Keys of rows stored before there were any are numbers by place, so a row typed anew is known by its content.
    """
    by_key = {row.key: at for at, row in enumerate(old)}
    partners = {at: by_key[row.key] for at, row in enumerate(new) if row.key in by_key}
    for alike in (lambda one, other: one == other, lambda one, other: _called(one) == _called(other) != ""):
        free = [at for at in range(len(old)) if at not in partners.values()]
        for at, row in enumerate(new):
            twin = next((one for one in free if at not in partners and alike(old[one], row)), None)
            if twin is not None:
                partners[at] = twin
                free.remove(twin)
    return partners


def _called(row: Any) -> str:
    """Return the first text of a row, by which people know it."""
    return next(
        (text for name in _names(row) if type(text := getattr(row, name)) is str and text.strip()), ""
    )


def _moved(places: Sequence[int]) -> frozenset[int]:
    """Return the fewest of these places that would have to be moved to put them into order."""
    best: list[tuple[int, ...]] = []
    for place in places:
        chains = (chain for chain in best if chain[-1] < place)
        best.append((*max(chains, key=len, default=()), place))
    longest = max(best, key=len, default=())
    return frozenset(places) - frozenset(longest)


def _translations(old: Written | None, new: Written | None) -> Iterator[Change]:
    was = {} if old is None else old.translation
    now = {} if new is None else new.translation
    for place in dict.fromkeys((*now, *was)):
        before, after = was.get(place, "").strip() or None, now.get(place, "").strip() or None
        if before != after:
            yield Change(place, _kind(before, after), before, after, is_translation=True)
