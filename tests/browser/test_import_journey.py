"""An old log with twenty kinds of dirt is corrected, tried, brought in with its progress, and not doubled."""

import re
from pathlib import Path

import pytest

from eightd.usecases.worker import Worker
from tests.imports_case import HEADS, book, line

OLD_LOG = Path(__file__).parents[1] / "cases" / "old_log.xlsx"
DIRT = (
    {"客诉日期": "二月三十"}, {"客诉日期": None}, {"客诉日期": "3/4/2023"}, {"客诉日期": "2033/1/1"},
    {"客户": None}, {"料号": None}, {"客诉日期": "2023.1.10"}, {"客诉日期": 44966}, {"客诉日期": "20230214"},
    {"客诉日期": "2023年2月2日"}, {"不良数": "12PCS"}, {"不良数": "41个"}, {"不良数": "１２"}, {"不良数": "约30"},
    {"不良数": "若干"}, {"抽检数": "#N/A"}, {"原因分析": "=A1+1"}, {"改善对策": "@培训"}, {"状态": "处理中"},
    {"结案日期": "2022/1/1"}, {"不良现象": "-"}, {"类别": "神秘"}, {"客户": "Kestrel Bikes "},
)  # fmt: skip


@pytest.fixture
def worker(services):
    """The program's own jobs, as beside a running server."""
    started = Worker(services, pace=0.1)
    started.start()
    yield started
    started.stop()


def take(someone, path):
    someone.open("/imports/")
    someone.page.set_input_files("[name=file]", path)
    someone.page.click("text=Read the file")
    someone.page.wait_for_url(re.compile(r"/imports/\d+$"))


def try_out(someone):
    someone.page.click("button[name=do][value=try]")
    someone.page.wait_for_selector(".import-figures")
    figures = someone.page.locator(".import-figures dd").all_inner_texts()
    return [int(figure) for figure in figures]


def bring_in(someone):
    if someone.page.locator("[name=leave_out]").count():
        someone.page.check("[name=leave_out]")
    someone.page.click("text=Bring in now")
    someone.page.wait_for_selector("#result")


def test_an_old_log_is_brought_in(person, worker, tmp_path):
    heads = [*HEADS[:10], "情形", *HEADS[11:]]
    lines = [line(**{"客户单号": f"D-{number}", **dirt}) for number, dirt in enumerate(DIRT)]
    rows = [["台账"], ["客诉信息", *[None] * 9, "处理信息"], heads, *lines, lines[6], [], [None, "合计", 999]]
    dirty = tmp_path / "dirty.xlsx"
    dirty.write_bytes(book({"说明": [["填写说明"]], "2023": rows}, {"2023": ["A1:Q1", "A2:J2", "K2:Q2"]}))
    manager = person("quality_manager")
    take(manager, dirty)
    manager.page.select_option("[name=sheet-1-column-10]", "phenomenon")
    new, known, problems, skipped, blank = try_out(manager)
    assert (new, known, problems, skipped, blank) == (17, 0, 6, 2, 1)
    assert "2023!B4" in manager.text()
    assert "“二月三十” is not a date" in manager.text()
    manager.page.click("text=Change the columns")
    assert manager.page.input_value("[name=sheet-1-column-10]") == "phenomenon"
    manager.page.check("[name=order][value=day]")
    assert try_out(manager)[:3] == [18, 0, 5]
    bring_in(manager)
    assert "18 records were brought in, all in one go." in manager.text()
    take(manager, dirty)
    assert manager.page.input_value("[name=sheet-1-column-10]") == "phenomenon"
    assert try_out(manager)[:3] == [0, 18, 5]
    assert manager.page.locator("text=Bring in now").count() == 0
    take(manager, OLD_LOG)
    assert try_out(manager) == [175, 0, 6, 9, 12]
    bring_in(manager)
    assert "175 records were brought in" in manager.text()
    manager.open("/search?q=员工漏检")
    assert "HCC-2023-" in manager.text()
