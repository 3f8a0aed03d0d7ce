"""How long it takes to bring in an old complaint log of 20,000 rows: `python -m bench.old_log [rows]`.

The rows are dirty as such logs are: mixed dates, units, full-width digits, texts like formulas. The store is a new
SQLite file; the steps are those of the page and the worker, in one process.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import sqlalchemy as sa
from openpyxl import Workbook

from bench import world as worlds
from bench.patterns import nobody
from eightd import config
from eightd.app import create_app
from eightd.domain.importing.fields import Target
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import people
from eightd.persistence.tables.importing import ImportRunRow
from eightd.persistence.tables.people import UserRow
from eightd.usecases.importing import advance, bring_in, runs
from eightd.usecases.importing.mapping import FileMapping
from eightd.usecases.services import Services
from eightd.usecases.verb import Order

HEADS = (
    "序号", "客诉日期", "客户", "客户单号", "料号", "品名", "批号", "出货数", "抽检数", "不良数", "不良现象", "类别",
    "责任单位", "原因分析", "改善对策", "结案日期", "状态",
)  # fmt: skip
_DAYS = ("%Y-%m-%d ", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
_PIECES = ("{}", "{}PCS", "{}个", "{} pcs")
_CAUSES = ("冷焊", "员工漏检", "程序版本错误", "=A1+1 的公差叠加", "+5V 虚焊", "来料不良")
_ACTIONS = ("更换治具", "加严IQC", "修订WI", "-20℃ 存放", "@产线培训")


def main() -> int:
    """Make the log, bring it in, and print how long each step takes."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    content = old_log(rows)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(config.read({"EIGHTD_INSTANCE": folder}))
        services: Services = app.extensions["eightd.services"]
        services.bring_up_to_date()
        with services.uow.writing(nobody(services)) as work:
            worlds.build(work.session, seed=8, now=datetime.now(UTC), password_hash="")
        print(f"{rows:,} rows, {len(content) / 2**20:.1f} MB")
        measure(services, content)
        print(f"store {_size(Path(folder)) / 2**20:.0f} MB, peak {_peak():.0f} MB")
    return 0


def measure(services: Services, content: bytes) -> None:
    """Take, try and carry out, one after the other."""
    uow = services.uow
    with uow.reading() as session:
        user = session.execute(sa.select(UserRow.id).where(UserRow.login == worlds.LOGIN)).scalar_one()
        row = people.user(session, user)
        if row is None:
            raise LookupError(worlds.LOGIN)
        actor: Actor = people.actor(session, row, datetime.now(UTC).date())

    def order() -> Order:
        return services.order(actor, worlds.LOGIN, "")

    with _timed("take"):
        file = runs.take("old.xlsx", content, services.limits)
        run_id = runs.upload(uow, order(), plant_id=min(actor.plants), target=Target.LOG, file=file).id
    with _timed("say the columns"):
        runs.try_out(
            uow, order(), run_id=run_id, version=1, mapping=FileMapping.of(_run(services, run_id).mapping)
        )
    with _timed("try"):
        advance.advance_imports(services)
    written = bring_in.bring_in

    def measured(*args: Any) -> int:
        with _timed("of it, in the transaction"):
            return written(*args)

    setattr(bring_in, "bring_in", measured)  # noqa: B010 - measured where the worker calls it
    with _timed("carry out"):
        runs.carry_out(uow, order(), run_id=run_id, version=_run(services, run_id).version, leave_out=True)
        advance.advance_imports(services)
    print(_run(services, run_id).counts)


def old_log(rows: int) -> bytes:
    """Return a book with a title, two rows of headings and as many dirty rows; the same each time."""
    chance = random.Random(8)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("2015-2024")
    for head in (["历年客诉台账"], ["客诉信息", *[None] * 9, "处理信息"], HEADS):
        sheet.append(head)
    for number in range(rows):
        on = date(2015, 1, 1) + timedelta(days=number * 3650 // rows)
        part = chance.randrange(200)
        sheet.append([
            number, on.strftime(chance.choice(_DAYS)), f"客户{chance.randrange(60)}", f"C-{number}", f"PA-{part:04d}",
            f"适配器{part}", on.strftime("L%y%mA"), 1000, 200,
            chance.choice(_PIECES).format(chance.randrange(1, 60)), chance.choice(("无输出", "外壳划伤", "标签贴错")),
            chance.choice(("功能", "外观", "其他")), chance.choice(("PIE", "SQE", "RD", "生产部")),
            chance.choice(_CAUSES), chance.choice(_ACTIONS), (on + timedelta(days=30)).isoformat(), "已结案",
        ])  # fmt: skip
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begun, used = perf_counter(), process_time()
    yield
    print(f"{what:28} {perf_counter() - begun:6.1f} s, processor {process_time() - used:6.1f} s", flush=True)


def _run(services: Services, run_id: int) -> ImportRunRow:
    with services.uow.reading() as session:
        return session.get_one(ImportRunRow, run_id)


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*.sqlite*"))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
