"""Plain text set into lines: never markup, mixed Chinese and Latin, nothing that a font cannot show.

Text from users is drawn character by character as it was written; there is no parser that it could
reach. Chinese breaks between any two characters except before closing and after opening punctuation,
a number keeps its unit; Latin words break at spaces, and inside, without a hyphen that nobody wrote,
only where a word alone is wider than its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from eightd.reporting.pdf.fonts import Face, Faces
from eightd.reporting.pdf.spacing import NEVER_FIRST, SEPARATORS, belong_together, between, hanging, leading

MISSING = "□"
"""Printed in the place of a character that the fonts do not hold."""

_NEAR = str.maketrans({"✔": "✓", "✗": "×", "✘": "×", "☐": "□", "☑": "✓", "☒": "×", "≒": "≈", "\t": " "})
_NEWLINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNIT_OF_MEASURE = re.compile(
    r"(?<=\d) (?=(?:°C|℃|°F|K|%|‰|[kmMµμ]?[VAWΩFgJ]|[kM]?Ω|VAC|VDC|[kMG]?Hz|[cmµμkn]?m[²³]?|in|ms|s|h|min|d|"
    r"pcs|[kM]?N|Nm|[kM]?Pa|m?bar|dB|m?Ah|lx|lm|rpm|[lL]|ml|kg|mg|t|ppm|PPM|kB|MB)(?![A-Za-z]))"
    r"|(?<=\d) (?=[±×] ?\d)|(?<=[±×≤≥≈<>=]) (?=\d)"
)
_PIECE = re.compile("([ \u3000]+)|([\u2e80-\U0003ffff“”—…])|([^ \u2e80-\U0003ffff“”—…]+)")
_INSIDE = re.compile(f"(?<=[{re.escape(SEPARATORS)}])")
_WORTH_TAKING = 4  # words or characters of the line before the last, to give one away
_WORTH_FILLING = 0.35  # of a line: a word too long for any line begins in less room only on the next one


class Align(StrEnum):
    """Where a line stands in its column."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Style:
    """How a run looks: size and leading in points, colour as ``#rrggbb``."""

    size: float
    leading: float
    colour: str
    bold: bool = False

    def with_colour(self, colour: str) -> Style:
        """Return the same style in another colour."""
        return replace(self, colour=colour)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    style: Style


Paragraph = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One set line: its fragments with their distance from the line's left end, width, leading."""

    fragments: tuple[tuple[float, Run], ...]
    width: float
    leading: float
    size: float


@dataclass(frozen=True, slots=True)
class _Unit:
    text: str
    style: Style
    width: float
    space: float  # width of the blanks before, dropped at a line's start
    blanks: str = ""


def clean(text: str, faces: Faces) -> str:
    """Return the text with nothing in it that cannot be shown.

    Line ends become newlines, control and invisible format characters go, a character that the
    fonts do not hold becomes a near one or ``MISSING``.
    """
    text = unicodedata.normalize("NFC", _NEWLINE.sub("\n", text)).translate(_NEAR)
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(text, faces))


def _shown(text: str, faces: Faces) -> Iterator[str]:
    for character in text:
        if character == "\n" or faces.regular.has(character):
            if unicodedata.category(character) not in ("Cc", "Cf") or character == "\n":
                yield character
        elif unicodedata.category(character) not in ("Cc", "Cf", "Cs") and not _is_selector(character):
            yield MISSING


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def paragraphs(runs: Iterable[Run]) -> tuple[Paragraph, ...]:
    """Cut runs at their line ends into paragraphs."""
    result: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        result[-1].append(replace(run, text=first))
        result.extend([replace(run, text=other)] for other in others)
    return tuple(tuple(paragraph) for paragraph in result)


def set_lines(paragraph: Paragraph, width: float, faces: Faces) -> list[Line]:
    """Break one paragraph into lines whose ink is no wider than ``width`` points; an empty one is one empty line."""
    lines: list[list[list[_Unit]]] = [[]]
    used = 0.0
    for bound in _bound(_units(paragraph, faces)):
        current = lines[-1]
        room = width - used - bound[0].space if current else width
        for part in _parts(bound, width, room, faces):
            add = _added(lines[-1], part)
            if lines[-1] and used + add - _hang(part[-1]) > width + 0.01:
                lines.append([])
                used = 0.0
                add = _added((), part)
            lines[-1].append(part)
            used += add
    _keep_company(lines, width)
    return [_line([unit for part in line for unit in part], paragraph) for line in lines]


def _keep_company(lines: list[list[list[_Unit]]], width: float) -> None:
    """Let a last line of one short word or character have the end of the line before for company."""
    if len(lines) < 2 or len(lines[-1]) != 1 or len(lines[-2]) < _WORTH_TAKING:
        return
    (alone,), before = lines[-1], lines[-2]
    if sum(unit.width for unit in alone) > 2 * alone[0].style.size or alone[0].blanks:
        return
    taken = before[-1]
    if _added((), [*taken, *alone]) <= width * 0.5:
        lines[-1] = [taken, alone]
        lines[-2] = before[:-1]


def least_width(paragraph: Paragraph, faces: Faces) -> float:
    """Return the width below which a word would have to be broken."""
    return max((_added((), bound) for bound in _bound(_units(paragraph, faces))), default=0.0)


def spaced(text: str) -> Iterator[tuple[str, float]]:
    """Cut a set text where a distance is added or taken; each piece comes with that of its last character."""
    begun = 0
    if not text.isascii():
        for at in range(1, len(text)):
            near = between(text[at - 1], text[at])
            if near:
                yield text[begun:at], near
                begun = at
    yield text[begun:], 0.0


def _width(text: str, face: Face, size: float) -> float:
    if text.isascii():
        return face.width(text, size)
    near = sum(between(one, other) for one, other in pairwise(text))
    return face.width(text, size) + near * size


def _units(paragraph: Sequence[Run], faces: Faces) -> list[_Unit]:
    units: list[_Unit] = []
    space, blanks = 0.0, ""
    for run in paragraph:
        face, size = faces.face(bold=run.style.bold), run.style.size
        for blank, wide, narrow in _PIECE.findall(_UNIT_OF_MEASURE.sub("\u00a0", run.text)):
            if blank:
                space += face.width(blank, size)
                blanks += blank
                continue
            text = wide or narrow
            units.append(_Unit(text, run.style, _width(text, face, size), space, blanks))
            space, blanks = 0.0, ""
    return units


def _bound(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """Gather the units between which no line may end."""
    bound: list[_Unit] = []
    for unit in units:
        if bound and not _stay(bound[-1], unit):
            yield bound
            bound = []
        bound.append(unit)
    if bound:
        yield bound


def _stay(unit: _Unit, following: _Unit) -> bool:
    if following.blanks:
        return following.text[0] in NEVER_FIRST and len(following.blanks) == 1
    return belong_together(unit.text[-1], following.text[0]) or not (
        is_wide(unit.text[-1]) or is_wide(following.text[0])
    )


def is_wide(character: str) -> bool:
    """Return whether a line may end before and after the character as it may in Chinese."""
    return character >= "\u2e80" or character in "“”—…"


def _added(current: Sequence[Sequence[_Unit]], part: Sequence[_Unit]) -> float:
    """Return what units add to the width of a line."""
    first = part[0]
    total = sum(unit.width for unit in part) + _inner(part)
    if current:
        return total + _gap(current[-1][-1], first)
    return total - leading(first.text[0]) * first.style.size


def _inner(units: Sequence[_Unit]) -> float:
    return sum(_gap(one, other) for one, other in pairwise(units))


def _gap(unit: _Unit, following: _Unit) -> float:
    """Return the distance between two units of one line."""
    size = following.style.size
    if following.blanks:
        return following.space + (between(unit.text[-1], " ") + between(" ", following.text[0])) * size
    return between(unit.text[-1], following.text[0]) * size


def _hang(unit: _Unit) -> float:
    return hanging(unit.text[-1]) * unit.style.size


def _parts(bound: list[_Unit], width: float, room: float, faces: Faces) -> list[list[_Unit]]:
    """Return what is bound together in pieces that each fit a line; ``room`` is left on the present one."""
    if _added((), bound) - _hang(bound[-1]) <= width + 0.01:
        return [bound]
    parts: list[list[_Unit]] = []
    for unit in bound:
        if unit.width <= width and _fits(parts, unit, width):
            parts[-1].append(unit)
        elif unit.width <= width:
            before = [list(part) for part in parts]
            begun = [*_company(parts, unit, faces), unit]
            if _added((), begun) - _hang(unit) > width:
                parts, begun = before, [unit]
            parts.append(begun)
        else:
            begins = room if room > width * _WORTH_FILLING and not parts else width
            parts.extend([one] for one in _broken(unit, begins, width, faces))
    return parts


def _company(parts: list[list[_Unit]], unit: _Unit, faces: Faces) -> list[_Unit]:
    """Take the end of what is before off it, where the unit may not begin a line alone."""
    taken: list[_Unit] = []
    first = unit
    while first.text[0] in NEVER_FIRST and parts and len(taken) < _WORTH_TAKING:
        last = parts[-1][-1]
        if len(last.text) >= _WORTH_TAKING:
            face, size = faces.face(bold=last.style.bold), last.style.size
            head, tail = last.text[:-1], last.text[-1]
            parts[-1][-1] = replace(last, text=head, width=_width(head, face, size))
            return [replace(last, text=tail, width=_width(tail, face, size), space=0.0, blanks=""), *taken]
        if len(parts[-1]) == 1:
            break
        first = parts[-1].pop()
        taken.insert(0, first)
    return taken


def _fits(parts: Sequence[list[_Unit]], unit: _Unit, width: float) -> bool:
    return bool(parts) and _added((), [*parts[-1], unit]) - _hang(unit) <= width


def _broken(unit: _Unit, first: float, width: float, faces: Faces) -> Iterator[_Unit]:
    """Cut a unit that is wider than a line: after a separator where there is one, else anywhere."""
    face, size = faces.face(bold=unit.style.bold), unit.style.size
    parts: list[str] = [""]
    room = first
    for piece in _INSIDE.split(unit.text):
        if _width(parts[-1] + piece, face, size) <= room:
            parts[-1] += piece
            continue
        if _width(piece, face, size) <= width and (parts[-1] or room < width):
            parts.append(piece)
            room = width
            continue
        for character in piece:
            if parts[-1] and _width(parts[-1] + character, face, size) > room:
                parts[-1], carried = _parted(parts[-1], character)
                parts.append(carried)
                room = width
            parts[-1] += character
    for index, part in enumerate(part for part in parts if part):
        own = unit if index == 0 else replace(unit, space=0.0, blanks="")
        yield replace(own, text=part, width=_width(part, face, size))


def _parted(part: str, following: str) -> tuple[str, str]:
    """Return what stays of a full line and what goes over with a character that may not begin one alone."""
    at, first = len(part), following
    while at > len(part) - _WORTH_TAKING and at > 1 and (first in NEVER_FIRST or first == "\u00a0"):
        at -= 1
        first = part[at]
    return part[:at], part[at:]


def _line(units: Sequence[_Unit], fallback: Paragraph) -> Line:
    if not units:
        style = fallback[0].style if fallback else None
        return Line((), 0.0, style.leading if style else 0.0, style.size if style else 0.0)
    fragments: list[tuple[float, Run]] = []
    style = units[0].style
    at = -leading(units[0].text[0]) * style.size
    start, text = at, ""
    for index, unit in enumerate(units):
        gap = _gap(units[index - 1], unit) if index else 0.0
        blanks = " " * len(unit.blanks) if index else ""
        if unit.style != style:
            fragments.append((start, Run(text.replace("\u00a0", " "), style)))
            start, text, style = at + gap, "", unit.style
        else:
            text += blanks
        at += gap + unit.width
        text += unit.text
    fragments.append((start, Run(text.replace("\u00a0", " "), style)))
    return Line(
        tuple(fragments),
        at - _hang(units[-1]),
        max(unit.style.leading for unit in units),
        max(unit.style.size for unit in units),
    )
