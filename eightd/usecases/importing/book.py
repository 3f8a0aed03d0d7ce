"""Read an Excel book or a CSV file into sheets of plain cells, refusing quickly what was made to harm.

A book is an archive of XML. Before anything is parsed its parts are unpacked within limits, looked through for
definitions (entities) and counted, and packed anew with what they really hold: whoever parses it afterwards meets no
size that was lied about.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import python_calamine

from eightd.domain.importing.cells import Cell
from eightd.domain.importing.grid import Merge, Sheet
from eightd.domain.words import Message, Phrase
from eightd.usecases.errors import Invalid
from eightd.usecases.office_files import (
    BROKEN,
    OLD_OFFICE,
    UNPACKS_TOO_LARGE,
    is_old_office,
    is_zip,
    office_kind,
)

MOST_ROWS = 50_000
"""Rows of one file, empty ones with formats counted: a book of a million has been formatted to the end."""

MOST_COLUMNS = 400
MOST_SHEETS = 60
_LARGEST_AREA = 6_000_000
_MOST_MERGES = 100_000
_MOST_BYTES = 200 * 2**20
_MOST_TEXT = 100 * 2**20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EMPTY = Phrase("import.empty_file", "{name}: the file is empty", "{name}: 文件为空")
TOO_LARGE = Phrase("import.file_too_large", "{name}: larger than {limit} MB", "{name}: 超过 {limit} MB")
NO_TABLE = Phrase(
    "import.no_table",
    "{name}: please choose an Excel book (.xlsx) or a CSV file",
    "{name}: 请选择 Excel 工作簿 (.xlsx) 或 CSV 文件",
)
WITH_ENTITIES = Phrase(
    "import.with_entities",
    "{name}: holds definitions that no spreadsheet writes, and is not opened",
    "{name}: 文件含有表格软件不会写入的定义, 不予打开",
)
TOO_MANY_ROWS = Phrase(
    "import.too_many_rows",
    "{name}: more than {limit} rows, empty ones counted; please delete the empty rows or part the file",
    "{name}: 超过 {limit} 行 (含空行), 请删除空行或拆分文件",
)
TOO_WIDE = Phrase(
    "import.too_wide",
    "{name}: more than {limit} columns; please delete the empty ones",
    "{name}: 超过 {limit} 列, 请删除空列",
)
TOO_MANY_SHEETS = Phrase(
    "import.too_many_sheets", "{name}: more than {limit} sheets", "{name}: 超过 {limit} 个工作表"
)
NOTHING = Phrase("import.nothing", "{name}: there is nothing in it", "{name}: 文件中没有内容")

_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ERROR = re.compile(rb"(<(?:\w+:)?c\s[^>]*?)\bt=[\"']e[\"']")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")
_ROW_PLACE = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell[\s/>]")
_DEFINITION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NEEDED = re.compile(
    r"(\[content_types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(sharedstrings|styles)\.xml|xl/worksheets/[^/]+\.xml)",
    re.IGNORECASE,
)


def read_book(name: str, content: bytes, limit: int) -> tuple[Sheet, ...]:
    """Return the sheets that hold anything. ``limit`` is the largest upload in bytes.

    Raises Invalid, at the field ``file``, with one sentence that says why it is not taken.
    """
    if not content:
        raise _refused(EMPTY.say(name=name))
    if len(content) > limit:
        raise _refused(TOO_LARGE.say(name=name, limit=limit // 2**20))
    if is_old_office(content):
        raise _refused(OLD_OFFICE.say(name=name))
    if is_zip(content):
        sheets = _of_workbook(name, content, limit)
    elif _looks_like_text(content):
        sheets = _of_csv(name, content)
    else:
        raise _refused(NO_TABLE.say(name=name))
    filled = tuple(
        sheet for sheet in sheets if any(not sheet.is_empty(row) for row in range(len(sheet.rows)))
    )
    if not filled:
        raise _refused(NOTHING.say(name=name))
    return filled


def _refused(message: Message) -> Invalid:
    return Invalid({"file": message})


def _of_workbook(name: str, content: bytes, limit: int) -> list[Sheet]:
    kind = office_kind(content, limit)
    if kind != _XLSX:
        raise _refused((kind if isinstance(kind, Phrase) else NO_TABLE).say(name=name))
    packed = _repacked(name, content)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(packed))
        listed = [
            one for one in workbook.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if len(listed) > MOST_SHEETS:
            raise _refused(TOO_MANY_SHEETS.say(name=name, limit=MOST_SHEETS))
        return [_sheet(workbook, one.name) for one in listed]
    except (
        python_calamine.CalamineError,
        python_calamine.ZipError,
        python_calamine.XmlError,
        ValueError,
    ) as error:
        raise _refused(BROKEN.say(name=name)) from error


def _sheet(workbook: python_calamine.CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    merges = tuple(
        Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    return Sheet(name, rows, merges)


def _repacked(name: str, content: bytes) -> bytes:
    """Return the book with the parts that hold cells only, each unpacked within limits and looked through."""
    target = io.BytesIO()
    unpacked = rows = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as kept:
            for part in source.infolist():
                if not _NEEDED.fullmatch(part.filename):
                    continue
                with source.open(part) as stream:
                    text = stream.read(_MOST_BYTES - unpacked + 1)
                unpacked += len(text)
                if unpacked > _MOST_BYTES:
                    raise _refused(UNPACKS_TOO_LARGE.say(name=name))
                _look_through(name, text)
                if "worksheets/" in part.filename.casefold():
                    rows += _insist_small(name, text)
                    if rows > MOST_ROWS:
                        raise _refused(TOO_MANY_ROWS.say(name=name, limit=MOST_ROWS))
                    text = _ERROR.sub(rb'\1t="str"', text)  # the reader would leave #N/A out
                kept.writestr(part.filename, text)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise _refused(BROKEN.say(name=name)) from error
    return target.getvalue()


def _look_through(name: str, text: bytes) -> None:
    """Refuse definitions; XML of two bytes a character, which would hide them, is written by nobody."""
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in text[:200] or _DEFINITION.search(text):
        raise _refused(WITH_ENTITIES.say(name=name))


def _insist_small(name: str, text: bytes) -> int:
    """Return how many rows the sheet has; refuse one that reaches far, although it may hold little.

    A single cell in the last corner makes readers hold the whole sheet.
    """
    rows = len(_ROW.findall(text))
    if rows > MOST_ROWS:
        raise _refused(TOO_MANY_ROWS.say(name=name, limit=MOST_ROWS))
    if len(_MERGED.findall(text)) > _MOST_MERGES:
        raise _refused(TOO_MANY_ROWS.say(name=name, limit=MOST_ROWS))
    places = _PLACE.findall(text)
    last = max(
        rows,
        max(map(int, _ROW_PLACE.findall(text)), default=0),
        max(map(int, {row for _letters, row in places}), default=0),
    )
    width = max(map(_column, {letters for letters, _row in places}), default=0)
    if last > MOST_ROWS:
        raise _refused(TOO_MANY_ROWS.say(name=name, limit=MOST_ROWS))
    if width > MOST_COLUMNS or last * width > _LARGEST_AREA:
        raise _refused(TOO_WIDE.say(name=name, limit=MOST_COLUMNS))
    return rows


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _looks_like_text(content: bytes) -> bool:
    start = content[:4096]
    return content.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        b"\0" not in start
        and not start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"<"))
    )


def _of_csv(name: str, content: bytes) -> list[Sheet]:
    if len(content) > _MOST_TEXT:
        raise _refused(TOO_LARGE.say(name=name, limit=_MOST_TEXT // 2**20))
    text = _decoded(content)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            if len(rows) >= MOST_ROWS:
                raise _refused(TOO_MANY_ROWS.say(name=name, limit=MOST_ROWS))
            if len(row) > MOST_COLUMNS:
                raise _refused(TOO_WIDE.say(name=name, limit=MOST_COLUMNS))
            rows.append(list(row))
    except csv.Error as error:
        raise _refused(BROKEN.say(name=name)) from error
    return [Sheet("CSV", rows)]


def _decoded(content: bytes) -> str:
    """Read the text as whoever saved it may have: UTF-16 or UTF-8 with or without a mark, else GB 18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """Return what parts the first lines most often."""
    start = "\n".join(_first_lines(text))
    return max(",;\t|", key=start.count)


def _first_lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text[:20_000])):
        if number >= 10:
            return
        yield line
