"""A return's number for machines: a bar code for scanners and a QR code for telephones, side by side."""

from __future__ import annotations

from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.qr_code import draw_code

_QUIET = 10  # widths of a bar, free at both sides


class Codes(Block):
    """The bar code of ``number`` as wide as fits and the QR code of ``address``; all measures are points."""

    def __init__(self, number: str, address: str, *, height: float) -> None:
        self._number = number
        self._address = address
        self._height = height

    def height(self, width: float) -> float:
        """Return the fixed height."""
        del width
        return self._height

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw the QR code at the right, the bars in the room left of it."""
        del height
        side = self._height
        room = width - side - 2 * side / 8
        bar = room / (Code128(self._number, barWidth=1.0, quiet=False).width + 2 * _QUIET)
        code = Code128(self._number, barWidth=bar, barHeight=self._height, quiet=False, humanReadable=False)
        canvas.setFillGray(0)  # bars take the colour of what was drawn before, and scanners want contrast
        canvas.setStrokeGray(0)
        code.drawOn(canvas, x + _QUIET * bar, top - self._height)
        draw_code(canvas, self._address, x + width - side, top - side, side)
