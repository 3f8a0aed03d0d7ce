"""Numbers of pieces as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.importing.counts import MOST, read_count


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (12.0, 12), (12, 12), ("12", 12), ("12PCS", 12), ("15 pcs", 15), ("41个", 41), ("１２", 12),
        ("１，２００", 1200),
        ("1,200", 1200), ("1 200 pcs", 1200), ("12.0", 12), ("三个", 3), ("十二件", 12), ("0", 0), ("+5", 5),
    ],
)  # fmt: skip
def test_pieces_are_read(cell, count):
    read = read_count(cell)
    assert (read.value, read.remark, read.problem) == (count, None, None)


@pytest.mark.parametrize(("cell", "count"), [("约30", 30), ("共 12 件", 12), ("1.5k", 1500), ("2万", 20_000)])
def test_pieces_are_read_with_a_doubt(cell, count):
    read = read_count(cell)
    assert read.value == count
    assert read.remark is not None
    assert read.remark.code == "import.count_taken"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("若干", "import.no_count"), ("3/500", "import.no_count"), ("12箱", "import.no_count"),
        (">10", "import.no_count"),
        (True, "import.no_count"), ("9" * 5000, "import.no_count"), (float("inf"), "import.no_count"),
        ("12.5", "import.broken_count"), (12.5, "import.broken_count"), ("-3", "import.negative"),
        ("1.000", "import.two_counts"), ("99999999999", "import.count_too_large"), ("#DIV/0!", "import.cell_error"),
    ],
)  # fmt: skip
def test_no_pieces(cell, code):
    read = read_count(cell)
    assert read.value is None
    assert read.problem is not None
    assert read.problem.code == code


def test_an_empty_cell_is_no_number_and_no_problem():
    assert read_count("—").problem is None
    assert read_count(None).value is None


@given(
    st.integers(min_value=0, max_value=MOST),
    st.sampled_from(["{}", "{}PCS", "{}个", " {} pcs ", "{:,}", "{:,} 件", "{}.0"]),
)
def test_every_number_is_read_back_from_every_manner(number, manner):
    text = manner.format(number)
    wide = text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert read_count(text).value == read_count(wide).value == number


@given(st.one_of(st.text(max_size=90), st.floats(), st.integers()))
def test_whatever_stands_there_gives_a_count_in_range_or_a_reason(cell):
    read = read_count(cell)
    assert read.value is None or (0 <= read.value <= MOST and read.problem is None)
