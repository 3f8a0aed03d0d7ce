"""The complaint log: every column of the procedure, in both languages, as a book that opens."""

# ruff: noqa: DTZ001 - Excel's dates have no zone, so neither have the expected ones
from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from eightd.domain.complaint import Channel, ComplaintKind, Demand, Stage, Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin, ReportForm, ReportKind, VerdictResult
from eightd.reporting.complaint_log import (
    FIELDS,
    LogRow,
    MilestoneClock,
    complaint_log,
    missing_labels,
    read_labels,
    read_layout,
)
from eightd.reporting.excel.layout import SheetDataError

REPORTS = Path(__file__).parents[2] / "reports"

ADAPTER = LogRow(
    number="CC-2026-00001",
    customer="华芯通信设备有限公司",
    kind=ComplaintKind.LINE,
    received_at=datetime(2026, 3, 12, 8, 40, tzinfo=UTC),
    stage=Stage.CLOSED,
    customer_number="HX-SCAR-260312-07",
    customer_plant="东莞二厂",
    contact="=cmd|'/c calc'!A1",
    channel=Channel.INSTANT_MESSAGE,
    demands=(Demand.EIGHT_D, Demand.REPLACEMENT),
    part_number="00123",
    lots=("B2603A", "B2603B"),
    date_codes=("2609",),
    phenomena=("无输出 18", "外壳轻微划伤 3"),
    quantity_delivered=5000,
    quantity_inspected=600,
    quantity_complained=21,
    quantity_confirmed_ng=17,
    quantity_returned=17,
    ppm=30000.0,
    tier=Tier.MAJOR,
    reasons=("功能不良 18 ≥ 15", "外观不良 3 < 10"),
    score_weight=2,
    language="both",
    interim_on=date(2026, 3, 13),
    cqe="王晓岚",
    initial_reply=MilestoneClock(
        contractual_due_at=datetime(2026, 3, 13, 8, 40, tzinfo=UTC),
        agreed_due_at=datetime(2026, 3, 13, 8, 40, tzinfo=UTC),
        met_at=datetime(2026, 3, 13, 11, 10, tzinfo=UTC),
        late_by_hours=2.5,
        provisional=False,
    ),
    ours=True,
    sample_needed=True,
    sample_received_at=datetime(2026, 3, 14, 2, 20, tzinfo=UTC),
    sample_received=17,
    form=ReportForm.FULL,
    origin=Origin.FUNCTIONAL,
    verdict=VerdictResult.ACCEPTED,
    closed_on=date(2026, 4, 30),
    report_kind=ReportKind.FINAL,
    report_revision=3,
    report_hash="ab" * 32,
)


def page(rows: list[LogRow], language: Language | str = Language.ZH, reports: Path = REPORTS) -> Any:
    content = b"".join(complaint_log(rows, language=language, zone="Asia/Shanghai", reports=reports))
    return openpyxl.load_workbook(BytesIO(content)).active


def cells(row: LogRow, language: Language | str = Language.ZH) -> dict[str, Any]:
    fields = [column.field for column in read_layout(REPORTS).columns]
    return dict(zip(fields, page([row], language)[2], strict=True))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the log's texts that a test may spoil."""
    shutil.copytree(REPORTS / "complaint_log", tmp_path / "complaint_log")
    return tmp_path


def test_every_field_has_exactly_one_column():
    fields = [column.field for column in read_layout(REPORTS).columns]
    assert sorted(fields) == sorted(FIELDS)


def test_every_label_is_there_in_both_languages():
    layout, labels = read_layout(REPORTS), read_labels(REPORTS)
    assert missing_labels(layout, labels) == []
    for language in Language:
        titles = [labels["columns", column.field][language] for column in layout.columns]
        assert len(set(titles)) == len(titles)


def test_no_label_is_left_over():
    labels = read_labels(REPORTS)
    layout = read_layout(REPORTS)
    unknown = {key[1] for key in labels if key[0] == "columns"} - {column.field for column in layout.columns}
    assert unknown == set()


def test_values_are_real_numbers_dates_and_local_instants():
    read = cells(ADAPTER)
    assert read["received_at"].value == datetime(2026, 3, 12, 16, 40)
    assert read["initial_reply.met_at"].value == datetime(2026, 3, 13, 19, 10)
    assert read["initial_reply.late_by_hours"].value == 2.5
    assert read["closed_on"].value == datetime(2026, 4, 30)
    assert read["closed_on"].number_format == "yyyy\\-mm\\-dd"
    assert read["received_at"].number_format == "yyyy\\-mm\\-dd\\ hh:mm"
    assert (read["quantity_delivered"].value, read["ppm"].value, read["score_weight"].value) == (
        5000,
        30000,
        2,
    )
    assert read["final_report.met_at"].value is None


def test_texts_stay_texts():
    read = cells(ADAPTER)
    assert (read["part_number"].value, read["date_codes"].value) == ("00123", "2609")
    assert read["contact"].data_type == "s"
    assert read["contact"].quotePrefix


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh",
            {
                "kind": "线上投诉 (0 公里)",
                "channel": "即时通讯",
                "demands": "8D、换货",
                "lots": "B2603A、B2603B",
                "tier": "重大",
                "stage": "已结案",
                "ours": "是",
                "on_site_visit": None,
                "initial_reply.provisional": "否",
                "verdict": "接受",
                "language": "中英文",
                "report_kind": "最终",
            },
        ),
        (
            "en",
            {
                "kind": "Line (0-km)",
                "channel": "Instant message",
                "demands": "8D, Replacement",
                "lots": "B2603A, B2603B",
                "tier": "Major",
                "stage": "Closed",
                "ours": "Yes",
                "on_site_visit": None,
                "initial_reply.provisional": "No",
                "verdict": "Accepted",
                "language": "Chinese and English",
                "report_kind": "Final",
            },
        ),
    ],
)
def test_words_are_those_of_the_language(language, expected):
    read = cells(ADAPTER, language)
    assert {field: read[field].value for field in expected} == expected


def test_reasons_stand_one_below_the_other():
    reasons = cells(ADAPTER)["reasons"]
    assert reasons.value == "功能不良 18 ≥ 15\n外观不良 3 < 10"
    assert reasons.alignment.wrap_text


def test_header_and_number_stay_in_view_and_everything_is_filtered():
    for language, title, first in (("zh", "客诉台账", "客诉编号"), ("en", "Complaint log", "Complaint no.")):
        log = page([ADAPTER, ADAPTER], language)
        assert log.title == title
        assert log["A1"].value == first
        assert log.freeze_panes == "B2"
        assert log.auto_filter.ref == f"A1:{log.cell(1, len(FIELDS)).column_letter}3"


def test_widths_come_from_the_layout():
    log = page([])
    layout = read_layout(REPORTS)
    widths = [log.column_dimensions[log.cell(1, n).column_letter].width for n in range(1, len(FIELDS) + 1)]
    assert widths == [column.width for column in layout.columns]


def test_a_bare_complaint_is_a_row_too():
    bare = LogRow(number="CC-1", customer="A", kind=ComplaintKind.CLAIM, received_at=ADAPTER.received_at)
    read = cells(bare)
    assert {field for field, cell in read.items() if cell.value is not None} == {
        "number", "customer", "kind", "received_at", "stage",
    }  # fmt: skip


def test_every_milestone_writes_its_own_clock():
    row = replace(
        ADAPTER,
        initial_reply=MilestoneClock(late_by_hours=1),
        preliminary_analysis=MilestoneClock(late_by_hours=2),
        final_report=MilestoneClock(late_by_hours=3),
    )
    read = cells(row)
    milestones = ("initial_reply", "preliminary_analysis", "final_report")
    assert [read[f"{name}.late_by_hours"].value for name in milestones] == [1, 2, 3]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (("客诉编号", " "), r"lacks columns\.number\.zh"),
        (('en = "Major"', 'de = "Schwer"'), r"lacks words\.tier\.major\.en"),
        (("[words.yes_no]", "[words.no_yes]"), r"lacks words\.yes_no\.yes"),
        (('title = { zh = "客诉台账", en = "Complaint log" }', 'title = "x"'), "lacks|needs zh and en"),
        (("[columns]", "[columns"), "labels.toml"),
    ],
)
def test_a_missing_label_stops_the_log_before_its_first_byte(own, spoil, says):
    path = own / "complaint_log" / "labels.toml"
    path.write_text(path.read_text("utf-8").replace(*spoil), "utf-8")
    with pytest.raises(SheetDataError, match=says):
        complaint_log([], language="zh", zone="Asia/Shanghai", reports=own)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (('field = "number"', 'field = "nummer"'), "no field 'nummer'"),
        (('words = "tier"', 'words = "tear"'), "no words 'tear'"),
        (('cell = "integer"', 'cell = "whole"'), "whole"),
        (('join = "lines"', 'join = "commas"'), "commas"),
        (("wrap = true", "rap = true"), "rap"),
        (("frozen_columns = 1", ""), "frozen_columns"),
    ],
)
def test_a_layout_that_cannot_be_filled_stops_the_log(own, spoil, says):
    path = own / "complaint_log" / "layout.toml"
    path.write_text(path.read_text("utf-8").replace(*spoil), "utf-8")
    with pytest.raises(SheetDataError, match=says):
        complaint_log([], language="zh", zone="Asia/Shanghai", reports=own)


def test_a_log_without_its_files_says_so(tmp_path):
    with pytest.raises(SheetDataError, match=r"layout\.toml"):
        complaint_log([], language="zh", zone="Asia/Shanghai", reports=tmp_path)


def test_a_plant_may_leave_columns_out(own):
    path = own / "complaint_log" / "layout.toml"
    kept = tomllib.loads(path.read_text("utf-8"))["column"][:2]
    path.write_text(
        "frozen_columns = 1\n" + "".join(f'[[column]]\nfield = "{column["field"]}"\n' for column in kept),
        "utf-8",
    )
    assert [cell.value for cell in page([ADAPTER], reports=own)[2]] == ["CC-2026-00001", None]


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="fr"):
        complaint_log([], language="fr", zone="Asia/Shanghai", reports=REPORTS)


def test_the_export_instant_is_kept_in_the_book():
    stream = complaint_log(
        [], language="en", zone="Asia/Shanghai", reports=REPORTS, exported_at=datetime(2026, 5, 1, tzinfo=UTC)
    )
    properties = openpyxl.load_workbook(BytesIO(b"".join(stream))).properties
    assert properties.created == datetime(2026, 5, 1)
    assert properties.title == "Complaint log"
