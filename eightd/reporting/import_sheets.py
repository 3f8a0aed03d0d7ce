"""Excel books around bringing in: templates to fill in, and the list of what was found in a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_HEAD = PatternFill("solid", fgColor="1F3A5F")
_NEEDED = PatternFill("solid", fgColor="9A3412")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of a template: heading, whether it must be filled, an example, and what may stand in it."""

    heading: str
    required: bool
    example: str
    explanation: str


def template_book(
    title: str, columns: Sequence[TemplateColumn], *, guide: str, guide_heads: Sequence[str]
) -> bytes:
    """Return a book with the headings and one example line, and a second sheet that explains each column."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title[:31])
    _write(sheet, [[column.heading for column in columns], [column.example for column in columns]])
    for place, column in enumerate(columns, start=1):
        sheet.cell(1, place).fill = _NEEDED if column.required else _HEAD
        sheet.column_dimensions[get_column_letter(place)].width = max(14, len(column.heading) * 2 + 2)
        sheet.cell(2, place).font = Font(italic=True, color="808080")
    rows = [[column.heading, "✓" if column.required else "", column.explanation] for column in columns]
    explained = book.create_sheet(guide[:31])
    _write(explained, [list(guide_heads), *rows])
    for letters, width in (("A", 28), ("B", 10), ("C", 90)):
        explained.column_dimensions[letters].width = width
    return _bytes(book)


def table_book(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a book of one sheet with texts only; nothing in it is ever a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title[:31])
    _write(sheet, [heads, *rows])
    for place, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(head) * 2 + 2)
    sheet.column_dimensions[get_column_letter(len(heads))].width = _WIDEST
    sheet.auto_filter.ref = sheet.dimensions
    return _bytes(book)


def _write(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = text
            cell.data_type = "s"  # never a formula, whatever it begins with
            cell.alignment = Alignment(vertical="top", wrap_text=number > 1)
            if number == 1:
                cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
    sheet.freeze_panes = "A2"


def _bytes(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
