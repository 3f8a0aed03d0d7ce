"""Where the headings stand, what each column holds, and which lines are records."""

import pytest

from eightd.domain.complaint import Role
from eightd.domain.importing.fields import FIELDS, LOG_FIELDS, Target, field_of
from eightd.domain.importing.grid import Merge, Sheet, address
from eightd.domain.importing.layout import Layout, find_layout, headings, match, missing, propose
from eightd.domain.importing.lines import Line, tell
from eightd.domain.importing.rights import may_bring_in
from eightd.domain.workflow.snapshot import Actor

TITLE = ["2023年度客诉台账", None, None, None, None]
GROUPS = ["客诉信息", None, None, "处理信息", None]
HEADS = ["序号", "客诉日期", "客户", "不良现象", "结案日期"]
FIRST = [1.0, "2023/1/5", "甲", "无输出", "2023/2/1"]


def read(sheet, target=Target.LOG):
    layout = find_layout(sheet, target)
    assert layout is not None
    return layout, headings(sheet, layout)


def test_a_title_and_two_rows_of_headings():
    merges = (Merge(0, 0, 0, 4), Merge(1, 0, 1, 2), Merge(1, 3, 1, 4))
    layout, names = read(Sheet("2023", [TITLE, GROUPS, HEADS, FIRST], merges))
    assert layout == Layout(1, 2)
    assert names[1:4] == ("客诉信息 / 客诉日期", "客诉信息 / 客户", "处理信息 / 不良现象")
    assert propose(names, Target.LOG) == {1: "received_on", 2: "customer", 3: "phenomenon", 4: "closed_on"}


def test_headings_that_go_on_below_a_merged_cell():
    rows = [
        ["客户", "日期", "数量", None, "不良现象"],
        [None, None, "出货", "不良", None],
        ["甲", "2023/1/5", 100.0, 3.0, "无输出"],
    ]
    merges = (Merge(0, 0, 1, 0), Merge(0, 1, 1, 1), Merge(0, 2, 0, 3), Merge(0, 4, 1, 4))
    layout, names = read(Sheet("a", rows, merges))
    assert layout == Layout(0, 1)
    assert names[2:4] == ("数量 / 出货", "数量 / 不良")


def test_a_second_row_of_known_headings_in_the_other_language():
    rows = [["客户", "日期", "料号"], ["Customer", "Date", "Part No"], ["甲", "2023/1/5", "A"]]
    layout, names = read(Sheet("a", rows))
    assert layout == Layout(0, 1)
    assert propose(names, Target.LOG) == {0: "customer", 1: "received_on", 2: "part_number"}


def test_a_sheet_without_headings_has_none():
    assert find_layout(Sheet("说明", [["填写说明: 每行一件客诉"], [], ["x" * 50]]), Target.LOG) is None
    assert find_layout(Sheet("empty", []), Target.LOG) is None


def test_the_headings_are_all_there_is():
    assert find_layout(Sheet("a", [["客户", "日期", "料号"]]), Target.LOG) == Layout(0, 0)


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("客诉信息 / 客诉日期", "received_on"), ("Complaint Date", "received_on"), ("客户名称*", "customer"),
        ("不良数(PCS)", "quantity_defective"), ("客诉日期（必填）", "received_on"), ("出货总数量", "note"),
        ("根本原因及说明", "cause"), ("Mystery", "note"), ("序号", None), ("No.", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_heading_means(heading, code):
    assert propose([heading], Target.LOG).get(0) == code


def test_a_field_is_given_once_but_notes_to_many_columns():
    found = propose(["客户", "客户名称", "备注", "说明", "Mystery"], Target.LOG)
    assert sorted(found.values()) == ["customer", "note", "note", "note", "note"]
    assert propose(["代码", "Mystery"], Target.CUSTOMERS) == {0: "code"}


def test_every_field_knows_its_own_label():
    for target, fields in FIELDS.items():
        for one in fields:
            assert match(one.label.zh, one) == match(one.label.en, one) == 100, (target, one.code)
    assert field_of(Target.LOG, "nothing") is None
    state = field_of(Target.LOG, "status")
    assert state is not None
    assert match("Open / Closed", state) == 90
    assert match("(", LOG_FIELDS[0]) == match("", LOG_FIELDS[0]) == 0


def test_what_is_missing():
    assert [one.code for one in missing(Target.LOG, {"customer"})] == ["received_on", "part_number"]
    assert missing(Target.LOG, {"customer", "received_on", "part_name"}) == ()
    assert [one.code for one in missing(Target.PARTS, {"number"})] == ["name"]


def test_lines_are_told_apart():
    rows = [
        HEADS, FIRST, [None] * 5, ["", "合计", None, 999.0, None], HEADS, ["填表: 张三"],
        [2.0, "2023/1/9", "乙", "缩水", None], ["小计", 3.0],
    ]  # fmt: skip
    sheet = Sheet("a", rows)
    told = [one.line for one in tell(sheet, Layout(0, 0), [1, 2, 3, 4])]
    assert told == [
        Line.RECORD, Line.BLANK, Line.TOTAL, Line.HEADING, Line.NOTE, Line.RECORD, Line.TOTAL,
    ]  # fmt: skip


def test_a_cell_under_a_merged_one_says_what_that_says():
    sheet = Sheet("a", [["甲", 1.0], [None, 2.0], [None]], (Merge(0, 0, 1, 0),))
    assert [sheet.at(row, 0) for row in range(3)] == ["甲", "甲", None]
    assert (sheet.begun_above(0, 0), sheet.begun_above(1, 0), sheet.begun_above(2, 0)) == (None, 0, None)
    assert sheet.at(2, 1) is None
    assert Sheet("b", [["x"]]).begun_above(0, 0) is None
    assert Sheet("b", [["x"]]).at(0, 0) == "x"
    assert [address(0, 0), address(6, 27)] == ["A1", "AB7"]


def test_who_may_bring_in():
    manager = Actor(1, frozenset({Role.QUALITY_MANAGER}), frozenset({1}))
    limited = Actor(1, frozenset({Role.QUALITY_MANAGER}), frozenset({1}), customers=frozenset({3}))
    admin = Actor(1, frozenset({Role.ADMIN}), frozenset({1}))
    assert may_bring_in(manager, Target.LOG)
    assert may_bring_in(manager, Target.LOG, 1)
    assert not may_bring_in(manager, Target.LOG, 2)
    assert not may_bring_in(manager, Target.USERS)
    assert not may_bring_in(limited, Target.LOG)
    assert may_bring_in(admin, Target.USERS)
    assert not may_bring_in(admin, Target.LOG)
