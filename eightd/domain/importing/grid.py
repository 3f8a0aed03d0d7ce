"""A sheet as its cells lie: rows from the top, merged cells, addresses such as B7."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from eightd.domain.importing.cells import Cell, is_blank


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one, all four ends included, counted from nought."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet; rows may be of different lengths. Excel keeps a merged cell's value in its upper left corner."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[Merge, ...] = ()

    @cached_property
    def width(self) -> int:
        """Return the number of columns up to the last that holds anything anywhere."""
        return max((len(row) for row in self.rows), default=0)

    @cached_property
    def _hidden_by(self) -> dict[tuple[int, int], Merge]:
        """Return, for each cell under a merged one but its corner, the merge it belongs to."""
        found: dict[tuple[int, int], Merge] = {}
        for merge in self.merges:
            for row in range(merge.top, min(merge.bottom + 1, len(self.rows))):
                for column in range(merge.left, min(merge.right + 1, self.width)):
                    if (row, column) != (merge.top, merge.left):
                        found[row, column] = merge
        return found

    def at(self, row: int, column: int) -> Cell:
        """Return what is seen at a place: the value of the merged cell that covers it, else its own."""
        covering = self._hidden_by.get((row, column)) if self._hidden_by else None
        if covering is not None:
            row, column = covering.top, covering.left
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def begun_above(self, row: int, column: int) -> int | None:
        """Return the row where the merged cell covering this place begins, None where it is no such one."""
        covering = self._hidden_by.get((row, column)) if self._hidden_by else None
        return covering.top if covering is not None and covering.top < row else None

    def is_empty(self, row: int) -> bool:
        """Return whether nothing was written in the row itself."""
        return all(is_blank(cell) for cell in self.rows[row])


def letters(column: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    column, name = column + 1, ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """Return how the spreadsheet calls a cell, such as B7 for row 6 and column 1."""
    return f"{letters(column)}{row + 1}"
