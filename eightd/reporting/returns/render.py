"""Render a paper of a return as PDF: the same facts and language give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from eightd.domain.returns.papers import ReturnPaper
from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.blocks import Block, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.pages import About, Paper, distribute, write
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.returns import sections
from eightd.reporting.returns.codes import Codes
from eightd.reporting.returns.facts import ReturnFacts
from eightd.reporting.returns.layouts import read_labels, read_layout
from eightd.reporting.sheet import margins
from eightd.reporting.sheet.sheet import Sheet, stacked
from eightd.reporting.sheet.wording import ReportLanguage, Wording

_LABEL_CODE = 74.0  # points high
_HEAD_CODE = 34.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """Draws the margins: what the paper is, as of when, which page."""

    sheet: Sheet
    paper: Paper
    footer: str

    def __call__(self, canvas: Canvas, page: int, pages: int) -> None:
        sheet, y = self.sheet, self.paper.bottom - 10
        label = sheet.styles.label
        margins.line(canvas, self.paper, sheet, y)
        left = Text([Run(self.footer, label)], sheet.faces)
        number = Run(sheet.plain("report.page", page=page, pages=pages), label)
        margins.ends(canvas, self.paper, left, Text([number], sheet.faces, align=Align.RIGHT), y - 4)


def render_paper(facts: ReturnFacts, *, language: ReportLanguage, reports: Path) -> bytes:
    """Return the paper as PDF; ``reports`` holds a folder per paper and ``fonts/``. Raises MalformedLayout."""
    layout = read_layout(reports, facts.paper)
    sheet = Sheet(
        labels=read_labels(reports, facts.paper),
        layout=layout,
        language=language,
        faces=fonts.load(reports / "fonts"),
        zone=facts.zone,
    )
    title = f"{sheet.plain('paper.title')} {facts.number}"
    about = About(
        title=title,
        author=" / ".join(dict.fromkeys(filter(None, (facts.plant.zh, facts.plant.en)))),
        subject=title,
        keywords=facts.number,
        language=language.tag,
        moment=facts.at,
    )
    blocks = _label_head(facts, sheet) if facts.paper is ReturnPaper.LABEL else _head(facts, sheet)
    for name in layout.sections["full"]:
        blocks += sections.section(name, facts, sheet)
    footer = " · ".join(
        (facts.number, sheet.plain("paper.footer"), sheet.plain("paper.as_of", at=sheet.day(facts.at)))
    )
    paper = layout.paper()
    return write(distribute(blocks, paper), paper, about, _Frame(sheet, paper, footer))


def _label_head(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    """Return what is stuck on the parcel: its number in large type with both codes."""
    styles = sheet.styles
    number = Text([Run(facts.parcel, styles.title)], sheet.faces)
    title = Text(sheet.words(sheet.labels("paper.title"), styles.heading, styles.heading_minor), sheet.faces)
    stick = sheet.text(sheet.say("text.stick", styles.minor))
    return [
        title.spaced(after=4),
        Codes(facts.parcel, facts.code, height=_LABEL_CODE).spaced(after=5),
        number.spaced(after=2),
        stick.spaced(after=9),
    ]


def _head(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    """Return plant, title and codes, and the band with number, stage and date."""
    styles, colours = sheet.styles, sheet.layout.colours
    brand = sheet.layout.brand
    name = Wording(brand.zh or facts.plant.zh, brand.en or facts.plant.en)
    plant = Text(stacked(sheet.words(name, styles.heading, styles.minor)), sheet.faces)
    title = Text(
        stacked(sheet.words(sheet.labels("paper.title"), styles.title, styles.heading_minor)), sheet.faces
    )
    codes = Codes(facts.number, facts.code, height=_HEAD_CODE)
    look = Look(pad_x=0, pad_y=0)
    top = Grid((28, 30, 42), [Row((Cell(plant), Cell(title), Cell(codes)))], look=look)
    white = styles.body.with_colour("#ffffff")
    number = Text([Run(facts.number, styles.heading.with_colour("#ffffff"))], sheet.faces)
    stage = Text(sheet.words(facts.stage, white, white), sheet.faces, align=Align.CENTRE)
    at = Text(
        [Run(sheet.plain("paper.as_of", at=sheet.day(facts.at)), white)], sheet.faces, align=Align.RIGHT
    )
    band = Grid(
        (34, 26, 40),
        [Row((Cell(number), Cell(stage), Cell(at)), fill=colours.accent)],
        look=Look(pad_x=7, pad_y=4),
    )
    return [top.spaced(after=7), band.spaced(after=8)]
