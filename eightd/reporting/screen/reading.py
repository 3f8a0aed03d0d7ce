"""Turn the blocks that a document is set from on paper into parts for the screen: one order, one wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from eightd.reporting.eight_d.pictures import PictureBlock
from eightd.reporting.eight_d.whys import Indented, WhyStep
from eightd.reporting.pdf.blocks import Block, Diagram, Stack, Text
from eightd.reporting.pdf.grid import Cell as PaperCell
from eightd.reporting.pdf.grid import Grid
from eightd.reporting.pdf.grid import Row as PaperRow
from eightd.reporting.pdf.pages import OwnPage
from eightd.reporting.pdf.text import Run
from eightd.reporting.screen.figure import strings, to_svg
from eightd.reporting.screen.parts import (
    Cell,
    Columns,
    Figure,
    Heading,
    Line,
    Part,
    Picture,
    Prose,
    Row,
    Span,
    Table,
)
from eightd.reporting.sheet.layout import Layout

_PICTURE = "picture"
_TWELFTHS = 12
_DEEPEST = 8


class Reader:
    """Reads blocks that were set with a layout: its colours and sizes say what a stretch of text means."""

    def __init__(self, layout: Layout) -> None:
        """Remember what each colour stands for."""
        colours, self._sizes = layout.colours, layout.sizes
        self._tones: Mapping[str, str] = {
            colours.grey: "grey",
            colours.accent: "accent",
            colours.alarm: "alarm",
            colours.good: "good",
        }

    def read(self, blocks: Iterable[Block]) -> tuple[Part, ...]:
        """Return the parts in their order; what only paper needs (gaps, links between circles) is left out."""
        return tuple(part for block in blocks for part in self._parts(block))

    def _parts(self, block: Block) -> tuple[Part, ...]:
        match block:
            case Text():
                return self._prose(block)
            case Stack():
                return self.read(block.members)
            case OwnPage():
                return self.read(block.blocks)
            case WhyStep():
                return self._step(block)
            case Indented():
                return self._parts(block.inner)
            case PictureBlock():
                is_logo = not block.name.startswith(_PICTURE)
                return (Picture("" if is_logo else block.name.removeprefix(_PICTURE), is_logo),)
            case Diagram():
                label = " ".join(strings(block.drawing))
                return (Figure(to_svg(block.drawing, label), label),)
            case Grid():
                return self._grid(block)
            case _:
                return ()

    def _step(self, block: WhyStep) -> tuple[Part, ...]:
        """Return a step of a tree: its number before its first text, everything as deep as it stands."""
        inner = list(self._parts(block.inner))
        if inner and isinstance(inner[0], Prose):
            number = Span(f"{block.number} ", "accent", strong=True)
            inner[0] = replace(inner[0], lines=((number, *inner[0].lines[0]), *inner[0].lines[1:]))
        deep = min(block.level, _DEEPEST)
        return tuple(replace(one, indent=deep) if isinstance(one, Prose) else one for one in inner)

    def _prose(self, block: Text) -> tuple[Part, ...]:
        lines = self._lines(block.paragraphs)
        if not any(lines):
            return ()
        runs = [run for paragraph in block.paragraphs for run in paragraph if run.text.strip()]
        if block.keep and runs[0].style.bold and runs[0].style.size == self._sizes.subheading:
            return (Heading(lines, 3),)
        return (Prose(lines, block.align.value),)

    def _lines(self, paragraphs: Iterable[Sequence[Run]]) -> tuple[Line, ...]:
        return tuple(tuple(self._span(run) for run in paragraph if run.text) for paragraph in paragraphs)

    def _span(self, run: Run) -> Span:
        style = run.style
        return Span(
            run.text,
            tone=self._tones.get(style.colour, ""),
            strong=style.bold,
            small=style.size < self._sizes.body - 0.01,
        )

    def _grid(self, grid: Grid) -> tuple[Part, ...]:
        if grid.bookmark is not None:
            return (self._section_head(grid, grid.bookmark[0]),)
        shares = _shares(grid.weights)
        rows = [self._row(row, shares) for row in grid.rows]
        heads, body = tuple(rows[: grid.heads]), rows[grid.heads :]
        if not grid.heads:
            filled = tuple(row for row in body if any(cell.parts for cell in row.cells))
            return (Columns(filled),) if filled else ()
        named = [_plain(cell) for cell in heads[-1].cells]
        return (Table(heads, tuple(_under(row, named) for row in body)),)

    def _section_head(self, grid: Grid, key: str) -> Heading:
        texts = [cell.content for row in grid.rows for cell in row.cells if isinstance(cell.content, Text)]
        code = (
            "".join(run.text for paragraph in texts[0].paragraphs for run in paragraph)
            if len(texts) > 1
            else ""
        )
        return Heading(self._lines(texts[-1].paragraphs), 2, code, key.replace(".", "-"))

    def _row(self, row: PaperRow, shares: Sequence[int]) -> Row:
        cells, at = [], 0
        for cell in row.cells:
            cells.append(self._cell(cell, sum(shares[at : at + cell.span])))
            at += cell.span
        return Row(tuple(cells), bool(row.fill))

    def _cell(self, cell: PaperCell, share: int) -> Cell:
        return Cell(self._parts(cell.content), cell.span, bool(cell.fill), share=min(share, _TWELFTHS))


def _shares(weights: Sequence[float]) -> list[int]:
    """Return the weights in twelfths, at least one each."""
    total = sum(weights)
    return [max(1, round(_TWELFTHS * weight / total)) for weight in weights]


def _plain(cell: Cell) -> str:
    return " ".join(part.plain.replace("\n", " ") for part in cell.parts if isinstance(part, Prose))


def _under(row: Row, heads: Sequence[str]) -> Row:
    """Give each cell the head of its column, for narrow screens where a row becomes a card."""
    cells, at = [], 0
    for cell in row.cells:
        head = heads[at] if at < len(heads) else ""
        cells.append(Cell(cell.parts, cell.span, cell.fill, head, cell.share))
        at += cell.span
    return Row(tuple(cells), row.fill)
