"""Merge what two people wrote into one discipline at a time, field by field (procedure 6: nothing is overwritten).

Three answers meet: the one both began with, mine, and theirs that was stored meanwhile. A field that one of us
changed is taken; a field that both changed otherwise is a conflict, and the caller says whose stands until a
person decides. Rows are the same where their keys are: they may have been added, removed, moved and edited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar, cast

from eightd.domain.discipline.answers import CauseAnswer, Fishbone, Written

A = TypeVar("A", bound=Written)

OTHER = "other:"
"""What stands before the place of a text in the other language."""

INTERNAL = "internal:"
"""What stands before a place that no customer reads."""

_BESIDE = frozenset({"translation", "internal"})


@dataclass(frozen=True, slots=True)
class Merged(Generic[A]):
    """The merged answer.

    ``conflicts`` are the places that both changed, ``kept`` the rows that one removed while the other edited them:
    they stay.
    """

    answer: A
    conflicts: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What leads from one answer to another.

    ``fields`` are the places that hold something else, those of added rows among them; ``added`` and ``removed``
    are rows; ``orders`` has the keys of each list whose rows are others or stand in another order.
    """

    fields: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    orders: Mapping[str, tuple[str, ...]]


def merge(base: A, mine: A, theirs: A, *, mine_wins: bool = False, held: Collection[str] = ()) -> Merged[A]:
    """Merge answers of one discipline whose rows have keys.

    ``base`` is what mine was made from; a blank answer where nobody knows, which loses nothing. In a conflict
    theirs stands, or mine where ``mine_wins``. The fields at the places ``held`` are theirs, whatever mine says.
    """
    sides = _Sides(mine_wins, frozenset(held))
    merged = sides.value("", *(_linked(one) for one in (base, mine, theirs)))
    answer = _beside(cast("A", merged), base, mine, theirs, sides)
    return Merged(_unlinked(answer), tuple(sides.conflicts), tuple(sides.kept))


def difference(old: Written, new: Written) -> Difference:
    """Return what changed between two answers of one discipline whose rows have keys."""
    before, after = dict(_flat(_linked(old), "")), dict(_flat(_linked(new), ""))
    rows_before, rows_after = dict(_lists(old, "")), dict(_lists(new, ""))
    had, has = (
        [f"{place}/{key}" for place, keys in rows.items() for key in keys]
        for rows in (rows_before, rows_after)
    )
    gone, came = set(had) - set(has), set(has) - set(had)
    return Difference(
        fields=tuple(
            place
            for place in dict.fromkeys([*after, *before])
            if before.get(place) != after.get(place) and _row(place) not in gone
        ),
        added=tuple(place for place in has if place in came),
        removed=tuple(place for place in had if place in gone),
        orders={place: keys for place, keys in rows_after.items() if rows_before.get(place, ()) != keys},
    )


def flat(answer: Written) -> dict[str, Any]:
    """Return every field of an answer by its place, in order, translations and internal marks among them."""
    return dict(_flat(answer, ""))


@dataclass(slots=True)
class _Sides:
    """The merge of one answer as it goes on."""

    mine_wins: bool
    held: frozenset[str]
    conflicts: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def value(self, place: str, base: Any, mine: Any, theirs: Any) -> Any:
        """Return one value: a field's, a row's or the whole answer's."""
        if is_dataclass(mine):
            before = f"{place}/" if place else ""
            return replace(
                theirs,
                **{
                    name: self.value(f"{before}{name}", *(getattr(one, name) for one in (base, mine, theirs)))
                    for name in _content(mine)
                },
            )
        if isinstance(mine, tuple):
            return self._rows(place, *({row.key: row for row in one} for one in (base, mine, theirs)))
        return self.single(place, base, mine, theirs)

    def single(self, place: str, base: Any, mine: Any, theirs: Any) -> Any:
        """Return the value of a field that is taken or left as a whole."""
        if place in self.held or mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        self.conflicts.append(place)
        return mine if self.mine_wins else theirs

    def _rows(
        self, place: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> tuple[Any, ...]:
        made = {}
        for key in _order(tuple(base), tuple(mine), tuple(theirs)):
            at = f"{place}/{key}"
            if key in mine and key in theirs:
                blank = base.get(key) or type(mine[key])(key=key)
                made[key] = self.value(at, blank, mine[key], theirs[key])
                continue
            left = mine.get(key) or theirs[key]
            if key in base:
                if _same(base[key], left):
                    continue
                self.kept.append(at)
            made[key] = left
        return tuple(made.values())


def _order(base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]) -> list[str]:
    """Return the keys of all rows in order: theirs, unless I alone or both of us moved rows that we both have."""
    shared = set(mine) & set(theirs)
    moved = [key for key in mine if key in shared and key in base] != [key for key in base if key in shared]
    leading, following = (mine, theirs) if moved else (theirs, mine)
    keys = list(leading)
    previous = ""
    for key in following:
        if key not in keys:
            keys.insert(keys.index(previous) + 1 if previous else 0, key)
        previous = key
    return keys


def _beside(answer: A, base: A, mine: A, theirs: A, sides: _Sides) -> A:
    """Merge what stands beside the content: texts in the other language and internal marks, each by its place."""
    translation = {
        place: text
        for place in dict.fromkeys([*theirs.translation, *mine.translation])
        if (
            text := sides.single(
                f"{OTHER}{place}", *(one.translation.get(place, "") for one in (base, mine, theirs))
            )
        )
    }
    internal = tuple(
        place
        for place in dict.fromkeys([*theirs.internal, *mine.internal])
        if sides.single(f"{INTERNAL}{place}", *(place in one.internal for one in (base, mine, theirs)))
    )
    return replace(answer, translation=translation, internal=internal)


def _content(value: Any) -> Iterator[str]:
    """Yield the names of the fields that are merged one by one."""
    for one in fields(value):
        if one.name != "key" and not (isinstance(value, Written) and one.name in _BESIDE):
            yield one.name


def _same(one: Any, other: Any) -> bool:
    """Return whether two rows of one key say the same and hold the same rows in the same order."""
    return dict(_flat(one, "")) == dict(_flat(other, "")) and dict(_lists(one, "")) == dict(_lists(other, ""))


def _flat(value: Any, before: str) -> Iterator[tuple[str, Any]]:
    for name in _content(value):
        place, inner = f"{before}{name}", getattr(value, name)
        if is_dataclass(inner):
            yield from _flat(inner, f"{place}/")
        elif isinstance(inner, tuple):
            for row in inner:
                yield from _flat(row, f"{place}/{row.key}/")
        else:
            yield place, inner
    if isinstance(value, Written):
        yield from ((f"{OTHER}{place}", text) for place, text in value.translation.items())
        yield from ((f"{INTERNAL}{place}", True) for place in value.internal)


def _lists(value: Any, before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in _content(value):
        place, inner = f"{before}{name}", getattr(value, name)
        if is_dataclass(inner):
            yield from _lists(inner, f"{place}/")
        elif isinstance(inner, tuple):
            yield place, tuple(row.key for row in inner)
            for row in inner:
                yield from _lists(row, f"{place}/{row.key}/")


def _row(place: str) -> str:
    """Return the place of the row that a field stands in."""
    return place.rpartition("/")[0]


def _linked(answer: Any) -> Any:
    """Let the fishbone name its root causes by key instead of by index: rows may move while answers are merged."""
    if not isinstance(answer, CauseAnswer):
        return answer
    keys = dict(enumerate(one.key for one in answer.causes))
    return replace(answer, fishbone=_with_causes(answer.fishbone, keys))


def _unlinked(answer: A) -> A:
    """Let the fishbone name its root causes by index again; one that is gone is named no more."""
    if not isinstance(answer, CauseAnswer):
        return answer
    indexes = {one.key: at for at, one in enumerate(answer.causes)}
    return cast("A", replace(answer, fishbone=_with_causes(answer.fishbone, indexes)))


def _with_causes(fishbone: Fishbone, names: Mapping[Any, Any]) -> Fishbone:
    bones = {
        bone.name: tuple(replace(one, cause=names.get(one.cause)) for one in getattr(fishbone, bone.name))
        for bone in fields(fishbone)
    }
    return replace(fishbone, **bones)
