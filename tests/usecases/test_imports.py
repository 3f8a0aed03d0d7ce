"""An old complaint log is read with all its dirt, tried by cell, brought in whole or not at all, and never twice."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DefectKind, Stage, Tier
from eightd.domain.importing.days import DayOrder
from eightd.domain.importing.fields import Target
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin
from eightd.persistence import audit, search
from eightd.persistence.tables.catalogue import CustomerRow, PhenomenonRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.importing import ImportedRecordRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries.board_walk import Clock
from eightd.queries.log import log_rows
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.importing import bring_in, runs
from eightd.usecases.importing.advance import advance_imports
from eightd.usecases.importing.mapping import FileMapping
from tests.imports_case import GOOD, HEADS, book, carried, line, run_row, taken, tried

OLD_LOG = Path(__file__).parents[1] / "cases" / "old_log.xlsx"

TITLE = ["2023年度客诉台账"]
GROUPS = ["客诉信息", *[None] * 9, "处理信息"]
DIRT = (
    ("a date with blanks behind it", {"客诉日期": "2023-01-29 "}, ()),
    ("a date with dots", {"客诉日期": "2023.1.10"}, ()),
    ("a serial number", {"客诉日期": 44966}, ()),
    ("a date without marks", {"客诉日期": "20230214"}, ()),
    ("a date in Chinese", {"客诉日期": "2023年2月2日"}, ()),
    ("a real date", {"客诉日期": datetime(2023, 1, 6)}, ()),  # noqa: DTZ001 - a spreadsheet knows no zones
    ("a day that does not exist", {"客诉日期": "二月三十"}, (("problem", "import.no_day", "B"),)),
    ("no date", {"客诉日期": None}, (("problem", "import.wanted", "B"),)),
    ("day or month first", {"客诉日期": "3/4/2023"}, (("problem", "import.two_days", "B"),)),
    ("a date ahead", {"客诉日期": "2033/1/1"}, (("problem", "import.day_ahead", "B"),)),
    ("no customer", {"客户": None}, (("problem", "import.wanted", "C"),)),
    ("a customer with a blank", {"客户": "安科电子 "}, ()),
    ("a new customer", {"客户": "Kestrel Bikes"}, (("remark", "import.new_customer", ""),)),
    ("no part", {"料号": None}, (("problem", "import.no_part", "E"),)),
    ("a new part", {"料号": "PB-6L"}, (("remark", "import.new_part", ""),)),
    ("pieces with a unit", {"不良数": "12PCS"}, ()),
    ("pieces with a Chinese unit", {"不良数": "41个"}, ()),
    ("full-width digits", {"不良数": "１２"}, ()),
    ("about so many", {"不良数": "约30"}, (("remark", "import.count_taken", "J"),)),
    ("no number", {"不良数": "若干"}, (("remark", "import.left_empty", "J"), ("remark", "import.no_quantity", "J"))),
    ("an error of the sheet", {"抽检数": "#N/A"}, (("remark", "import.left_empty", "I"),)),
    ("more than was delivered", {"不良数": 2000}, (("remark", "import.more_ng", "J"),)),
    ("a text like a formula", {"原因分析": "=A1+1 的公差叠加"}, (("remark", "import.formula_like", "N"),)),
    ("a text with @", {"改善对策": "@产线培训"}, (("remark", "import.formula_like", "O"),)),
    ("still open", {"状态": "处理中", "结案日期": None}, (("remark", "import.still_open", "Q"),)),
    ("closed before it came", {"结案日期": "2022/1/1"}, (("remark", "import.closed_before", "P"),)),
    ("no phenomenon", {"不良现象": "-"}, (("remark", "import.no_phenomenon", "K"),)),
    ("an unknown kind", {"类别": "神秘"}, (("remark", "import.unknown_word", "L"),)),
    ("an unknown department", {"责任单位": "三楼"}, (("remark", "import.word_kept", "M"),)),
)  # fmt: skip


def complaints_of(world):
    with world.services.uow.reading() as session:
        rows = session.execute(sa.select(ComplaintRow).order_by(ComplaintRow.id)).scalars().all()
        return {row.customer_number: row for row in rows}


def count(world, table):
    with world.services.uow.reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_each_kind_of_dirt_is_read_or_found(world):
    """Twenty-nine kinds in one sheet with a title and two rows of headings, each with its expected finding."""
    lines = [line(**{"客户单号": f"D-{number}", **dirt}) for number, (_kind, dirt, _found) in enumerate(DIRT)]
    merges = {"2023": ["A1:Q1", "A2:J2", "K2:Q2"]}
    row = tried(world, book({"说明": [["每行一件客诉"]], "2023": [TITLE, GROUPS, HEADS, *lines]}, merges))
    for number, (kind, _dirt, expected) in enumerate(DIRT):
        at = 4 + number
        found = {(one["level"], one["kind"], one["cell"]) for one in row.findings if one["row"] == at}
        assert found == {(level, code, cell and f"{cell}{at}") for level, code, cell in expected}, kind
    problems = sum(any(level == "problem" for level, *_ in found) for *_, found in DIRT)
    assert row.counts["problems"] == problems
    assert row.counts["new"] == len(DIRT) - problems


def test_lines_that_are_no_records(world):
    rows = [
        HEADS,
        line(),
        line(),
        [],
        [None, "合计", *[None] * 7, 999],
        list(HEADS),
        ["填表: 张三"],
        line(客户单号="C-2"),
    ]
    row = tried(world, book({"a": rows}))
    found = [(one["kind"], one["row"]) for one in row.findings if one["level"] == "skipped"]
    assert found == [
        ("import.double", 3), ("import.total", 5), ("import.heading_again", 6), ("import.note_line", 7),
    ]  # fmt: skip
    assert (row.counts["new"], row.counts["blank"]) == (2, 1)


def test_a_complaint_over_several_lines_has_several_phenomena(world):
    """Merged downwards, or under the same number on the same day; another day is another case."""
    rows = [
        HEADS,
        line(客户单号="M-1", 不良数=3),
        [None, None, None, None, None, None, None, None, None, 4, "缩水", "外观"],
        line(客户单号="N-1"),
        line(客户单号="N-1", 不良现象="外壳划伤", 类别="外观", 不良数=2),
        line(客户单号="N-1", 客诉日期="2023/5/5"),
    ]
    merges = {"a": [f"{letter}2:{letter}3" for letter in "BCDEF"]}
    row = carried(world, tried(world, book({"a": rows}, merges)))
    assert row.counts["made"] == 3
    found = complaints_of(world)
    assert found["M-1"].quantity_complained == 7
    assert found["N-1"].received_at.date() == date(2023, 5, 5)
    with world.services.uow.reading() as session:
        lines = session.execute(
            sa.select(DefectLineRow.phenomenon, DefectLineRow.kind, DefectLineRow.quantity)
            .where(DefectLineRow.complaint_id == found["M-1"].id)
            .order_by(DefectLineRow.position)
        ).all()
    assert [tuple(one) for one in lines] == [
        ("无输出", DefectKind.FUNCTIONAL, 3), ("缩水", DefectKind.APPEARANCE, 4),
    ]  # fmt: skip


def test_the_old_log_of_a_plant(world):
    """The case file whole: closed history, found by search, in the log, sound in the record, and nobody is told."""
    content = OLD_LOG.read_bytes()
    row = tried(world, content)
    assert row.counts == {"new": 175, "problems": 6, "skipped": 9, "blank": 12}
    unread = sorted(one["cell"] for one in row.findings if one["kind"] == "import.no_day")
    assert unread == ["B34", "B7", "B74", "B75", "B80"]
    done = carried(world, row)
    assert (done.state, done.counts["made"]) == ("finished", 175)
    uow, now = world.services.uow, world.services.clock()
    assert count(world, MessageRow) == count(world, DeadlineRow) == count(world, PhenomenonRow) == 0
    with uow.reading() as session:
        rows = session.execute(sa.select(ComplaintRow)).scalars().all()
        first = next(one for one in rows if one.imported_from == "2023!4")
        assert {one.stage for one in rows} == {Stage.CLOSED}
        assert not any(one.is_open for one in rows)
        assert (first.number, first.tier, first.origin) == ("HCC-2023-00001", Tier.OTHER, Origin.PROCESS)
        assert first.received_at == datetime(2023, 1, 6, tzinfo=UTC)
        assert first.closed_on == date(2023, 2, 10)
        matching = search.matching(session, "员工漏检 L2301A")
        assert matching is not None
        assert first.id in session.execute(matching).scalars().all()
        assert audit.verify_chain(session, audit.chain_of(first.id), uow.signing_key) is None
        assert audit.verify_chain(session, audit.SYSTEM_CHAIN, uow.signing_key) is None
    clock = Clock(now, now)
    logged = {one.number: one for one in log_rows(uow, world.actor("cqe"), language=Language.ZH, clock=clock)}
    assert len(logged) == 175
    assert (logged["HCC-2023-00001"].root_causes, logged["HCC-2023-00001"].actions) == (
        "员工漏检",
        "@产线培训",
    )
    again = tried(world, content)
    assert (again.counts.get("new", 0), again.counts["known"]) == (0, 175)
    with pytest.raises(NotAllowed):
        carried(world, again)
    assert count(world, ComplaintRow) == 175


def test_carrying_out_on_both_stores(store_world):
    """New customers and parts are made, a second run adds what is new only, the same key does it once."""
    world = store_world
    content = book({"a": [HEADS, line(), line(客户单号="C-2", 客户="Kestrel Bikes", 料号="KB-1")]})
    row = tried(world, content)
    order = world.order("cqe", "one-key-for-this")
    for replayed in (False, True):
        done = runs.carry_out(world.services.uow, order, run_id=row.id, version=row.version, leave_out=False)
        assert done.replayed is replayed
    advance_imports(world.services)
    more = tried(
        world,
        book(
            {
                "a": [
                    HEADS,
                    line(),
                    line(客户单号="C-3", 客诉日期="2023/7/1"),
                    line(客户单号="C-4", 客诉日期="x"),
                ]
            }
        ),
    )
    assert (more.counts["known"], more.counts["new"], more.counts["problems"]) == (1, 1, 1)
    with pytest.raises(Invalid) as invalid:
        carried(world, more, leave_out=False)
    assert "leave_out" in invalid.value.problems
    carried(world, more)
    numbers = [(one.number, one.is_open) for one in complaints_of(world).values()]
    assert numbers == [("HCC-2023-00001", False), ("HCC-2023-00002", False), ("HCC-2023-00003", False)]
    with world.services.uow.reading() as session:
        made = session.execute(sa.select(CustomerRow).where(CustomerRow.code == "KESTREL BIKES")).scalar_one()
        assert made.name == "Kestrel Bikes"
        found = search.matching(session, "Kestrel")
        assert found is not None
        assert len(session.execute(found).scalars().all()) == 1
        kept = (
            session.execute(sa.select(AuditRow.tag).where(AuditRow.complaint_id.is_not(None))).scalars().all()
        )
        assert kept == ["log.imported"] * 3
        for chain in audit.chains(session):
            assert audit.verify_chain(session, chain, world.services.uow.signing_key) is None


def test_what_breaks_off_saves_nothing(world, monkeypatch):
    """The first slice was written when the second fails: nothing of either is there, and the person is told."""
    monkeypatch.setattr(bring_in, "_AT_ONCE", 1)
    written = bring_in._write

    def broken(frame, cases, numbers):
        if numbers[0].endswith("2"):
            raise RuntimeError("the disk is gone")
        written(frame, cases, numbers)

    monkeypatch.setattr(bring_in, "_write", broken)
    row = carried(world, tried(world, book({"a": [HEADS, line(客户="Neu"), line(客户单号="C-2")]})))
    assert (row.state, row.error) == ("failed", "failed")
    assert count(world, ComplaintRow) == count(world, ImportedRecordRow) == 0
    assert count(world, CustomerRow) == 2


def test_who_may_and_in_which_order(world):
    content = book({"a": [HEADS, line()]})
    for login in ("sales", "auditor", "admin", "limited", "stranger"):
        with pytest.raises(NotFound):
            taken(world, content, login=login)
    for target in (Target.CUSTOMERS, Target.USERS):
        with pytest.raises(NotFound):
            taken(world, content, target, login="cqe")
    uow, run_id = world.services.uow, taken(world, content)
    row = run_row(world, run_id)
    mapping = FileMapping.of(row.mapping)
    with pytest.raises(NotAllowed):
        runs.carry_out(uow, world.order("cqe"), run_id=run_id, version=row.version, leave_out=True)
    with pytest.raises(NotFound):
        runs.try_out(uow, world.order("stranger"), run_id=run_id, version=row.version, mapping=mapping)
    with pytest.raises(NotFound):
        runs.try_out(uow, world.order("cqe"), run_id=999, version=1, mapping=mapping)
    with pytest.raises(Stale):
        runs.try_out(uow, world.order("cqe"), run_id=run_id, version=7, mapping=mapping)
    with pytest.raises(Invalid):
        runs.try_out(uow, world.order("cqe"), run_id=run_id, version=row.version, mapping=FileMapping({}))
    runs.try_out(uow, world.order("cqe2"), run_id=run_id, version=row.version, mapping=mapping)
    with pytest.raises(NotAllowed):  # it is being worked on
        runs.try_out(uow, world.order("cqe"), run_id=run_id, version=row.version + 1, mapping=mapping)


def test_how_columns_are_read_is_kept_for_the_next_file(world):
    strange = [*HEADS[:10], "情形", *HEADS[11:]]
    content = book({"2023": [strange, line()]})
    row = run_row(world, taken(world, content))
    mapping = FileMapping.of(row.mapping)
    assert mapping.sheets["2023"].columns[10] == "note"
    columns = {**mapping.sheets["2023"].columns, 10: "phenomenon"}
    sheet = type(mapping.sheets["2023"])(True, mapping.sheets["2023"].layout, columns)
    chosen = FileMapping({"2023": sheet}, DayOrder.DAY, mapping.kind, {"kestrelbikes": "ANKE"})
    runs.try_out(world.services.uow, world.order("cqe"), run_id=row.id, version=1, mapping=chosen)
    advance_imports(world.services)
    rows = [strange, line(客诉日期="3/4/2023", 客户="Kestrel Bikes", 客户单号="C-9")]
    following = carried(world, tried(world, book({"2024": rows})))
    assert [one["kind"] for one in following.findings] == []
    made = complaints_of(world)["C-9"]
    assert made.received_at.date() == date(2023, 4, 3)
    assert made.customer_id == world.customer


def test_a_tier_of_the_old_log_stays(world):
    heads = [*HEADS, "客诉等级", "编号", "备注"]
    rows = [
        heads,
        [*line(不良数=1), "重大", "KS-7", "客户很急"],
        [*line(客户单号="C-2", 状态="取消"), "甲等", "KS-8", None],
    ]
    carried(world, tried(world, book({"a": rows})))
    found = complaints_of(world)
    assert (found["C-1"].tier, found["C-1"].weight, found["C-1"].tier_overridden) == (Tier.MAJOR, 2, True)
    assert found["C-1"].imported_from == "a!2 · KS-7"
    assert "备注: 客户很急" in found["C-1"].description
    assert found["C-2"].stage is Stage.CANCELLED


def rework(content, **parts):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in source.infolist():
            name = part.filename.rpartition("/")[2].replace(".", "_")
            made.writestr(part.filename, parts.pop(name, lambda text: text)(source.read(part)))
        for name, change in parts.items():
            made.writestr(f"xl/{name.replace('_', '.')}", change(b""))
    return target.getvalue()


def with_empty_rows(text):
    return text.replace(b"</sheetData>", b"<row/>" * 1_000_000 + b"</sheetData>")


HOSTILE = {
    "a bomb": (lambda text: b"<worksheet>" + b" " * 12_000_000, "upload.unpacks_too_large"),
    "an entity": (
        lambda text: text.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet', 1),
        "import.with_entities",
    ),
    "a million empty rows": (with_empty_rows, "import.too_many_rows"),
    "a cell in the last corner": (
        lambda text: text.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
        "import.too_many_rows",
    ),
    "a cell far to the right": (
        lambda text: text.replace(
            b"</sheetData>", b'<row r="900"><c r="XFD900"><v>1</v></c></row></sheetData>'
        ),
        "import.too_wide",
    ),
    "XML that is none": (lambda text: text[:300], "upload.broken"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_book_is_refused_in_one_sentence(world, kind):
    change, code = HOSTILE[kind]
    limits = replace(world.services.limits, upload_max_bytes=200_000)
    with pytest.raises(Invalid) as refused:
        runs.take("evil.xlsx", rework(book({"a": [HEADS, line()]}), sheet1_xml=change), limits)
    assert [message.code for message in refused.value.problems.values()] == [code]


def test_what_is_no_table_is_refused(world):
    limits = world.services.limits
    refused = {
        "import.empty_file": b"",
        "import.no_table": b"%PDF-1.7",
        "upload.old_office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "upload.with_macros": rework(book({"a": [HEADS]}), vbaProject_bin=lambda text: b"x"),
        "upload.broken": book({"a": [HEADS]})[:900],
        "import.nothing": b"\n\n,,\n",
        "import.file_too_large": b"x" * (limits.upload_max_bytes + 1),
        "import.too_many_rows": b"a\n" * 50_001,
    }
    for code, content in refused.items():
        with pytest.raises(Invalid) as invalid:
            runs.take("C:\\x\\evil.xlsx", content, limits)
        assert invalid.value.problems["file"].code == code
        assert invalid.value.problems["file"].text("en").startswith("evil.xlsx: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_log_as_text(world, encoding):
    shown = ["" if value is None else str(value) for value in line()]
    content = "\r\n".join([";".join(HEADS), ";".join(shown)]).encode(encoding)
    row = tried(world, content, name="log.csv")
    assert (row.counts["new"], row.findings) == (1, [])
    assert GOOD["客户"] == "安科电子"
