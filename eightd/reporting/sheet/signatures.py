"""Boxes to sign in by hand."""

from __future__ import annotations

from collections.abc import Sequence

from eightd.reporting.pdf.blocks import Block, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Sheet


def signing_boxes(people: Sequence[str], sheet: Sheet) -> Block:
    """Return a box for each who has to sign; the label ``sign.<name>`` stands above it, ``text.signed`` below."""
    styles, colours = sheet.styles, sheet.layout.colours
    heads = Row(
        tuple(Cell(sheet.label(f"sign.{one}", below=True)) for one in people), fill=colours.band, keep=True
    )
    space = Text([Run("\n\n\n", styles.body)], sheet.faces)
    lines = Row(tuple(Cell(space) for _ in people), keep=True)
    dated = Row(tuple(Cell(sheet.text(sheet.say("text.signed", styles.minor))) for _ in people))
    look = Look(pad_x=5, pad_y=3, rule=colours.hairline, edge=colours.edge)
    return Grid((1.0,) * len(people), [heads, lines, dated], look=look, cuttable=False)
