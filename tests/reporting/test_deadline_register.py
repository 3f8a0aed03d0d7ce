"""The register's book: both sheets opened again, labels in both languages, data that lacks something refused."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from eightd.domain.clock.punctuality import Punctuality, Rate
from eightd.domain.complaint import Tier
from eightd.domain.words import Language
from eightd.queries.deadlines import Lateness
from eightd.reporting.deadline_register import (
    FIELDS,
    RATE_FIELDS,
    WORDS,
    RegisterRow,
    deadline_register,
    rate_row,
    read,
)
from eightd.reporting.excel.layout import SheetDataError

REPORTS = Path(__file__).parents[2] / "reports"
DUE = datetime(2026, 3, 24, 9, 30, tzinfo=UTC)

LATE = RegisterRow(
    number="CC-2026-00001", plant="P1", customer="安科电子", part="PA-1200 电源适配器", tier=Tier.MAJOR,
    milestone="最终 8D 报告", state="met_late", started_at=DUE, contractual_due_at=DUE, agreed_due_at=DUE,
    judged_due_at=DUE, judged="contractual", met_at=DUE, late_by_hours=1.25, contractual_late_by_hours=1.25,
    late_reason="=1+1", late_reason_by="赵敏", cqe="钱伟", calendar="CN@1", profile="standard@1",
)  # fmt: skip
WAITING = RegisterRow(
    number="CC-2026-00002", plant="P1", customer="安科电子", part="PA-1200", tier=Tier.OTHER,
    milestone="最终 8D 报告", state="waiting", stopped=True, provisional=True,
)  # fmt: skip
RATES = Punctuality(Rate(4, 3), Rate(4, 2), Rate(4, 4))


def book(language, rows=(LATE, WAITING), rates=None, reports=REPORTS):
    rates = (
        [rate_row("total", "", RATES), rate_row("month", "2026-03", Punctuality())]
        if rates is None
        else rates
    )
    content = b"".join(
        deadline_register(rows, rates, language=language, zone="Asia/Shanghai", reports=reports)
    )
    return load_workbook(io.BytesIO(content))


def dicts(sheet):
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_both_sheets_read_back():
    opened = book("en")
    assert opened.sheetnames == ["Deadline register", "On-time rates"]
    register, rates = opened.worksheets
    late, waiting = dicts(register)
    assert (late["State"], late["Tier"], late["Judged on"], late["Late by (h)"]) == (
        "Met late", "Major", "Contractual", 1.25,
    )  # fmt: skip
    assert late["Contractual"] == datetime(2026, 3, 24, 17, 30)  # noqa: DTZ001 - a sheet knows no zones
    assert late["Late by (h), agreed"] is None
    assert late["Reason of the lateness"] == "=1+1"
    assert (waiting["State"], waiting["Clock stopped"], waiting["Provisional"], waiting["Judged date"]) == (
        "Waiting", "Yes", "Yes", None,
    )  # fmt: skip
    total, month = dicts(rates)
    assert (total["By"], total["Counted, judged"], total["On-time rate, judged"]) == ("Altogether", 4, 0.75)
    assert (total["On-time rate, contractual"], total["Late, contractual"]) == (0.5, 2)
    assert (month["Of"], month["Counted, agreed"], month["On-time rate, agreed"]) == ("2026-03", 0, None)
    assert (register.freeze_panes, rates.freeze_panes) == ("B2", "C2")
    assert rates["F2"].number_format == "0.0%"


def test_in_chinese():
    opened = book("zh")
    assert opened.sheetnames == ["期限台账", "准时率"]
    assert dicts(opened.worksheets[0])[0]["状态"] == "逾期完成"


def test_nothing_is_a_book_with_both_heads():
    opened = book("en", rows=(), rates=())
    assert [sheet.max_row for sheet in opened.worksheets] == [1, 1]


def test_a_formula_stays_a_text():
    cell = next(cell for cell in book("en").worksheets[0][2] if cell.value == "=1+1")
    assert cell.data_type in {"s", "inlineStr"}


def test_every_field_has_its_column_and_every_state_its_word():
    register, rates, labels = read(REPORTS)
    assert {column.field for column in register.columns} == set(FIELDS)
    assert [column.field for column in rates.columns] == list(RATE_FIELDS)
    assert set(WORDS["state"]) == {lateness.value for lateness in Lateness}
    assert all(labels[("words", "state", state)][Language.ZH] for state in WORDS["state"])


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("labels.toml", 'zh = "逾期完成"', 'zh = " "', "lacks words.state.met_late.zh"),
        ("labels.toml", 'by = { zh = "统计维度", en = "By" }', "", "lacks rates.by.zh, rates.by.en"),
        ("rates.toml", 'field = "by"', 'field = "whom"', "rates.toml: there is no field 'whom'"),
        ("layout.toml", 'words = "tier"', 'words = "tears"', "layout.toml: there are no words 'tears'"),
        ("layout.toml", "frozen_columns", "frozen", "layout.toml: 'frozen_columns'"),
    ],
)
def test_data_that_lacks_something_stops_before_the_first_byte(tmp_path, file, old, new, says):
    shutil.copytree(REPORTS / "deadline_register", tmp_path / "deadline_register")
    broken = tmp_path / "deadline_register" / file
    text = broken.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SheetDataError, match=says.replace(".", r"\.")):
        deadline_register([], [], language="en", zone="UTC", reports=tmp_path)
