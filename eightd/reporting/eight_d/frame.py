"""What stands on every page: running head, footer with number, revision and hash, the draft's watermark."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.eight_d.document import EightDDocument
from eightd.reporting.eight_d.header import brand, state, title_key
from eightd.reporting.pdf.blocks import Text, colour
from eightd.reporting.pdf.fonts import BOLD
from eightd.reporting.pdf.pages import Paper
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.sheet.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Frame:
    """Draws the margins of one report."""

    document: EightDDocument
    sheet: Sheet
    paper: Paper
    content_hash: str

    def __call__(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw what lies around and under the content of the page."""
        if self.document.revision == 0:
            self._watermark(canvas)
        if page > 1:
            self._running_head(canvas)
        self._footer(canvas, page, pages)

    def _running_head(self, canvas: Canvas) -> None:
        sheet, paper = self.sheet, self.paper
        y = paper.height - paper.top + 12
        left = Text(sheet.words(brand(self.document, sheet), sheet.styles.small), sheet.faces)
        words = [Run(f"{sheet.plain(title_key(self.document))} · {self.document.number}", sheet.styles.small)]
        right = Text(words, sheet.faces, align=Align.RIGHT)
        self._ends(canvas, left, right, y + sheet.styles.small.leading + 3)
        self._line(canvas, y)

    def _footer(self, canvas: Canvas, page: int, pages: int) -> None:
        sheet, paper, document = self.sheet, self.paper, self.document
        y = paper.bottom - 10
        self._line(canvas, y)
        style = sheet.styles.label
        words = " · ".join(
            (
                document.number,
                f"{sheet.plain('report.revision')} {document.revision}",
                sheet.plain(state(document)),
                f"{sheet.plain('report.hash')} {self.content_hash[:16]}",
            )
        )
        left = Text([Run(words, style)], sheet.faces)
        number = sheet.plain("report.page", page=page, pages=pages)
        self._ends(canvas, left, Text([Run(number, style)], sheet.faces, align=Align.RIGHT), y - 4)

    def _ends(self, canvas: Canvas, left: Text, right: Text, top: float) -> None:
        paper = self.paper
        reserved = right.natural_width() + 2
        width = paper.column - reserved - 8
        left.draw(canvas, paper.left, top, width, 0)
        right.draw(canvas, paper.left + paper.column - reserved, top, reserved, 0)

    def _line(self, canvas: Canvas, y: float) -> None:
        canvas.setStrokeColor(colour(self.sheet.layout.colours.hairline))
        canvas.setLineWidth(0.5)
        canvas.line(self.paper.left, y, self.paper.width - self.paper.right, y)

    def _watermark(self, canvas: Canvas) -> None:
        words = self.sheet.plain("report.draft").replace(" / ", " ")
        canvas.saveState()
        canvas.translate(self.paper.width / 2, self.paper.height / 2)
        canvas.rotate(52)
        size = min(120.0, 520.0 / max(canvas.stringWidth(words, BOLD, 1), 1))
        canvas.setFont(BOLD, size)
        canvas.setFillColor(colour(self.sheet.layout.colours.watermark))
        canvas.drawCentredString(0, -size / 3, words)
        canvas.restoreState()
