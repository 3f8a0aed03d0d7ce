"""The head of a document beside the 8D report: plant or brand, title, number, date."""

from __future__ import annotations

from eightd.reporting.documents.facts import ComplaintDocument
from eightd.reporting.pdf.blocks import Block, Stack, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.sheet.sheet import Sheet, stacked
from eightd.reporting.sheet.wording import Wording


def brand(document: ComplaintDocument, sheet: Sheet) -> Wording:
    """Return the layout's brand text, or the plant's name where the layout has none."""
    chosen, plant = sheet.layout.brand, document.report.plant
    return Wording(chosen.zh or plant.zh, chosen.en or plant.en)


def head(document: ComplaintDocument, sheet: Sheet, logo: Block | None) -> list[Block]:
    """Return the head of the first page."""
    styles, colours, report = sheet.styles, sheet.layout.colours, document.report
    plant = Text(stacked(sheet.words(brand(document, sheet), styles.heading, styles.minor)), sheet.faces)
    runs = sheet.words(sheet.labels("document.title"), styles.title, styles.heading_minor)
    heading = Text(stacked(runs), sheet.faces, align=Align.RIGHT)
    left: Block = Stack([logo, plant.spaced(before=3)]) if logo else plant
    top = Grid((45, 55), [Row((Cell(left), Cell(heading)))], look=Look(pad_x=0, pad_y=0))
    white = styles.body.with_colour("#ffffff")
    number = Text([Run(report.number, styles.heading.with_colour("#ffffff"))], sheet.faces)
    stage = Text(sheet.words(document.stage, white, white), sheet.faces, align=Align.CENTRE)
    issued = f"{number_words(document, sheet)} · {sheet.day(report.issued_at)[:10]}"
    band = Grid(
        (30, 36, 34),
        [
            Row(
                (Cell(number), Cell(stage), Cell(Text([Run(issued, white)], sheet.faces, align=Align.RIGHT))),
                fill=colours.accent,
            )
        ],
        look=Look(pad_x=7, pad_y=4),
    )
    warning = Run(sheet.plain("report.internal"), styles.small.with_colour(colours.alarm))
    return [
        top.spaced(after=7),
        band.spaced(after=5),
        Text([warning], sheet.faces, align=Align.RIGHT).spaced(after=2),
    ]


def number_words(document: ComplaintDocument, sheet: Sheet) -> str:
    """Return what the document's own number is called; a preview has none."""
    if document.report.revision == 0:
        return sheet.plain("report.draft")
    return sheet.plain("document.number", number=document.report.revision)
