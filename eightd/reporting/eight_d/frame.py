"""What stands on every page: running head, footer with the check code, marks of a draft or a withdrawn revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.eight_d.document import EightDDocument
from eightd.reporting.eight_d.header import brand, revision, standing, title_key
from eightd.reporting.pdf.blocks import Text
from eightd.reporting.pdf.pages import Paper
from eightd.reporting.pdf.qr_code import draw_code
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.sheet import margins
from eightd.reporting.sheet.sheet import Sheet

_GAP = 7.0  # between the check code and what stands beside it


@dataclass(frozen=True, slots=True)
class Frame:
    """Draws the margins of one report; ``papers`` has the size of each page."""

    document: EightDDocument
    sheet: Sheet
    papers: Sequence[Paper]
    content_hash: str

    def __call__(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw what lies around and under the content of the page."""
        paper = self.papers[page - 1]
        if self.document.withdrawn is not None:
            margins.watermark(canvas, paper, self.sheet, "report.withdrawn")
            self._withdrawn(canvas, paper)
        elif self.document.revision == 0:
            margins.watermark(canvas, paper, self.sheet, "report.draft")
        if page > 1:
            self._running_head(canvas, paper)
        self._footer(canvas, paper, self.sheet.plain("report.page", page=page, pages=pages))

    def _running_head(self, canvas: Canvas, paper: Paper) -> None:
        sheet = self.sheet
        y = paper.height - paper.top + 12
        left = Text(sheet.words(brand(self.document, sheet), sheet.styles.small), sheet.faces)
        words = [Run(f"{sheet.plain(title_key(self.document))} · {self.document.number}", sheet.styles.small)]
        right = Text(words, sheet.faces, align=Align.RIGHT)
        margins.ends(canvas, paper, left, right, y + sheet.styles.small.leading + 3)
        margins.line(canvas, paper, sheet, y)

    def _footer(self, canvas: Canvas, paper: Paper, page: str) -> None:
        """Draw number, revision and hash; what is in one's hand is confirmed by the code beside them."""
        sheet, document = self.sheet, self.document
        y = paper.bottom - 10
        margins.line(canvas, paper, sheet, y)
        style = sheet.styles.label
        first = f"{document.number} · {revision(document, sheet)} · {standing(document, sheet)}"
        second = f"{sheet.plain('report.hash')} {self.content_hash[:16]}"
        lines = [Run(first, style)]
        if document.check_url:
            lines += [Run(f"\n{second}", style), Run(f"\n{sheet.plain('report.check')}", style)]
        else:
            lines = [Run(f"{first} · {second}", style)]
        left = Text(lines, sheet.faces)
        right = Text([Run(page, style)], sheet.faces, align=Align.RIGHT)
        indent = 0.0
        if document.check_url:
            side = min(sheet.layout.page.code * mm, y - 4 - 6 * mm)
            draw_code(canvas, document.check_url, paper.left, y - 4 - side, side)
            indent = side + _GAP
        margins.ends(canvas, paper, left, right, y - 4, indent=indent)

    def _withdrawn(self, canvas: Canvas, paper: Paper) -> None:
        """Draw across the upper edge that the revision no longer holds, and why."""
        sheet = self.sheet
        style = sheet.styles.small.with_colour(sheet.layout.colours.alarm)
        why = sheet.words(self.document.withdrawn, style, style) if self.document.withdrawn else []
        mark = Run(sheet.plain("report.withdrawn"), sheet.styles.strong.with_colour(style.colour))
        words = [mark, *([Run("   ", style), *why] if why else [])]
        line = Text(words, sheet.faces)
        line.draw(canvas, paper.left, paper.height - 5 * mm, paper.column, 0)
