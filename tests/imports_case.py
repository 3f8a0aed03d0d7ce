"""Books made for tests of bringing in, and the walk from a file to what came of it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from openpyxl import Workbook

from eightd.domain.importing.fields import Target
from eightd.persistence.tables.importing import ImportRunRow
from eightd.usecases.importing import runs
from eightd.usecases.importing.advance import advance_imports
from eightd.usecases.importing.mapping import FileMapping
from tests.factories import World

HEADS = (
    "序号", "客诉日期", "客户", "客户单号", "料号", "品名", "批号", "出货数", "抽检数", "不良数", "不良现象", "类别",
    "责任单位", "原因分析", "改善对策", "结案日期", "状态",
)  # fmt: skip
GOOD: Mapping[str, Any] = {
    "客诉日期": "2023/1/6", "客户": "安科电子", "客户单号": "C-1", "料号": "PA-1200", "出货数": 1000, "不良数": 6,
    "不良现象": "无输出", "类别": "功能", "责任单位": "PIE", "原因分析": "冷焊", "改善对策": "更换治具",
    "结案日期": "2023/12/1", "状态": "已结案",
}  # fmt: skip


def line(**other: Any) -> list[Any]:
    """Return a line of an old log that is good but for what is said."""
    values = {**GOOD, **other}
    return [values.get(head) for head in HEADS]


def book(
    sheets: Mapping[str, Sequence[Sequence[Any]]], merges: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """Return an Excel book; texts stay texts, whatever they begin with."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                if value is not None:
                    cell = sheet.cell(number, place, value)
                    if isinstance(value, str):
                        cell.data_type = "e" if value.startswith("#") else "s"
        for merged in (merges or {}).get(name, ()):
            sheet.merge_cells(merged)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def run_row(world: World, run_id: int) -> ImportRunRow:
    """Return a run as it is kept."""
    with world.services.uow.reading() as session:
        return session.get_one(ImportRunRow, run_id)


def taken(
    world: World, content: bytes, target: Target = Target.LOG, login: str = "cqe", name: str = "old.xlsx"
) -> int:
    """Take a file and return its run."""
    file = runs.take(name, content, world.services.limits)
    uow, order = world.services.uow, world.order(login)
    return runs.upload(uow, order, plant_id=world.plant, target=target, file=file).id


def tried(
    world: World,
    content: bytes,
    target: Target = Target.LOG,
    login: str = "cqe",
    name: str = "old.xlsx",
    **other: Any,
) -> ImportRunRow:
    """Take a file and try it as it is proposed, but for what is said; return the run."""
    run_id = taken(world, content, target, login, name)
    row = run_row(world, run_id)
    mapping = replace(FileMapping.of(row.mapping), **other)
    runs.try_out(world.services.uow, world.order(login), run_id=run_id, version=row.version, mapping=mapping)
    advance_imports(world.services)
    return run_row(world, run_id)


def carried(world: World, row: ImportRunRow, login: str = "cqe", *, leave_out: bool = True) -> ImportRunRow:
    """Have a run that was tried carried out; return it."""
    order = world.order(login)
    runs.carry_out(world.services.uow, order, run_id=row.id, version=row.version, leave_out=leave_out)
    advance_imports(world.services)
    return run_row(world, row.id)
