"""Take the rows out of an Excel workbook that may have been made to harm: looked into before it is opened."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml import DefusedXmlException
from openpyxl import load_workbook

from eightd.domain.words import Phrase
from eightd.usecases.administration.calendar_tables.cells import MOST_LINES, TOO_LONG, Row
from eightd.usecases.errors import Invalid
from eightd.usecases.office_files import BROKEN, UNPACKS_TOO_LARGE, office_kind

_MOST_PARTS = 500
_UNPACKED = 8 * 2**20
_MOST_ELEMENTS = 150_000
_COLUMNS = 12
_NOT_EXCEL = Phrase(
    "table.not_excel",
    "{name}: this archive is not an Excel workbook (.xlsx)",
    "{name}: 该压缩文件不是 Excel 工作簿 (.xlsx)",
)
_HARMFUL = Phrase(
    "table.harmful",
    "{name}: the workbook contains declarations that are not taken",
    "{name}: 工作簿含有不被接受的声明",
)
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, SAXException, ValueError, KeyError, IndexError, TypeError,
    AttributeError, NotImplementedError, RuntimeError, OverflowError, SyntaxError,
)  # fmt: skip
"""What the libraries raise for damaged archives, broken XML and workbooks that lie about themselves."""


class _TooMuchError(Exception):
    """The workbook is larger than any table of days."""


def rows_of_workbook(name: str, content: bytes, *, columns: int = _COLUMNS) -> Iterator[Row]:
    """Yield the rows of the first visible sheet with their numbers, so many columns of it.

    Every part is unpacked once within limits and packed again, so that what is opened is what was looked at.
    Raises Invalid with one message under ``file``.
    """
    kind = office_kind(content, len(content))
    if kind != _WORKBOOK:
        refusal = kind if isinstance(kind, Phrase) else _NOT_EXCEL
        raise Invalid({"file": refusal.say(name=name)})
    try:
        rows = _rows(_looked_at(content), columns)
    except _TooMuchError:
        raise Invalid({"file": UNPACKS_TOO_LARGE.say(name=name)}) from None
    except DefusedXmlException:
        raise Invalid({"file": _HARMFUL.say(name=name)}) from None
    except _DAMAGED:
        raise Invalid({"file": BROKEN.say(name=name)}) from None
    if len(rows) > MOST_LINES:
        raise Invalid({"file": TOO_LONG.say(most=MOST_LINES)})
    yield from rows


def _looked_at(content: bytes) -> io.BytesIO:
    """Return the same workbook, its parts unpacked and checked."""
    clean = io.BytesIO()
    left = _UNPACKED
    elements = _Counting()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(clean, "w") as again:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _UNPACKED:
            raise _TooMuchError
        if len({part.filename for part in parts}) != len(parts):
            raise zipfile.BadZipFile
        for part in parts:
            if part.filename.endswith("/"):
                continue
            with archive.open(part) as packed:
                unpacked = packed.read(left + 1)
            left -= len(unpacked)
            if left < 0:
                raise _TooMuchError
            if part.filename.casefold().endswith((".xml", ".rels")):
                elements.row = 0
                defusedxml.sax.parseString(unpacked, elements, forbid_dtd=True)
            again.writestr(part.filename, unpacked)
    clean.seek(0)
    return clean


class _Counting(ContentHandler):
    """Counts elements over all parts, and how far down cells say anything."""

    def __init__(self) -> None:
        super().__init__()
        self.row = 0
        self._count = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # the library's name
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise _TooMuchError
        local = name.rpartition(":")[2]
        if local == "row":
            given = attrs.get("r", "")
            self.row = int(given) if given.isdecimal() and len(given) < 9 else self.row + 1
        elif local in {"v", "is"} and self.row > 2 * MOST_LINES:
            raise _TooMuchError


def _rows(workbook: io.BytesIO, columns: int) -> list[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which no date depends on
        book = load_workbook(workbook, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
            sheet.reset_dimensions()  # what the file claims to hold is not believed
            cells = sheet.iter_rows(max_row=2 * MOST_LINES, max_col=columns, values_only=True)
            return [(line, row) for line, row in enumerate(cells, 1) if any(one is not None for one in row)]
        finally:
            book.close()
