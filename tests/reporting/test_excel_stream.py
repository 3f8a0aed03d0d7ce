"""The streaming sheet writer: what Excel's readers find in the bytes."""

# ruff: noqa: DTZ001 - Excel's dates have no zone, so neither have the expected ones
from __future__ import annotations

import re
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from eightd.reporting.excel.cells import column_letters
from eightd.reporting.excel.instants import local_serial
from eightd.reporting.excel.parts import sheet_title
from eightd.reporting.excel.stream import CellKind, Column, stream_sheet
from eightd.reporting.excel.text import CELL_LIMIT

ZONE = "Asia/Shanghai"


def book(rows: Any, columns: Sequence[Column], **options: Any) -> bytes:
    return b"".join(stream_sheet("Log", columns, rows, zone=ZONE, **options))


def sheet(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).active


def one(value: Any, kind: CellKind = CellKind.TEXT, **column: Any) -> Any:
    return sheet(book([("row", value)], [Column("Key"), Column("Value", kind, **column)]))["B2"]


def test_values_are_real_numbers_and_dates():
    columns = [
        Column("Text"),
        Column("Integer", CellKind.INTEGER),
        Column("Number", CellKind.NUMBER),
        Column("Date", CellKind.DATE),
        Column("Instant", CellKind.INSTANT),
        Column("Percent", CellKind.PERCENT),
        Column("Duration", CellKind.DURATION),
    ]
    received = datetime(2026, 3, 12, 8, 40, 7, tzinfo=UTC)
    row = (
        "焊点开路",
        5000,
        Decimal("12.5"),
        date(2026, 3, 12),
        received,
        0.0125,
        timedelta(hours=49, minutes=30),
    )
    cells = sheet(book([row], columns))[2]
    assert [cell.value for cell in cells] == [
        "焊点开路",
        5000,
        12.5,
        datetime(2026, 3, 12),
        datetime(2026, 3, 12, 16, 40, 7),  # the plant's zone
        0.0125,
        timedelta(hours=49, minutes=30),
    ]
    assert [cell.number_format for cell in cells] == [
        "@",
        "#,##0",
        "#,##0.0#",
        "yyyy\\-mm\\-dd",
        "yyyy\\-mm\\-dd\\ hh:mm",
        "0.0%",
        "[h]:mm",
    ]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "d", "d", "n", "d"]


def test_instants_follow_the_zone_over_its_changes_of_clock():
    instants = [datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)]
    content = b"".join(
        stream_sheet(
            "Log", [Column("At", CellKind.INSTANT)], [(at,) for at in instants], zone="Europe/Berlin"
        )
    )
    assert [cell.value.hour for cell in sheet(content)["A"][1:]] == [13, 14]


@given(
    st.datetimes(
        datetime(1900, 3, 2), datetime(2100, 1, 1), timezones=st.sampled_from([UTC, ZoneInfo("Asia/Tokyo")])
    ),
    st.sampled_from(
        [
            "Asia/Shanghai",
            "Europe/Berlin",
            "America/St_Johns",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Asia/Kathmandu",
        ]
    ),
)
def test_every_instant_is_the_zones_wall_clock_to_the_second(instant, zone):
    wall = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    serial = float(local_serial(ZoneInfo(zone))(instant))
    assert abs(timedelta(days=serial) - (wall - datetime(1899, 12, 30))) < timedelta(milliseconds=1)


@pytest.mark.parametrize("minute", range(0, 180, 5))
def test_an_hour_that_the_clock_skips_or_repeats_is_no_trouble(minute):
    for changes in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        instant = changes + timedelta(minutes=minute)
        serial = float(local_serial(ZoneInfo("Europe/Berlin"))(instant))
        hour = int(serial * 24 % 24 + 1e-6)
        assert hour == instant.astimezone(ZoneInfo("Europe/Berlin")).hour


def test_header_is_bold_filled_frozen_and_filtered():
    page = sheet(
        book([("a", 1), ("b", 2)], [Column("客户", width=24), Column("数量", CellKind.INTEGER, width=9.5)])
    )
    assert [cell.value for cell in page[1]] == ["客户", "数量"]
    assert all(cell.font.bold and cell.fill.fill_type == "solid" for cell in page[1])
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B3"
    assert (page.column_dimensions["A"].width, page.column_dimensions["B"].width) == (24, 9.5)
    assert page.print_title_rows == "$1:$1"


def test_leading_columns_can_stay_in_view():
    columns = [Column("No."), Column("Customer"), Column("Part")]
    assert sheet(book([], columns, frozen_columns=2)).freeze_panes == "C2"


def test_a_log_without_rows_is_a_valid_book():
    page = sheet(book([], [Column("No.")]))
    assert page.max_row == 1
    assert page.auto_filter.ref == "A1:A1"


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 755", "-5 V", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "=" * 40_000]
)
def test_formula_like_texts_stay_text_also_when_edited(text):
    for wrap in (False, True):
        cell = one(text, wrap=wrap)
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert one("x=1").quotePrefix is False


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("< 5 Nm & <b> \"'", "< 5 Nm & <b> \"'"),
        ("a\x00b\x0bc\x1fd", "a\ufffdb\ufffdc\ufffdd"),
        ("lone \ud83d and \udc00", "lone \ufffd and \ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("  kept  ", "  kept  "),
        ("😀 焊点", "😀 焊点"),
        ("a\tb", "a\tb"),
        ("]]>", "]]>"),
    ],
)
def test_texts_arrive_as_written_without_what_xml_forbids(given, read):
    assert one(given).value == read


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("_x0041_", "_x005F_x0041_"),
        ("__x000D_", "__x005F_x000D_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("_x005F_x0041_", "_x005F_x005F_x005F_x0041_"),
        ("_x41_", "_x41_"),
        ("a_xyz", "a_xyz"),
    ],
)
def test_what_excel_would_read_as_an_escape_is_escaped(given, written):
    assert one(given).value == written  # openpyxl leaves escapes in inline strings alone, Excel does not
    assert unescaped(written) == given


def unescaped(text: str) -> str:
    """Read a text as Excel does."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    assert one("x" * CELL_LIMIT).value == "x" * CELL_LIMIT
    assert one("x" * 40_000).value == "x" * (CELL_LIMIT - 1) + "…"
    emoji = one("😀" * 20_000).value  # two units each, and never half a pair
    assert emoji == "😀" * ((CELL_LIMIT - 1) // 2) + "…"


@pytest.mark.parametrize("kind", list(CellKind))
def test_none_is_an_empty_cell(kind):
    assert one(None, kind).value is None


def test_an_empty_text_is_an_empty_cell():
    assert one("").value is None


def test_wrapped_columns_break_lines_and_others_do_not():
    assert one("long", wrap=True).alignment.wrap_text is True
    assert not one("short").alignment.wrap_text


def test_show_gives_the_words_for_values_that_are_not_texts():
    words = {True: "是", False: "否"}
    column = Column("Ours", show=words.__getitem__)
    page = sheet(book([(True,), (False,), (None,), (True,)], [column]))
    assert [cell.value for cell in page["A"][1:]] == ["是", "否", None, "是"]
    with pytest.raises(KeyError):
        book([("maybe",)], [column])


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (CellKind.INTEGER, True, 1),
        (CellKind.INTEGER, -3, -3),
        (CellKind.INTEGER, 10**15, "1000000000000000"),
        (CellKind.NUMBER, 30000, 30000),
        (CellKind.NUMBER, -0.25, -0.25),
        (CellKind.NUMBER, 1e-9, 1e-9),
        (CellKind.NUMBER, float("nan"), "#NUM!"),
        (CellKind.NUMBER, float("inf"), "#NUM!"),
        (CellKind.DATE, date(1900, 2, 28), "1900-02-28"),
        (CellKind.DATE, date(1900, 3, 1), datetime(1900, 3, 1)),
        (CellKind.DATE, date(9999, 12, 31), datetime(9999, 12, 31)),
        (CellKind.INSTANT, datetime(1900, 1, 1, tzinfo=UTC), "1900-01-01 08:05"),
        (CellKind.DURATION, timedelta(minutes=-330), "-5:30"),
    ],
)
def test_the_edges_of_what_excel_can_hold(kind, value, read):
    assert one(value, kind).value == read


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        (CellKind.INTEGER, 1.5, ValueError),
        (CellKind.INTEGER, "15", TypeError),
        (CellKind.NUMBER, "15", TypeError),
        (CellKind.DATE, datetime(2026, 3, 12, tzinfo=UTC), TypeError),
        (CellKind.INSTANT, datetime(2026, 3, 12), ValueError),
        (CellKind.TEXT, 15, AttributeError),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(kind, value, error):
    with pytest.raises(error):
        one(value, kind)


@pytest.mark.parametrize("row", [("a",), ("a", "b", "c")])
def test_a_row_that_does_not_fit_its_columns_is_refused(row):
    with pytest.raises(ValueError, match="zip"):
        book([row], [Column("A"), Column("B")])


@pytest.mark.parametrize(
    "options", [{"row_limit": 1}, {"row_limit": 2_000_000}, {"frozen_columns": 1}, {"frozen_columns": -1}]
)
def test_impossible_sheets_are_refused_at_the_call(options):
    with pytest.raises(ValueError, match=r"rows|frozen"):
        stream_sheet("Log", [Column("A")], [], zone=ZONE, **options)
    with pytest.raises(ValueError, match="columns"):
        stream_sheet("Log", [], [], zone=ZONE)
    with pytest.raises(ValueError, match="zone"):
        stream_sheet("Log", [Column("A")], [], zone=ZONE, created=datetime(2026, 1, 1))


@pytest.mark.parametrize(("count", "expected"), [(4, [4]), (5, [4, 1]), (9, [4, 4, 1]), (8, [4, 4])])
def test_rows_beyond_a_sheet_go_on_on_the_next(count, expected):
    content = book(
        [(f"{n}", n) for n in range(count)], [Column("No."), Column("N", CellKind.INTEGER)], row_limit=5
    )
    workbook = openpyxl.load_workbook(BytesIO(content))
    assert workbook.sheetnames == ["Log", "Log (2)", "Log (3)"][: len(expected)]
    pages = workbook.worksheets
    assert [page.max_row - 1 for page in pages] == expected
    assert [page["A1"].value for page in pages] == ["No."] * len(expected)
    assert [page.auto_filter.ref for page in pages] == [f"A1:B{rows + 1}" for rows in expected]
    assert [cell.value for page in pages for cell in page["B"][1:]] == list(range(count))


def test_the_second_reader_agrees():
    calamine = pytest.importorskip("python_calamine")
    columns = [Column("No."), Column("N", CellKind.INTEGER), Column("On", CellKind.DATE)]
    content = book([("CC-2026-00001", 15, date(2026, 3, 12)), ("=x", None, None)], columns)
    rows = calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows == [["No.", "N", "On"], ["CC-2026-00001", 15, date(2026, 3, 12)], ["=x", "", ""]]


def test_every_part_is_well_formed_and_typed():
    with zipfile.ZipFile(BytesIO(book([("a",)], [Column("A")]))) as archive:
        assert archive.testzip() is None
        trees = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    typed = {part.get("PartName") for part in trees["[Content_Types].xml"] if part.get("PartName")}
    assert typed == {f"/{name}" for name in trees if not name.endswith(".rels")} - {"/[Content_Types].xml"}
    order = [part.tag.partition("}")[2] for part in trees["xl/worksheets/sheet1.xml"]]
    assert order == [
        "sheetViews", "cols", "sheetData", "autoFilter", "pageMargins", "pageSetup", "ignoredErrors",
    ]  # fmt: skip


def test_title_creator_and_instant_are_in_the_properties():
    created = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
    properties = openpyxl.load_workbook(
        BytesIO(book([], [Column("A")], creator="Plant <1> & Co", created=created))
    ).properties
    assert (properties.title, properties.creator) == ("Log", "Plant <1> & Co")
    assert properties.created == created.replace(tzinfo=None)


def test_the_same_rows_give_the_same_bytes():
    rows = [(f"CC-{n}", n) for n in range(1000)]
    columns = [Column("No."), Column("N", CellKind.INTEGER)]
    assert book(rows, columns) == book(rows, columns)


@pytest.mark.parametrize(
    ("title", "number", "expected"),
    [
        ("客诉台账", 1, "客诉台账"),
        ("a/b:c[d]", 1, "a b c d"),
        ("'quoted'", 1, "quoted"),
        ("x" * 40, 12, "x" * 26 + " (12)"),
        ("", 1, "1"),
        ("History", 1, "History 1"),
    ],
)
def test_sheet_titles_are_ones_that_excel_accepts(title, number, expected):
    assert sheet_title(title, number) == expected


def test_column_letters_count_like_excel():
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_the_first_bytes_come_before_the_first_row():
    asked = []

    def rows() -> Iterator[tuple[str]]:
        for n in range(10):
            asked.append(n)
            yield (str(n),)

    stream = stream_sheet("Log", [Column("A")], rows(), zone=ZONE)
    assert next(stream).startswith(b"PK")
    assert asked == []


def test_a_failure_among_the_rows_leaves_no_valid_book():
    def rows() -> Iterator[tuple[str]]:
        yield from ((str(n),) for n in range(500))
        raise LookupError("the store went away")

    chunks: list[bytes] = []
    with pytest.raises(LookupError):
        chunks.extend(stream_sheet("Log", [Column("A")], rows(), zone=ZONE))
    assert not zipfile.is_zipfile(BytesIO(b"".join(chunks)))


def test_a_hundred_thousand_rows_take_no_more_memory_than_a_few():
    received = datetime(2025, 1, 1, tzinfo=UTC)
    columns = [
        Column("No."),
        Column("Received", CellKind.INSTANT),
        Column("N", CellKind.INTEGER),
        *(Column(f"Text {n}") for n in range(5)),
    ]

    def rows(count: int) -> Iterator[tuple[Any, ...]]:
        for n in range(count):
            yield f"CC-{n:06d}", received, n, f"a{n}", f"b{n}", f"c{n}", "same", None

    tracemalloc.start()
    try:
        size = sum(len(chunk) for chunk in stream_sheet("Log", columns, rows(100_000), zone=ZONE))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 1_000_000
    assert peak < 4_000_000


# What a reader gives back: control characters and surrogates have their own test above.
texts = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufffe\uffff"
    ),
    max_size=60,
)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_any_text_makes_the_round_trip(rows):
    columns = [Column("A"), Column("B", wrap=True)]
    with_key = [("k", *row) for row in rows]
    page = sheet(book(with_key, [Column("Key"), *columns]))
    read = [(row[1].value or "", row[2].value or "") for row in page.iter_rows(min_row=2, max_col=3)]
    assert [tuple(unescaped(text) for text in row) for row in read] == rows
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


@given(st.text(st.characters(), max_size=200))
def test_no_text_at_all_breaks_the_book(text):
    assert one(text).data_type in ("s", "n", "inlineStr")
