"""What a cell says, whatever blanks, widths and invisible characters stand in it."""
# ruff: noqa: DTZ001 - a spreadsheet knows no zones

from datetime import date, datetime, time, timedelta

import pytest

from eightd.domain.importing.cells import error_in, folded, is_blank, key_of, text_of


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (12.0, "12"),
        (12.5, "12.5"),
        (1e300, "1e+300"),
        (7, "7"),
        (datetime(2023, 3, 5), "2023-03-05"),
        (datetime(2023, 3, 5, 14, 30), "2023-03-05 14:30"),
        (date(2023, 3, 5), "2023-03-05"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=2), "2:00:00"),
        ("  Northwind ", "Northwind"),
        ("\u3000瑞明\u00a0医疗\t", "瑞明 医疗"),
        ("\ufeffA\u200bB\x07", "AB"),
        ("one\r\ntwo_x000D_", "one\ntwo"),
        ("=A1+1 的公差叠加", "=A1+1 的公差叠加"),
    ],
)
def test_a_cell_as_text(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "blank"),
    [
        (None, True),
        ("", True),
        (" \u3000", True),
        ("-", True),
        ("无", True),
        ("N/A", True),
        (0.0, False),
        ("0", False),
    ],
)
def test_what_says_nothing(cell, blank):
    assert is_blank(cell) is blank


def test_two_spellings_of_a_name_have_one_key():
    assert key_of("Kestrel  Bikes ") == key_of("ＫＥＳＴＲＥＬ\u3000bikes")
    assert folded("１２ＰＣＳ") == "12PCS"


def test_an_error_of_the_spreadsheet_is_known():
    assert error_in("#n/a ") == "#N/A"
    assert error_in("N") == error_in(3.0) == ""
