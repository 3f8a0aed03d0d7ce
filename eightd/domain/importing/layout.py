"""Where the headings of a sheet stand, and which column holds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eightd.domain.importing.cells import is_blank, key_of, text_of
from eightd.domain.importing.fields import FIELDS, IGNORED, Field, Target
from eightd.domain.importing.grid import Sheet

LOOKED_AT = 40
"""Rows from the top among which headings are looked for."""

_EXACT, _WITHIN = 3, 1
_SHORTEST_WITHIN = 2
_NEAR = 30
_IGNORED = frozenset(map(key_of, IGNORED))
_SEPARATOR = " / "


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows that hold headings, both ends included, counted from nought."""

    first: int
    last: int


def find_layout(sheet: Sheet, target: Target) -> Layout | None:
    """Return where the headings stand: the row with most known ones, with the rows of groups above and below it.

    None where no row among the first forty has as many as two known headings.
    """
    names = _names(target)
    scores = [
        (_score(sheet, row, names), -row)
        for row in range(min(len(sheet.rows), LOOKED_AT))
        if not sheet.is_empty(row)
    ]
    best, at = max(scores, default=(0, 0))
    if best < 2 * _EXACT:
        return None
    first = last = -at
    while first > 0 and _is_group(sheet, first - 1):
        first -= 1
    if last + 1 < len(sheet.rows) and _goes_on_below(sheet, last, names):
        last += 1
    return Layout(first, last)


def headings(sheet: Sheet, layout: Layout) -> tuple[str, ...]:
    """Return each column's heading: what stands above it from the top down, each text once."""
    found = []
    for column in range(sheet.width):
        texts = [
            " ".join(text_of(sheet.at(row, column)).split())
            for row in range(layout.first, min(layout.last + 1, len(sheet.rows)))
        ]
        found.append(_SEPARATOR.join(dict.fromkeys(text for text in texts if text)))
    return tuple(found)


def propose(names: Sequence[str], target: Target) -> dict[int, str]:
    """Return the field that each column most likely holds, by its heading, the best match first.

    A field is given to one column only, but for such as many columns may hold. Of a log, a column with a heading
    that nobody knows is kept as a note, so that nothing is lost unsaid; running numbers are left out.
    """
    fields = FIELDS[target]
    matches = []
    for column, name in enumerate(names):
        scores = [match(name, one) for one in fields]
        least = max(scores) - _NEAR  # whoever names a field outright does not mean another one
        matches += [
            (-score, place, column, fields[place])
            for place, score in enumerate(scores)
            if score > max(least, 0)
        ]
    given: dict[int, str] = {}
    for _score_of, _place, column, one in sorted(matches, key=lambda found: found[:3]):
        if column not in given and (one.many or one.code not in given.values()):
            given[column] = one.code
    rest = next((one.code for one in fields if one.many), "")
    for column, name in enumerate(names):
        if rest and column not in given and name and key_of(_last(name)) not in _IGNORED:
            given[column] = rest
    return dict(sorted(given.items()))


def match(heading: str, one: Field) -> int:
    """Say how well a heading names a field: 0 not at all; the lowest heading of several counts most."""
    last, whole = key_of(_last(heading)), key_of(heading)
    if not whole:
        return 0
    keys = one.headings()
    if last in keys:
        return 100
    if whole in keys:
        return 90
    bare = _without_brackets(last)
    if bare in keys:
        return 80
    within = max(
        (len(key) for key in keys if len(key) >= _SHORTEST_WITHIN and _is_within(key, last)), default=0
    )
    return min(within * 4, 60)


def missing(target: Target, given: Iterable[str]) -> tuple[Field, ...]:
    """Return the fields without which nothing can be brought in; a part is known by number or by name."""
    has = set(given)
    lacking = [one for one in FIELDS[target] if one.required and one.code not in has]
    if target is Target.LOG and not has & {"part_number", "part_name"}:
        lacking.extend(one for one in FIELDS[target] if one.code == "part_number")
    return tuple(lacking)


def _last(heading: str) -> str:
    return heading.rpartition(_SEPARATOR)[2]


def _without_brackets(key: str) -> str:
    head, bracket, _rest = key.partition("(")
    return head if bracket and head else key.rstrip("*:")


def _is_within(key: str, heading: str) -> bool:
    """Return whether the key stands in the heading; a short Latin word must not be part of another one."""
    if key.isascii() and len(key) < 5:
        return False
    return key in heading and len(key) * 2 >= len(heading)


def _names(target: Target) -> Mapping[str, None]:
    known = (key for one in FIELDS[target] for key in one.headings())
    return dict.fromkeys(known) | dict.fromkeys(_IGNORED)


def _score(sheet: Sheet, row: int, names: Mapping[str, None]) -> int:
    """Count known headings of a row, each once; values such as numbers and dates speak against it."""
    seen, score = set(), 0
    for cell in sheet.rows[row]:
        if is_blank(cell):
            continue
        if not isinstance(cell, str):
            score -= 1
            continue
        key = _without_brackets(key_of(cell))
        if key in seen or len(key) > 40:
            continue
        seen.add(key)
        score += (
            _EXACT
            if key in names
            else _WITHIN
            if any(_is_within(one, key) for one in names if len(one) > 1)
            else 0
        )
    return score


def _is_group(sheet: Sheet, row: int) -> bool:
    """Return whether a row above the headings names groups of them; a title is one text only."""
    cells = [cell for cell in sheet.rows[row] if not is_blank(cell)]
    return len(cells) > 1 and all(isinstance(cell, str) for cell in cells)


def _goes_on_below(sheet: Sheet, row: int, names: Mapping[str, None]) -> bool:
    """Return whether headings go on in the next row: under a cell merged across, or another row of known ones."""
    below = sheet.rows[row + 1]
    texts = [cell for cell in below if not is_blank(cell)]
    if not texts or not all(isinstance(cell, str) for cell in texts):
        return False
    across = any(one.top <= row <= one.bottom and one.left < one.right for one in sheet.merges)
    down = any(one.top <= row < one.bottom for one in sheet.merges)
    known = _score(sheet, row + 1, names) >= 2 * _EXACT
    return known or (across and down)
