"""Tables that break well: heads repeated, rows kept whole where they can be, long cells cut between lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf.blocks import Block, Gap, colour

_WHOLE_TABLE = 150.0  # a table lower than this is not cut
_WHOLE_ROW = 110.0  # a row lower than this is not cut
_ROWS_BEFORE_ALONE = 3  # rows that let one go over with a last one
_WORTH_FILLING = 48.0  # do not begin a cut row in less room than this


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its content, how many columns it takes, and what lies behind it."""

    content: Block
    span: int = 1
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``keep`` holds it on the page of the next row, ``rule`` is the colour of the line below.

    ``mark`` is the colour of a bar beside the row, at the left of the table.
    """

    cells: tuple[Cell, ...]
    fill: str = ""
    rule: str = ""
    keep: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Paddings in points and rules of a table; an empty colour draws no line."""

    pad_x: float = 4.0
    pad_y: float = 3.0
    rule: str = ""
    edge: str = ""
    rule_width: float = 0.4
    flush: bool = False  # no padding at the outer left and right
    bar: str = ""  # a thick line along the left side


class Grid(Block):
    """Rows of cells in columns of given weights; the first ``heads`` rows repeat on every page."""

    def __init__(
        self,
        weights: Sequence[float],
        rows: Sequence[Row],
        *,
        look: Look,
        heads: int = 0,
        cuttable: bool = True,
    ) -> None:
        self._weights = tuple(weights)
        self._rows = tuple(rows)
        self._look = look
        self._heads = heads
        self._cuttable = cuttable
        self._heights: tuple[float, list[float]] | None = None

    @property
    def weights(self) -> Sequence[float]:
        """Return the columns' shares of the width."""
        return self._weights

    @property
    def rows(self) -> Sequence[Row]:
        """Return the rows, the heads first."""
        return self._rows

    @property
    def heads(self) -> int:
        """Return how many rows are heads."""
        return self._heads

    def _columns(self, width: float) -> list[float]:
        total = sum(self._weights)
        return [width * weight / total for weight in self._weights]

    def _inner(self, first: int, span: int, columns: Sequence[float]) -> tuple[float, float]:
        """Return the left padding and the width inside a cell."""
        look = self._look
        left = 0.0 if look.flush and first == 0 else look.pad_x
        right = 0.0 if look.flush and first + span >= len(columns) else look.pad_x
        return left, sum(columns[first : first + span]) - left - right

    def _row_height(self, row: Row, columns: Sequence[float]) -> float:
        at, height = 0, 0.0
        for cell in row.cells:
            height = max(height, cell.content.height(self._inner(at, cell.span, columns)[1]))
            at += cell.span
        return height + 2 * self._look.pad_y

    def _row_heights(self, width: float) -> list[float]:
        if self._heights is None or abs(self._heights[0] - width) > 0.01:
            columns = self._columns(width)
            self._heights = (width, [self._row_height(row, columns) for row in self._rows])
        return self._heights[1]

    def height(self, width: float) -> float:
        """Return the sum of the rows."""
        return sum(self._row_heights(width))

    def least(self, width: float) -> float:
        """Return a small table whole, else its heads and the first row, or as much as may be cut off it."""
        heights = self._row_heights(width)
        total = sum(heights)
        if total <= _WHOLE_TABLE or not self._cuttable or len(heights) <= self._heads:
            return total
        count = self._heads + 1
        while count < len(heights) and self._rows[count - 1].keep:
            count += 1
        kept = sum(heights[: count - 1])
        last = heights[count - 1]
        return kept + (
            last if last <= _WHOLE_ROW else min(last, self._least_of(self._rows[count - 1], width))
        )

    def _least_of(self, row: Row, width: float) -> float:
        """Return the height of the smallest part of a high row that is worth beginning."""
        columns = self._columns(width)
        at, least = 0, _WORTH_FILLING
        for cell in row.cells:
            least = max(least, cell.content.least(self._inner(at, cell.span, columns)[1]))
            at += cell.span
        return least + 2 * self._look.pad_y

    def cut(self, width: float, room: float, *, force: bool = False) -> tuple[Block, Block] | None:
        """Cut between rows; inside a row only where it is high, or forced."""
        heights = self._row_heights(width)
        if not force and (not self._cuttable or sum(heights) <= _WHOLE_TABLE):
            return None
        used = sum(heights[: self._heads])
        at = self._heads
        while at < len(heights) and used + heights[at] <= room + 0.01:
            used += heights[at]
            at += 1
        if at >= len(heights):
            return None
        left = room - used
        # A row that opens a group stays with its group, unless the group's next row is cut here.
        parts: tuple[Row, Row] | None = None
        nothing_yet = at == self._heads
        if (heights[at] > _WHOLE_ROW and left >= _WORTH_FILLING) or (force and nothing_yet):
            parts = self._cut_row(self._rows[at], width, left, force=force)
        if parts is None:
            together = at
            if at == len(heights) - 1 and at - self._heads >= _ROWS_BEFORE_ALONE:
                at -= 1  # no row stands alone on the next page
            while at > self._heads and self._rows[at - 1].keep:
                at -= 1
            if at == self._heads and force:
                at = together
            if at == self._heads:
                return None
            return self._with(self._rows[:at]), self._with(self._head_rows() + self._rows[at:])
        return (
            self._with((*self._rows[:at], parts[0])),
            self._with((*self._head_rows(), parts[1], *self._rows[at + 1 :])),
        )

    def _head_rows(self) -> tuple[Row, ...]:
        return self._rows[: self._heads]

    def _with(self, rows: Sequence[Row]) -> Grid:
        grid = Grid(self._weights, rows, look=self._look, heads=self._heads, cuttable=self._cuttable)
        grid.before, grid.after = self.before, self.after
        return grid

    def _cut_row(self, row: Row, width: float, room: float, *, force: bool) -> tuple[Row, Row] | None:
        columns = self._columns(width)
        inside = room - 2 * self._look.pad_y
        heads: list[Cell] = []
        tails: list[Cell] = []
        at = 0
        for cell in row.cells:
            own = self._inner(at, cell.span, columns)[1]
            at += cell.span
            if cell.content.height(own) <= inside + 0.01:
                heads.append(cell)
                tails.append(replace(cell, content=Gap(0)))
                continue
            parts = cell.content.cut(own, inside) or (
                cell.content.cut(own, inside, force=True) if force else None
            )
            if parts is None:
                return None
            heads.append(replace(cell, content=parts[0]))
            tails.append(replace(cell, content=parts[1]))
        return replace(row, cells=tuple(heads), rule=""), replace(row, cells=tuple(tails))

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw fills, contents and rules row by row."""
        columns = self._columns(width)
        look = self._look
        y = top
        canvas.saveState()
        canvas.setLineWidth(look.rule_width)
        for index, (row, own) in enumerate(zip(self._rows, self._row_heights(width), strict=True)):
            self._draw_row(canvas, row, (x, y), columns, own)
            if row.mark:
                canvas.setFillColor(colour(row.mark))
                canvas.rect(x - 6, y - own + 1, 2, own - 2, stroke=0, fill=1)
            y -= own
            line = row.rule or look.rule
            if line and index < len(self._rows) - 1:
                canvas.setStrokeColor(colour(line))
                canvas.line(x, y, x + width, y)
        if look.edge:
            canvas.setStrokeColor(colour(look.edge))
            canvas.setLineWidth(0.8)
            canvas.line(x, top, x + width, top)
            canvas.line(x, y, x + width, y)
        if look.bar:
            canvas.setFillColor(colour(look.bar))
            canvas.rect(x, y, 2.2, top - y, stroke=0, fill=1)
        canvas.restoreState()
        del height

    def _draw_row(
        self,
        canvas: Canvas,
        row: Row,
        corner: tuple[float, float],
        columns: Sequence[float],
        height: float,
    ) -> None:
        x, y = corner
        if row.fill:
            canvas.setFillColor(colour(row.fill))
            canvas.rect(x, y - height, sum(columns), height, stroke=0, fill=1)
        at, left = 0, x
        for cell in row.cells:
            width = sum(columns[at : at + cell.span])
            if cell.fill:
                canvas.setFillColor(colour(cell.fill))
                canvas.rect(left, y - height, width, height, stroke=0, fill=1)
            pad, inner = self._inner(at, cell.span, columns)
            inside = height - 2 * self._look.pad_y
            cell.content.draw(canvas, left + pad, y - self._look.pad_y, inner, inside)
            at += cell.span
            left += width
