"""Test results of pieces as a table to be filled in or kept: as text in columns and as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from eightd.reporting.excel.stream import CONTENT_TYPE

CSV, XLSX = "text/csv", CONTENT_TYPE
_WIDTHS = (22, 14, 12, 14, 30, 30, 30, 30)
_MEASURED_WIDTH = 14
_ROWS = 1_001  # as many as are taken, and the headings


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the rows, marked as UTF-8 so that spreadsheets read their Chinese; nothing in them is a formula."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(
        [f"'{cell}" if cell.startswith(("=", "+", "@")) else cell for cell in row] for row in rows
    )
    return lines.getvalue().encode("utf-8-sig")


def as_workbook(
    rows: Sequence[Sequence[str]], title: str, choices: Mapping[int, Sequence[str]], choices_title: str
) -> bytes:
    """Return a workbook with headings and rows as text, so that serials keep their noughts.

    ``choices`` are the words offered in a column, by its index from 0; they stand on a second sheet.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet, offered = book.create_sheet(title), book.create_sheet(choices_title)
    for line, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            _write(sheet.cell(line, column), text)
    for at in range(len(rows[0])):
        letter = get_column_letter(at + 1)
        sheet.column_dimensions[letter].width = _WIDTHS[at] if at < len(_WIDTHS) else _MEASURED_WIDTH
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "B2"
    for place, (at, words) in enumerate(choices.items(), 1):
        _offer(sheet, offered, at, place, rows[0][at], words)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _offer(
    sheet: Worksheet, offered: Worksheet, at: int, place: int, heading: str, words: Sequence[str]
) -> None:
    """Write the words down on the second sheet and let the column of the first one choose from them."""
    letter = get_column_letter(place)
    _write(offered.cell(1, place), heading)
    offered[f"{letter}1"].font = Font(bold=True)
    offered.column_dimensions[letter].width = 44
    for line, text in enumerate(words, 2):
        _write(offered.cell(line, place), text)
    if not words:
        return
    source = f"'{offered.title}'!${letter}$2:${letter}${len(words) + 1}"
    rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=False)
    column = get_column_letter(at + 1)
    rule.add(f"{column}2:{column}{_ROWS}")
    sheet.add_data_validation(rule)


def _write(cell: object, text: str) -> None:
    """Write a text as text, whatever it begins with."""
    if isinstance(cell, Cell):
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
