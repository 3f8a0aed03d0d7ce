"""What stands on every page of a document beside the 8D report: running head, footer, the draft's watermark."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf.blocks import Text
from eightd.reporting.pdf.pages import Paper
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.sheet import margins
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
            margins.watermark(canvas, paper, sheet, "report.draft")
        if page > 1:
            y = paper.height - paper.top + 12
            small = sheet.styles.small
            brand = Text(sheet.words(self.brand, small), sheet.faces)
            margins.ends(canvas, paper, brand, self._right(Run(self.title, small)), y + small.leading + 3)
            margins.line(canvas, paper, sheet, y)
        y = paper.bottom - 10
        margins.line(canvas, paper, sheet, y)
        label = sheet.styles.label
        number = sheet.plain("report.page", page=page, pages=pages)
        footer = Text([Run(self.footer, label)], sheet.faces)
        margins.ends(canvas, paper, footer, self._right(Run(number, label)), y - 4)

    def _right(self, run: Run) -> Text:
        return Text([run], self.sheet.faces, align=Align.RIGHT)
