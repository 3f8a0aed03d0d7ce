"""Read an uploaded table of days, told by its content: Excel, iCal, else text in columns."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from eightd.domain.words import Phrase
from eightd.usecases.administration.calendar_tables.cells import Row, TableDay, days_of
from eightd.usecases.administration.calendar_tables.events import days_of_feed
from eightd.usecases.administration.calendar_tables.workbook import rows_of_workbook
from eightd.usecases.errors import Invalid
from eightd.usecases.office_files import OLD_OFFICE, is_old_office, is_zip

MOST_BYTES = 2 * 2**20
"""A year of days is a few kilobytes."""

_EMPTY = Phrase("table.empty_file", "The file is empty.", "文件为空。")
_TOO_LARGE = Phrase(
    "table.too_large", "Such a table has less than {most} MB.", "此类表格文件应小于 {most} MB。"
)
_NOT_TEXT = Phrase(
    "table.not_text",
    "This is neither Excel (.xlsx) nor iCal (.ics) nor text in columns (.csv).",
    "该文件不是 Excel (.xlsx)、iCal (.ics) 或分列文本 (.csv)。",
)
_NO_COLUMNS = Phrase(
    "table.no_columns",
    "No columns are found: part them by comma, semicolon or tab.",
    "未找到分列：请以逗号、分号或制表符分隔。",
)
_BROKEN_TEXT = Phrase(
    "table.broken_text",
    "Line {line} cannot be read: a quotation mark is not closed.",
    "第 {line} 行无法识别：引号未闭合。",
)
_SEPARATORS = (",", ";", "\t", "，", "；")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_table(filename: str, content: bytes, *, this_year: int) -> tuple[TableDay, ...]:
    """Return the days of an uploaded table in order; yearly events are repeated for five years from ``this_year``.

    Raises Invalid: with one message under ``file`` for a file that cannot be taken at all, with one under
    ``line-…`` for each line that cannot; then no day is taken.
    """
    begun = _begun(content)
    if isinstance(begun, str) and begun.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
        return days_of_feed(begun.lstrip(), this_year=this_year)
    return days_of(_rows(filename, content, begun))


def read_rows(filename: str, content: bytes, *, columns: int) -> list[Row]:
    """Return the rows of any uploaded table, Excel or text in columns, with so many columns of a workbook.

    Raises Invalid with one message under ``file`` for what cannot be taken.
    """
    return list(_rows(filename, content, _begun(content), columns=columns))


def _begun(content: bytes) -> str | None:
    """Return the text of a file, None for an archive; raise Invalid for what is empty, too large or old."""
    if not content:
        raise Invalid({"file": _EMPTY.say()})
    if len(content) > MOST_BYTES:
        raise Invalid({"file": _TOO_LARGE.say(most=MOST_BYTES // 2**20)})
    if is_old_office(content) or is_zip(content):
        return None
    return _decoded(content)


def _rows(filename: str, content: bytes, text: str | None, *, columns: int = 12) -> Iterator[Row]:
    name = filename[-60:] or "?"
    if text is not None:
        return _rows_of_text(text)
    if is_old_office(content):
        raise Invalid({"file": OLD_OFFICE.say(name=name)})
    return rows_of_workbook(name, content, columns=columns)


def _decoded(content: bytes) -> str:
    """Return the text: by its byte order mark, else UTF-8, else as Chinese spreadsheets write it."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid({"file": _NOT_TEXT.say()})


def _rows_of_text(text: str) -> Iterator[Row]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    if first.count(separator) == 0:
        raise Invalid({"file": _NO_COLUMNS.say()})
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True
    )
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise Invalid({"file": _BROKEN_TEXT.say(line=begins)}) from None
