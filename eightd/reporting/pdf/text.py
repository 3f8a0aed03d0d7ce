"""Plain text set into lines: never markup, mixed Chinese and Latin, nothing that a font cannot show.

Text from users is drawn character by character as it was written; there is no parser that it could
reach. Chinese breaks between any two characters except before closing and after opening
punctuation; Latin words break at spaces, and inside only where a word alone is wider than its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eightd.reporting.pdf.fonts import Face, Faces

MISSING = "□"
"""Printed in the place of a character that the fonts do not hold."""

_NEAR = str.maketrans({"✔": "✓", "✗": "×", "✘": "×", "☐": "□", "☑": "✓", "☒": "×", "≒": "≈", "\t": " "})
_NEWLINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNIT_OF_MEASURE = re.compile(
    r"(?<=\d) (?=(?:°C|℃|%|‰|[kmµ]?[VAWΩg]|VAC|VDC|[kM]?Hz|[cmµ]?m|s|h|min|pcs|Nm|lx|ppm|PPM)(?![A-Za-z]))"
)
_PIECE = re.compile("([ \u3000]+)|([\u2e80-\U0003ffff])|([^ \u2e80-\U0003ffff]+)")
_INSIDE = re.compile(r"(?<=[-/_.,:;=&?@\\])")
_NEVER_FIRST = frozenset("!%),.:;?]}°’”‰′″℃、。々〉》」』】〕〗！％），．：；？］｝～…—·")
_NEVER_LAST = frozenset("([{£¥‘“〈《「『【〔〖（［｛￡￥")


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
    space: float  # width of the space before, dropped at a line's start


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
    """Break one paragraph into lines no wider than ``width`` points; an empty one is one empty line."""
    lines: list[Line] = []
    current: list[_Unit] = []
    used = 0.0
    for unit in _units(paragraph, faces):
        for part in [unit] if unit.width <= width else _broken(unit, width, faces):
            gap = part.space if current else 0.0
            if current and used + gap + part.width > width + 0.01:
                lines.append(_line(current, faces))
                current, used, gap = [], 0.0, 0.0
            current.append(part)
            used += gap + part.width
    if current or not lines:
        lines.append(_line(current, faces, paragraph))
    return lines


def _units(paragraph: Sequence[Run], faces: Faces) -> list[_Unit]:
    units: list[_Unit] = []
    space = 0.0
    for run in paragraph:
        face = faces.face(bold=run.style.bold)
        for blank, wide, narrow in _PIECE.findall(_UNIT_OF_MEASURE.sub("\u00a0", run.text)):
            if blank:
                space += face.width(blank, run.style.size)
                continue
            text = wide or narrow
            if units and not space and units[-1].style == run.style:
                text = _joined(units, text, face)
            if text:
                units.append(_Unit(text, run.style, face.width(text, run.style.size), space))
            space = 0.0
    return units


def _joined(units: list[_Unit], text: str, face: Face) -> str:
    """Add to the last unit what may not be parted from it and return what is left of the text."""
    last = units[-1]
    if last.text[-1] in _NEVER_LAST:
        bound = len(text)
    else:
        bound = next((at for at, one in enumerate(text) if one not in _NEVER_FIRST), len(text))
    if bound:
        grown = last.text + text[:bound]
        units[-1] = replace(last, text=grown, width=face.width(grown, last.style.size))
    return text[bound:]


def _broken(unit: _Unit, width: float, faces: Faces) -> list[_Unit]:
    """Cut a unit that is wider than a line: after a separator where there is one, else anywhere."""
    face = faces.face(bold=unit.style.bold)
    size = unit.style.size
    parts: list[str] = [""]
    for piece in _INSIDE.split(unit.text):
        if face.width(parts[-1] + piece, size) <= width:
            parts[-1] += piece
        elif face.width(piece, size) <= width:
            parts.append(piece)
        else:
            for character in piece:
                if parts[-1] and face.width(parts[-1] + character, size) > width:
                    parts.append("")
                parts[-1] += character
    return [
        _Unit(part, unit.style, face.width(part, size), unit.space if index == 0 else 0.0)
        for index, part in enumerate(part for part in parts if part)
    ]


def _line(units: Sequence[_Unit], faces: Faces, fallback: Paragraph = ()) -> Line:
    if not units:
        style = fallback[0].style if fallback else None
        return Line((), 0.0, style.leading if style else 0.0, style.size if style else 0.0)
    fragments: list[tuple[float, Run]] = []
    at = 0.0
    start, text, style = 0.0, "", units[0].style
    for index, unit in enumerate(units):
        gap = unit.space if index else 0.0
        if unit.style != style:
            fragments.append((start, Run(text, style)))
            start, text, style = at + gap, "", unit.style
            at += gap + unit.width
        else:
            if gap:
                blank = faces.face(bold=style.bold).width(" ", style.size)
                text += " " * max(1, round(gap / blank))
                gap = max(1, round(gap / blank)) * blank
            at += gap + unit.width
        text += unit.text
    fragments.append((start, Run(text, style)))
    return Line(
        tuple(fragments),
        at,
        max(unit.style.leading for unit in units),
        max(unit.style.size for unit in units),
    )
