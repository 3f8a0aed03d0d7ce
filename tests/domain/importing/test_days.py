"""Days as people write them, and what is said of those that are none."""
# ruff: noqa: DTZ001 - a spreadsheet knows no zones

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.importing.days import EARLIEST, DayOrder, han, read_day

LATEST = date(2026, 11, 22)
DAYS = st.dates(min_value=EARLIEST, max_value=LATEST)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025/3/5", "2025-03-05"),
        ("2025.3.5", "2025-03-05"),
        ("2025-03-05 ", "2025-03-05"),
        ("2025年3月5日", "2025-03-05"),
        ("２０２５／３／５", "2025-03-05"),
        (45312.0, "2024-01-21"),
        ("45312", "2024-01-21"),
        ("20230214", "2023-02-14"),
        (20230214.0, "2023-02-14"),
        (datetime(2023, 1, 6, 9), "2023-01-06"),
        (date(2023, 1, 6), "2023-01-06"),
        ("2023/3/5 14:30", "2023-03-05"),
        ("2023-03-05T14:30:00Z", "2023-03-05"),
        ("2023年3月5日 下午3时20分", "2023-03-05"),
        ("2023-3-5（星期日）", "2023-03-05"),
        ("二〇二三年二月三日", "2023-02-03"),
        ("2023年十二月三十一日", "2023-12-31"),
        ("13/4/2023", "2023-04-13"),
        ("4/13/2023", "2023-04-13"),
        ("4/4/2023", "2023-04-04"),
        ("5 Mar 2025", "2025-03-05"),
        ("05-Mar-25", "2025-03-05"),
        ("March 5, 2025", "2025-03-05"),
    ],
)
def test_a_day_is_read(cell, day):
    read = read_day(cell, latest=LATEST)
    assert (read.value, read.remark, read.problem) == (date.fromisoformat(day), None, None)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("23.1.10", "2023-01-10"),
        ("2023-02", "2023-02-01"),
        ("2023年2月", "2023-02-01"),
        ("2023/3/5 电话", "2023-03-05"),
    ],
)
def test_a_day_is_read_with_a_doubt(cell, day):
    read = read_day(cell, latest=LATEST)
    assert read.value == date.fromisoformat(day)
    assert read.remark is not None
    assert read.remark.code == "import.day_taken"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("二月三十", "import.no_day"),
        ("2月3日", "import.no_year"),
        ("2024/2/30", "import.no_day"),
        ("2023/13/1", "import.no_day"),
        ("23.13.45", "import.no_day"),
        ("abc", "import.no_day"),
        ("9" * 5000, "import.no_day"),
        (True, "import.no_day"),
        (3.0, "import.no_day"),
        (float("nan"), "import.no_day"),
        ("#REF!", "import.cell_error"),
        ("2099/1/1", "import.day_ahead"),
        ("1905/1/1", "import.day_long_ago"),
        ("3/4/2023", "import.two_days"),
        ("5/3/23", "import.two_days"),
    ],
)
def test_no_day(cell, code):
    read = read_day(cell, latest=LATEST)
    assert read.value is None
    assert read.problem is not None
    assert read.problem.code == code


@pytest.mark.parametrize("cell", [None, "", " ", "-", "/", "无"])
def test_an_empty_cell_is_no_day_and_no_problem(cell):
    read = read_day(cell, latest=LATEST)
    assert (read.value, read.remark, read.problem) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("3/4/2023", DayOrder.DAY, date(2023, 4, 3)),
        ("3/4/2023", DayOrder.MONTH, date(2023, 3, 4)),
        ("10.1.23", DayOrder.DAY, date(2023, 1, 10)),
        ("1/10/23", DayOrder.MONTH, date(2023, 1, 10)),
    ],
)
def test_what_comes_first_can_be_said(text, order, day):
    assert read_day(text, latest=LATEST, order=order).value == day


def test_chinese_numerals():
    assert [han(text) for text in ("十", "十二", "三十", "二十一", "二〇二三")] == [
        "10",
        "12",
        "30",
        "21",
        "2023",
    ]


@given(DAYS, st.sampled_from(["{0.year}/{0.month}/{0.day}", "{0.year}.{0.month}.{0.day}", "{0:%Y%m%d}", "{0:%Y-%m-%d} ",
                              "{0.year}年{0.month}月{0.day}日", "{0:%d %b %Y}"]))  # fmt: skip
def test_every_day_is_read_back_from_every_manner(day, manner):
    assert read_day(manner.format(day), latest=LATEST).value == day


@given(DAYS)
def test_every_serial_number_is_its_day(day):
    assert read_day(float((day - date(1899, 12, 30)).days), latest=LATEST).value == day
    assert (
        read_day(datetime.combine(day, datetime.min.time()) + timedelta(hours=7), latest=LATEST).value == day
    )


@given(st.one_of(st.text(max_size=90), st.floats(), st.integers(), st.booleans()), st.sampled_from(DayOrder))
def test_whatever_stands_there_gives_a_day_in_range_or_a_reason(cell, order):
    read = read_day(cell, latest=LATEST, order=order)
    assert read.value is None or (EARLIEST <= read.value <= LATEST and read.problem is None)
