"""What documents draw in their margins: words at both ends of a line, a hairline, a watermark."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf.blocks import Text, colour
from eightd.reporting.pdf.fonts import BOLD
from eightd.reporting.pdf.pages import Paper
from eightd.reporting.sheet.sheet import Sheet


def ends(canvas: Canvas, paper: Paper, left: Text, right: Text, top: float, *, indent: float = 0.0) -> None:
    """Draw one text at the left end and one at the right; the right one keeps all the room it needs."""
    reserved = right.natural_width() + 2
    left.draw(canvas, paper.left + indent, top, paper.column - indent - reserved - 8, 0)
    right.draw(canvas, paper.left + paper.column - reserved, top, reserved, 0)


def line(canvas: Canvas, paper: Paper, sheet: Sheet, y: float) -> None:
    """Draw a hairline from margin to margin."""
    canvas.setStrokeColor(colour(sheet.layout.colours.hairline))
    canvas.setLineWidth(0.5)
    canvas.line(paper.left, y, paper.width - paper.right, y)


def watermark(canvas: Canvas, paper: Paper, sheet: Sheet, key: str) -> None:
    """Draw a label's wording large across the middle of the page."""
    words = sheet.plain(key).replace(" / ", " ")
    canvas.saveState()
    canvas.translate(paper.width / 2, paper.height / 2)
    canvas.rotate(52 if paper.height > paper.width else 32)
    size = min(120.0, 520.0 / max(canvas.stringWidth(words, BOLD, 1), 1))
    canvas.setFont(BOLD, size)
    canvas.setFillColor(colour(sheet.layout.colours.watermark))
    canvas.drawCentredString(0, -size / 3, words)
    canvas.restoreState()
