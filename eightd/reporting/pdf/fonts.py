"""The two embedded fonts of every PDF: loaded once in a process, measured, asked what they can show."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"

DRAWING = threading.RLock()
"""Held while a PDF is drawn and saved: cutting a subset moves the read position of the shared font file."""

_LOADING = threading.Lock()
_LOADED: dict[str, Face] = {}


@dataclass(frozen=True, slots=True)
class Face:
    """One weight: advance widths in thousandths of the size by code point."""

    name: str
    widths: dict[int, int]
    default_width: int

    def width(self, text: str, size: float) -> float:
        """Return the width of the text in points."""
        widths, default = self.widths, self.default_width
        return sum(widths.get(ord(character), default) for character in text) * size * 0.001

    def has(self, character: str) -> bool:
        """Return whether the font holds the character."""
        return ord(character) in self.widths


@dataclass(frozen=True, slots=True)
class Faces:
    """Both weights."""

    regular: Face
    bold: Face

    def face(self, *, bold: bool) -> Face:
        """Return the weight asked for."""
        return self.bold if bold else self.regular


def load(folder: Path) -> Faces:
    """Register both weights from ``folder`` with reportlab, once in a process whatever the folder.

    Safe to call from several threads. Raises reportlab's TTFError where a file is missing or broken.
    """
    with _LOADING:
        for name in (REGULAR, BOLD):
            if name not in _LOADED:
                _LOADED[name] = _register(name, folder / f"{name}.ttf")
    return Faces(_LOADED[REGULAR], _LOADED[BOLD])


def _register(name: str, path: Path) -> Face:
    font: Any = TTFont(name, str(path), shapable=False)
    pdfmetrics.registerFont(font)
    known = font.face.charToGlyph
    widths = {code: round(width) for code, width in font.face.charWidths.items() if code in known}
    return Face(name, widths, round(font.face.defaultWidth))
