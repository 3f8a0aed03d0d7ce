"""What stands on every page of a document beside the 8D report: running head, footer, the draft's watermark."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf.blocks import Text, colour
from eightd.reporting.pdf.fonts import BOLD
from eightd.reporting.pdf.pages import Paper
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.sheet.sheet import Sheet
from eightd.reporting.sheet.wording import Wording


@dataclass(frozen=True, slots=True)
class DocumentFrame:
    """Draws the margins; ``brand`` and ``title`` stand at the head from the second page on."""

    sheet: Sheet
    paper: Paper
    brand: Wording
    title: str
    footer: str
    is_draft: bool

    def __call__(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw what lies around and under the content of the page."""
        sheet, paper = self.sheet, self.paper
        if self.is_draft:
            self._watermark(canvas)
        if page > 1:
            y = paper.height - paper.top + 12
            small = sheet.styles.small
            brand = Text(sheet.words(self.brand, small), sheet.faces)
            self._ends(canvas, brand, [Run(self.title, small)], y + small.leading + 3)
            self._line(canvas, y)
        y = paper.bottom - 10
        self._line(canvas, y)
        label = sheet.styles.label
        number = sheet.plain("report.page", page=page, pages=pages)
        self._ends(canvas, Text([Run(self.footer, label)], sheet.faces), [Run(number, label)], y - 4)

    def _ends(self, canvas: Canvas, left: Text, right: list[Run], top: float) -> None:
        paper = self.paper
        end = Text(right, self.sheet.faces, align=Align.RIGHT)
        reserved = end.natural_width() + 2
        left.draw(canvas, paper.left, top, paper.column - reserved - 8, 0)
        end.draw(canvas, paper.left + paper.column - reserved, top, reserved, 0)

    def _line(self, canvas: Canvas, y: float) -> None:
        canvas.setStrokeColor(colour(self.sheet.layout.colours.hairline))
        canvas.setLineWidth(0.5)
        canvas.line(self.paper.left, y, self.paper.width - self.paper.right, y)

    def _watermark(self, canvas: Canvas) -> None:
        words = self.sheet.plain("report.draft").replace(" / ", " ")
        canvas.saveState()
        canvas.translate(self.paper.width / 2, self.paper.height / 2)
        canvas.rotate(52)
        canvas.setFont(BOLD, min(120.0, 520.0 / max(canvas.stringWidth(words, BOLD, 1), 1)))
        canvas.setFillColor(colour(self.sheet.layout.colours.watermark))
        canvas.drawCentredString(0, -20, words)
        canvas.restoreState()
