"""A QR code as filled squares: drawn once in a document, shown on every page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

_FORM = "check-code"


def draw_code(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Draw the code of ``text`` with its lower left corner at (x, y); one text in a document."""
    target: Any = canvas
    if not target.hasForm(_FORM):
        target.beginForm(_FORM, 0, 0, side, side)
        _draw(canvas, text, side)
        target.endForm()
    canvas.saveState()
    canvas.translate(x, y)
    canvas.doForm(_FORM)
    canvas.restoreState()


def _draw(canvas: Canvas, text: str, side: float) -> None:
    rows = modules(text)
    step = side / len(rows)
    path = canvas.beginPath()
    for at, row in enumerate(rows):
        for first, length in _stretches(row):
            path.rect(first * step, side - (at + 1) * step, length * step, step)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


@lru_cache(maxsize=64)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the code's squares row by row, True for dark, without the quiet zone around them."""
    code: Any = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text.encode("utf-8")))
    code.make()
    return tuple(tuple(bool(one) for one in row) for row in code.modules)


def _stretches(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    first = None
    for at, dark in enumerate((*row, False)):
        if dark and first is None:
            first = at
        elif not dark and first is not None:
            yield first, at - first
            first = None
