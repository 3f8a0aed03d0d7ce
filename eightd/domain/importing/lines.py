"""Tell the lines of a sheet apart: records, blanks, totals, headings that come again, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eightd.domain.importing.cells import is_blank, key_of
from eightd.domain.importing.grid import Sheet
from eightd.domain.importing.layout import Layout

_TOTALS = (
    "合计",
    "总计",
    "小计",
    "累计",
    "共计",
    "合计:",
    "总计:",
    "小计:",
    "total",
    "subtotal",
    "sum",
    "grandtotal",
    "total:",
)
_FEW = 2


class Line(StrEnum):
    """What a line below the headings is."""

    RECORD = "record"
    BLANK = "blank"
    TOTAL = "total"
    HEADING = "heading"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Told:
    """A line with what it is."""

    row: int
    line: Line


def tell(sheet: Sheet, layout: Layout, columns: Sequence[int]) -> Iterator[Told]:
    """Yield every line below the headings, by the columns that are read.

    A total is a line with such a word in a short cell and few others filled. A line with one text alone, right
    across or in the first column, is a note. Cells under a merged one count as filled.
    """
    above = [
        {(column, key_of(sheet.at(row, column))) for column in range(sheet.width)}
        for row in range(layout.first, min(layout.last + 1, len(sheet.rows)))
    ]
    for row in range(layout.last + 1, len(sheet.rows)):
        yield Told(row, _line(sheet, row, columns, above))


def _line(sheet: Sheet, row: int, columns: Sequence[int], above: list[set[tuple[int, str]]]) -> Line:
    filled = [(column, cell) for column, cell in enumerate(sheet.rows[row]) if not is_blank(cell)]
    if not filled:
        return Line.BLANK
    keys = {(column, key_of(cell)) for column, cell in filled}
    if len(filled) > _FEW and any(len(keys & heads) * 2 > len(filled) for heads in above):
        return Line.HEADING
    read = [column for column in columns if not is_blank(sheet.at(row, column))]
    is_total = any(key in _TOTALS or key.startswith(("合计", "总计", "小计")) for _column, key in keys)
    if is_total and len(read) * 2 <= len(columns):
        return Line.TOTAL
    if len(filled) == 1 and len(columns) > _FEW and len(read) <= 1:
        return Line.NOTE
    return Line.RECORD
