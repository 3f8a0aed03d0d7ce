"""The empty table of days that administrators fill in and upload: as text in columns and as a workbook."""

from __future__ import annotations

import csv
import io
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Font

from eightd.domain.words import Language
from eightd.reporting.excel.stream import CONTENT_TYPE

CSV, XLSX = "text/csv", CONTENT_TYPE
_HEADINGS = {
    Language.ZH: ("日期", "类型", "中文名称", "英文名称"),
    Language.EN: ("date", "kind", "name_zh", "name_en"),
}
_WORDS = {Language.ZH: ("休", "班"), Language.EN: ("off", "on")}
_WIDTHS = (14, 10, 28, 34)


def as_csv(language: Language, year: int) -> bytes:
    """Return the table with two example lines, marked as UTF-8 so that spreadsheets read its Chinese."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(_HEADINGS[language])
    writer.writerows((on.isoformat(), *words) for on, *words in _examples(language, year))
    return lines.getvalue().encode("utf-8-sig")


def as_workbook(language: Language, year: int) -> bytes:
    """Return the same as an Excel workbook, its dates as dates."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(str(year))
    sheet.append(_HEADINGS[language])
    for row in _examples(language, year):
        sheet.append(row)
        sheet.cell(sheet.max_row, 1).number_format = "yyyy-mm-dd"
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _examples(language: Language, year: int) -> tuple[tuple[date, str, str, str], ...]:
    """Return a day off and a working day of the year, to be overwritten."""
    off, on = _WORDS[language]
    return (
        (date(year, 1, 1), off, "元旦", "New Year's Day"),
        (date(year, 1, 2), on, "元旦调休上班", "make-up working day"),
    )
