"""D4: what changed before, the fishbone, the causes, their 5-Why chains, pieces without a fault."""

from __future__ import annotations

from dataclasses import fields

from reportlab.pdfgen.canvas import Canvas

from eightd.domain.discipline.answers import CauseAnswer, CauseState, Fishbone, RootCause
from eightd.reporting.fishbone import Bone, Palette, fishbone, to_drawing
from eightd.reporting.pdf.blocks import Block, Diagram, Text, colour
from eightd.reporting.pdf.fonts import BOLD
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Run, clean
from eightd.reporting.sheet.sheet import Entry, Sheet, TableRow, percent


def causes(answer: CauseAnswer, sheet: Sheet, effect: str) -> list[Block]:
    """Return D4; ``effect`` stands at the head of the fishbone."""
    pieces = "" if answer.ntf_quantity is None else f"{answer.ntf_quantity} pcs"
    ntf = " · ".join(part for part in (pieces, answer.ntf_text) if part)
    return [
        *sheet.rows([Entry("field.changes_before", answer.changes_before)]),
        *_fishbone(answer.fishbone, sheet, effect),
        *_overview(answer, sheet),
        *_chains(answer, sheet),
        *sheet.rows([Entry("field.ntf", ntf)]),
    ]


def cause_code(index: int) -> str:
    """Return the short name by which actions refer to a cause; ``index`` counts from 0."""
    return f"C{index + 1}"


def _fishbone(bones: Fishbone, sheet: Sheet, effect: str) -> list[Block]:
    if not any(getattr(bones, one.name) for one in fields(bones)):
        return []
    colours = sheet.layout.colours
    ribs = []
    for one in fields(bones):
        runs = sheet.words(sheet.labels(f"fishbone.{one.name}"), sheet.styles.strong)
        texts = tuple(clean(cause.text, sheet.faces) for cause in getattr(bones, one.name))
        ribs.append(Bone(tuple(run.text.strip() for run in runs), texts))
    palette = Palette(
        line=colours.grey, text=colours.ink, box=colours.band, box_text=colours.accent, head=colours.accent
    )
    shown = clean(effect, sheet.faces) or sheet.plain("text.problem")
    paper = sheet.layout.paper()
    figure = fishbone(shown, ribs, width=paper.column)
    limit = paper.start(2) - paper.bottom - 40
    diagram = Diagram(to_drawing(figure, palette), limit=limit).spaced(before=3, after=6)
    return [sheet.subheading("title.fishbone"), diagram]


def _overview(answer: CauseAnswer, sheet: Sheet) -> list[Block]:
    table = sheet.table(
        "causes",
        [
            TableRow(
                (
                    [Run(cause_code(index), sheet.styles.strong)],
                    sheet.say(f"path.{one.path.value}"),
                    one.text,
                    percent(one.share_percent),
                    _state(one, sheet),
                )
            )
            for index, one in enumerate(answer.causes)
        ],
    )
    return [sheet.subheading("title.causes"), *table] if table else []


def _state(cause: RootCause, sheet: Sheet) -> list[Run]:
    colours = sheet.layout.colours
    shade = colours.good if cause.state is CauseState.VERIFIED else colours.alarm
    key = f"cause_state.{cause.state.value}"
    return sheet.words(sheet.labels(key), sheet.styles.strong.with_colour(shade))


class _Link(Block):
    """The number of one why in a circle, tied to the one before and the one after."""

    def __init__(self, number: int, *, last: bool, shade: str, line: str, size: float) -> None:
        self._number = number
        self._last = last
        self._shade = shade
        self._line = line
        self._size = size

    def height(self, width: float) -> float:
        del width
        return self._size * 1.9

    def cut(self, width: float, room: float, *, force: bool = False) -> None:
        del width, room, force

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        radius = self._size * 0.86
        middle, y = x + width / 2, top - radius - 0.5
        if not self._last:
            canvas.setStrokeColor(colour(self._line))
            canvas.setLineWidth(0.9)
            canvas.line(middle, y, middle, top - height - 7)
        canvas.setFillColor(colour(self._shade))
        canvas.circle(middle, y, radius, stroke=0, fill=1)
        text = canvas.beginText(0, 0)
        text.setFont(BOLD, self._size)
        text.setFillColor(colour("#ffffff"))
        text.setTextOrigin(
            middle - canvas.stringWidth(str(self._number), BOLD, self._size) / 2, y - self._size * 0.36
        )
        text.textOut(str(self._number))
        canvas.drawText(text)


def _chains(answer: CauseAnswer, sheet: Sheet) -> list[Block]:
    blocks = [
        _chain(index, cause, sheet) for index, cause in enumerate(answer.causes) if cause.whys or cause.how
    ]
    return [sheet.subheading("title.whys"), *blocks] if blocks else []


def _chain(index: int, cause: RootCause, sheet: Sheet) -> Block:
    """Return one cause with its chain from the symptom down, and how it was proven."""
    styles, colours = sheet.styles, sheet.layout.colours
    head = [
        Run(f"{cause_code(index)}  ", styles.strong.with_colour(colours.accent)),
        *sheet.words(sheet.labels(f"path.{cause.path.value}"), styles.strong, styles.minor),
    ]
    rows = [Row((Cell(Text(head, sheet.faces), span=2),), fill=colours.soft, keep=True)]
    whys = [why.text for why in cause.whys if why.text.strip()]
    for number, why in enumerate(whys, start=1):
        last = number == len(whys)
        link = _Link(
            number,
            last=last,
            shade=colours.accent if last else colours.grey,
            line=colours.edge,
            size=styles.label.size,
        )
        text = sheet.text(why, style=styles.strong if last else styles.body)
        rows.append(Row((Cell(link), Cell(text)), keep=number == len(whys) - 1))
    if cause.how.strip():
        key = "text.verified_how" if cause.state is CauseState.VERIFIED else "text.hypothesis_how"
        label = sheet.words(sheet.labels(key), styles.label, styles.label_minor)
        proof = sheet.text([*label, Run("\n", styles.body), *sheet.runs(cause.how)])
        rows.append(Row((Cell(Text((), sheet.faces)), Cell(proof))))
    return Grid((6, 94), rows, look=Look(pad_x=5, pad_y=2.2, edge=colours.edge)).spaced(before=5, after=5)
