"""A sheet of any length as a stream of bytes: a zip written front to back, rows in small batches.

The parts that depend on the number of rows (filter range, further sheets, content types) are written
after the rows, so nothing is held back and nothing is patched; memory does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from eightd.reporting.excel import parts
from eightd.reporting.excel.cells import CellKind, Column, Render, Show, column_letters, inline, renderer
from eightd.reporting.excel.parts import SheetPart, Style

__all__ = ["CONTENT_TYPE", "CellKind", "Column", "Sheet", "Show", "stream_sheet"]

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROW_LIMIT = 1_048_576
"""Rows that a sheet holds, its header included."""
COLUMN_LIMIT = 16_384

_BATCH = 200  # rows turned into XML at a time: big enough to be fast, small enough to stay small
_SHEET_BYTES = 1_500_000_000  # a part of 2 GiB would need zip64, which not every reader accepts
_LEVEL = 1  # a tenth bigger than level 3, in two thirds of the time


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a book: its title, columns and rows; the first ``frozen_columns`` stay in view."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    frozen_columns: int = 0


@dataclass(frozen=True, slots=True)
class _Book:
    """What every sheet of the book needs."""

    title: str
    header: str
    columns: Sequence[Column]
    renders: Sequence[Render]
    frozen_columns: int
    row_limit: int

    @property
    def last_column(self) -> str:
        return column_letters(len(self.columns) - 1)


class _Sink:
    """Where the zip is written to: it only knows how to take bytes, so the zip asks for no seeking."""

    def __init__(self) -> None:
        self._taken: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> int:
        self._taken.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is nothing behind this."""

    def close(self) -> None:
        """Do nothing: the last bytes are still to be drained."""

    def drain(self) -> Iterator[bytes]:
        """Yield what has been written since the last time, as one piece, if anything has."""
        piece = b"".join(self._taken)
        self._taken.clear()
        if piece:
            yield piece


def stream_sheet(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    zone: str,
    creator: str = "EightD",
    created: datetime | None = None,
    frozen_columns: int = 0,
    row_limit: int = ROW_LIMIT,
    further: Sequence[Sheet] = (),
) -> Iterator[bytes]:
    """Yield an xlsx book whose rows are read only as they are written.

    The first bytes come before the first row is asked for. Instants must be aware and are shown in
    ``zone``, as local dates that Excel can compute with; Excel knows no zones. The header row and the
    first ``frozen_columns`` columns stay in view, and a filter covers header and rows. Rows beyond
    ``row_limit`` (header included) go on on further sheets with the same header, and before the sheets
    ``further``, whose titles must differ. The same arguments give the same bytes. Arguments are checked at
    the call; a row that does not fit its columns raises in the middle of the stream, which then ends without
    the directory that would make it a book.
    """
    if not 2 <= row_limit <= ROW_LIMIT:
        raise ValueError(f"a sheet has 2 to {ROW_LIMIT} rows, not {row_limit}")
    place = ZoneInfo(zone)
    written = [
        (_book(sheet, place, row_limit), sheet.rows)
        for sheet in (Sheet(title, columns, rows, frozen_columns), *further)
    ]
    return _stream(written, parts.core_properties_xml(title, creator, created), creator)


def _book(sheet: Sheet, place: ZoneInfo, row_limit: int) -> _Book:
    if not 1 <= len(sheet.columns) <= COLUMN_LIMIT:
        raise ValueError(f"a sheet has 1 to {COLUMN_LIMIT} columns, not {len(sheet.columns)}")
    if not 0 <= sheet.frozen_columns < len(sheet.columns):
        raise ValueError(f"{sheet.frozen_columns} of {len(sheet.columns)} columns cannot be frozen")
    return _Book(
        title=sheet.title,
        header=_header(sheet.columns),
        columns=sheet.columns,
        renders=[renderer(column, index, place) for index, column in enumerate(sheet.columns)],
        frozen_columns=sheet.frozen_columns,
        row_limit=row_limit,
    )


def _stream(
    written: Sequence[tuple[_Book, Iterable[Sequence[Any]]]], core: str, creator: str
) -> Iterator[bytes]:
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        _write(archive, "docProps/app.xml", parts.app_properties_xml(creator))
        _write(archive, "docProps/core.xml", core)
        _write(archive, "xl/styles.xml", parts.styles_xml())
        yield from sink.drain()
        sheets: list[SheetPart] = []
        for book, rows in written:
            left, part_of_book = iter(rows), 0
            first: list[Sequence[Any]] = []
            while not part_of_book or first:
                part_of_book += 1
                number = len(sheets) + 1
                with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                    part.write(_opening(book, selected=number == 1))
                    last_row = yield from _rows(book, chain(first, left), part, sink)
                    sheet = SheetPart(parts.sheet_title(book.title, part_of_book), book.last_column, last_row)
                    part.write(_closing(book, sheet))
                sheets.append(sheet)
                yield from sink.drain()
                first = list(islice(left, 1))
        _write(archive, "xl/workbook.xml", parts.workbook_xml(sheets))
        _write(archive, "xl/_rels/workbook.xml.rels", parts.workbook_relations_xml(len(sheets)))
        _write(archive, "_rels/.rels", parts.package_relations_xml())
        _write(archive, "[Content_Types].xml", parts.content_types_xml(len(sheets)))
    yield from sink.drain()


def _rows(
    book: _Book, rows: Iterator[Sequence[Any]], part: IO[bytes], sink: _Sink
) -> Generator[bytes, None, int]:
    """Write rows until they or the sheet end; return the number of the last one."""
    written, last = 0, 1
    while last < book.row_limit and written < _SHEET_BYTES:
        batch = list(islice(rows, min(_BATCH, book.row_limit - last)))
        if not batch:
            break
        xml = _batch_xml(book, batch, last + 1)
        last += len(batch)
        written += part.write(xml)
        yield from sink.drain()
    return last


def _batch_xml(book: _Book, batch: Sequence[Sequence[Any]], start: int) -> bytes:
    places = [str(number) for number in range(start, start + len(batch))]
    # By column, not by cell: each renderer is called once per batch.
    by_column = [
        render(places, values) for render, values in zip(book.renders, zip(*batch, strict=True), strict=True)
    ]
    opened = [f'</row><row r="{place}">' for place in places]
    pieces = chain.from_iterable(zip(opened, *by_column, strict=True))
    return "".join(pieces).encode()


def _header(columns: Sequence[Column]) -> str:
    write = inline(Style.HEADER, Style.HEADER)
    cells = "".join(
        f'<c r="{column_letters(index)}1{write(column.title)}' for index, column in enumerate(columns)
    )
    return f'<row r="1" ht="32" customHeight="1">{cells}'  # closed by what follows


def _opening(book: _Book, *, selected: bool) -> bytes:
    frozen = f'xSplit="{book.frozen_columns}" ' if book.frozen_columns else ""
    pane = "bottomRight" if frozen else "bottomLeft"
    corner = f"{column_letters(book.frozen_columns)}2"
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{column.width:g}" customWidth="1"/>'
        for number, column in enumerate(book.columns, start=1)
    )
    return (
        f'{parts.HEAD}<worksheet xmlns="{parts.MAIN}"><sheetViews>'
        f'<sheetView tabSelected="{selected:d}" workbookViewId="0">'
        f'<pane {frozen}ySplit="1" topLeftCell="{corner}" activePane="{pane}" state="frozen"/>'
        f'<selection pane="{pane}" activeCell="{corner}" sqref="{corner}"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{book.header}"
    ).encode()


def _closing(book: _Book, sheet: SheetPart) -> bytes:
    texts = " ".join(
        f"{column_letters(index)}2:{column_letters(index)}{sheet.last_row}"
        for index, column in enumerate(book.columns)
        if column.kind is CellKind.TEXT
    )
    # Lot and date codes are texts made of digits: no green corners for them.
    ignored = (
        f'<ignoredErrors><ignoredError sqref="{texts}" numberStoredAsText="1"/></ignoredErrors>'
        if texts and sheet.last_row > 1
        else ""
    )
    return (
        f'</row></sheetData><autoFilter ref="{sheet.filter_range}"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" orientation="landscape"/>{ignored}</worksheet>'
    ).encode()


def _write(archive: ZipFile, name: str, xml: str) -> None:
    # Opened by name, a member carries the zip epoch: no clock, so the same bytes each time.
    with archive.open(name, "w") as part:
        part.write(xml.encode())
