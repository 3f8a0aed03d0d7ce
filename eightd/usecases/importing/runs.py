"""A file being brought in, step by step: taken, its columns said, tried, carried out; one verb each."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.importing.fields import Target
from eightd.domain.importing.grid import Sheet
from eightd.domain.importing.rights import AT_WORK, RunState, may_bring_in
from eightd.domain.words import Phrase
from eightd.persistence.tables.importing import ImportRunRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.importing.book import read_book
from eightd.usecases.importing.mapping import FileMapping, fitted, keep, proposal
from eightd.usecases.services import Limits
from eightd.usecases.verb import Done, verb

MOST_WAITING = 3

BUSY = Phrase(
    "import.busy", "This file is being worked on; please wait until that is over", "该文件正在处理，请稍候"
)
NOT_TRIED = Phrase(
    "import.not_tried",
    "Please try it first: nothing is saved before every problem was listed",
    "请先试运行：列出所有问题之前不会保存任何内容",
)
NOTHING_NEW = Phrase("import.nothing_new", "There is nothing new to bring in", "没有可导入的新内容")
NO_SHEET = Phrase("import.no_sheet", "Please choose at least one sheet", "请至少选择一个工作表")
WAITING = Phrase(
    "import.waiting",
    "{limit} of your files are still being worked on; please wait for them",
    "您还有 {limit} 个文件正在处理，请稍候",
)
SAY_LEAVE_OUT = Phrase(
    "import.say_leave_out",
    "{count} lines have problems. Please confirm that they are left out, or mend the file first",
    "{count} 行有问题，请确认不导入这些行，或先修改文件",
)


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that was looked through and found to hold tables."""

    name: str
    content: bytes
    sheets: tuple[Sheet, ...]


def take(filename: str, content: bytes, limits: Limits) -> TakenFile:
    """Look a file through, before any transaction; raises Invalid for what is no table or was made to harm."""
    name = filename.replace("\\", "/").rpartition("/")[2].strip()[-200:] or "?"
    return TakenFile(name, content, read_book(name, content, limits.upload_max_bytes))


@verb("import.upload")
def upload(work: Work, *, plant_id: int, target: Target, file: TakenFile) -> Done:
    """Take a file, propose how its columns are read; ``id`` of the answer is the run's.

    Raises NotFound, and NotAllowed while several of the actor's are being worked on.
    """
    if not may_bring_in(work.actor, target, plant_id):
        raise NotFound
    _insist_few(work)
    row = ImportRunRow(
        plant_id=plant_id,
        user_id=work.actor.id,
        target=target.value,
        filename=file.name,
        sha256=work.files.put(file.content),
        size=len(file.content),
        state=RunState.UPLOADED.value,
        mapping=proposal(work.session, plant_id, target, file.sheets).document(),
        findings=[],
        counts={},
        names={},
        total=sum(len(sheet.rows) for sheet in file.sheets),
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return Done(id=row.id, version=1)


@verb("import.try")
def try_out(work: Work, *, run_id: int, version: int, mapping: FileMapping) -> Done:
    """Say how the file is read, keep that for the next one of its shape, and let it be tried: nothing is saved yet.

    Raises NotFound, Stale, NotAllowed while it is being worked on or was carried out, Invalid without a sheet.
    """
    row = opened(work, run_id, version)
    target, sheets = Target(row.target), read_again(work, row)
    chosen = fitted(mapping, target, sheets)
    if not any(one.used and one.columns for one in chosen.sheets.values()):
        raise Invalid({"sheets": NO_SHEET.say()})
    keep(work, row.plant_id, target, sheets, chosen)
    row.mapping = chosen.document()
    _begin(row, RunState.CHECKING, sum(len(one.rows) for one in sheets if chosen.sheets[one.name].used))
    return Done(id=row.id, version=row.version)


@verb("import.carry_out")
def carry_out(work: Work, *, run_id: int, version: int, leave_out: bool) -> Done:
    """Have everything that was found good brought in, all in one go; ``leave_out`` agrees that problems stay out.

    Raises NotFound, Stale, Invalid without that agreement where there are problems, NotAllowed where it was not
    tried or nothing is new.
    """
    row = opened(work, run_id, version)
    if row.state != RunState.CHECKED:
        raise NotAllowed(NOT_TRIED.say())
    problems = row.counts.get("problems", 0)
    if problems and not leave_out:
        raise Invalid({"leave_out": SAY_LEAVE_OUT.say(count=problems)})
    if not row.counts.get("new", 0) and not row.counts.get("changed", 0):
        raise NotAllowed(NOTHING_NEW.say())
    _insist_few(work)
    row.user_id = work.actor.id
    _begin(row, RunState.CARRYING_OUT, row.total)
    return Done(id=row.id, version=row.version)


def opened(work: Work, run_id: int, version: int) -> ImportRunRow:
    """Return a run that the actor may go on with, locked, at the version seen.

    Raises NotFound, Stale, and NotAllowed while it is being worked on or is over.
    """
    row = work.session.get(ImportRunRow, run_id, with_for_update=True)
    if row is None or not may_bring_in(work.actor, Target(row.target), row.plant_id):
        raise NotFound
    if row.version != version:
        raise Stale(row.version)
    if row.state in (*AT_WORK, RunState.FINISHED):
        raise NotAllowed(BUSY.say())
    return row


def read_again(work: Work, row: ImportRunRow) -> tuple[Sheet, ...]:
    """Return the sheets of a file that was taken."""
    return read_book(row.filename, work.files.get(row.sha256), row.size)


def _begin(row: ImportRunRow, state: RunState, total: int) -> None:
    row.state, row.error, row.done, row.total = state.value, "", 0, total
    row.version += 1


def _insist_few(work: Work) -> None:
    if waiting(work.session, work.actor.id) >= MOST_WAITING:
        raise NotAllowed(WAITING.say(limit=MOST_WAITING))


def waiting(session: Session, user_id: int) -> int:
    """Return how many files of a person are being worked on."""
    return session.execute(
        sa.select(sa.func.count())
        .select_from(ImportRunRow)
        .where(ImportRunRow.user_id == user_id, ImportRunRow.state.in_(AT_WORK))
    ).scalar_one()
