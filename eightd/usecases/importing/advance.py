"""What the worker does for files that are brought in: try them, and carry them out in one transaction each.

Reading and judging go on outside any transaction and say how far they are. What is then written is written whole or not
at all, together with the state of the run: a worker that dies leaves nothing behind, and the next one begins anew.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.importing.fields import Target
from eightd.domain.importing.grid import Sheet
from eightd.domain.importing.rights import AT_WORK, RunState, may_bring_in
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.repositories import people
from eightd.persistence.tables.importing import ImportRunRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Order
from eightd.usecases.importing import bring_in, masters
from eightd.usecases.importing.book import read_book
from eightd.usecases.importing.bring_in import Classified
from eightd.usecases.importing.findings import Findings, Level
from eightd.usecases.importing.mapping import FileMapping
from eightd.usecases.importing.masters import Entry
from eightd.usecases.importing.old_log import BROUGHT_IN_OTHERWISE, OldCase, new_names, old_cases
from eightd.usecases.importing.reading import Reader
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order

_log = logging.getLogger(__name__)

FAILED = "failed"
"""What a run says that broke off for a reason nobody expected."""

NO_LONGER = "no_longer_allowed"
"""What a run says whose person may not bring this in any more."""


@dataclass(slots=True)
class _Job:
    """A run with what it needs: its file, its plant, and how it is read."""

    services: Services
    run: ImportRunRow
    plant: PlantRow
    sheets: tuple[Sheet, ...]
    reader: Reader

    def tell(self, done: int) -> None:
        """Say how far the run is, in a transaction of its own."""
        with self.services.uow.writing(system_order(self.services.clock())) as work:
            work.session.execute(
                sa.update(ImportRunRow)
                .where(ImportRunRow.id == self.run.id, ImportRunRow.version == self.run.version)
                .values(done=min(done, self.run.total))
            )


def is_anything_to_bring_in(services: Services) -> bool:
    """Return whether a file waits to be tried or carried out."""
    with services.uow.reading() as session:
        return _next(session) is not None


def advance_imports(services: Services) -> int:
    """Try or carry out the files that wait, the oldest first; return how many."""
    done = 0
    while True:
        with services.uow.reading() as session:
            run = _next(session)
        if run is None:
            return done
        try:
            _advance(services, run)
        except StoreBusyError:
            raise
        except Exception:  # noqa: BLE001 - logged whole; the person is told, and nothing was saved
            _log.exception("bringing in %s failed", run.filename)
            _finish(services, run, FAILED)
        done += 1


def _next(session: sa.orm.Session) -> ImportRunRow | None:
    statement = sa.select(ImportRunRow).where(ImportRunRow.state.in_(AT_WORK)).order_by(ImportRunRow.id)
    return session.execute(statement.limit(1)).scalar_one_or_none()


def _advance(services: Services, run: ImportRunRow) -> None:
    now = services.clock()
    with services.uow.reading() as session:
        plant = session.get_one(PlantRow, run.plant_id)
        row = people.user(session, run.user_id)
        person = None if row is None or not row.active else people.actor(session, row, now.date())
        name = "" if row is None else row.name
    if person is None or not may_bring_in(person, Target(run.target), run.plant_id):
        _finish(services, run, NO_LONGER)
        return
    content = services.uow.files.get(run.sha256)
    job = _Job(
        services,
        run,
        plant,
        read_book(run.filename, content, run.size),
        Reader(
            Target(run.target),
            FileMapping.of(run.mapping),
            latest=_today(services, plant),
            findings=Findings(),
        ),
    )
    job.reader.told = job.tell
    if run.state == RunState.CHECKING:
        _check(job)
    else:
        _carry_out(job, person, name)


def _today(services: Services, plant: PlantRow) -> date:
    return services.clock().astimezone(ZoneInfo(plant.zone)).date()


def _cases(job: _Job) -> list[OldCase]:
    with job.services.uow.reading() as session:
        known = bring_in.known_names(session)
    return old_cases(job.reader, job.reader.records(job.sheets), known.customers)


def _entries(job: _Job) -> list[Entry]:
    return masters.entries(job.reader, job.reader.records(job.sheets), job.plant.language)


def _check(job: _Job) -> None:
    findings, counts = job.reader.findings, Counter[str]()
    if job.reader.target is Target.LOG:
        cases = _cases(job)
        with job.services.uow.reading() as session:
            names = bring_in.known_names(session)
            known = bring_in.known_records(session, job.plant.id, Target.LOG)
        for case in cases:
            counts["new" if case.key not in known else "known"] += 1
            if known.get(case.key, case.content) != case.content:
                counts["otherwise"] += 1
                sheet, _mark, line = case.where.rpartition("!")
                findings.add(Level.SKIPPED, sheet, int(line) - 1, None, BROUGHT_IN_OTHERWISE.say())
        fresh = [case for case in cases if case.key not in known]
        new = new_names(job.reader, fresh, set(names.customers.values()), names.parts)
        names_of_new = dict(new.most_common(200))
    else:
        with job.services.uow.reading() as session:
            told = masters.sort_out(session, job.reader, _entries(job))
        counts.update(new=len(told.new), changed=len(told.changed), known=told.known)
        names_of_new = {}
    lines = {(one["sheet"], one["row"]) for one in findings.listed if one["level"] == Level.PROBLEM}
    skipped = {(one["sheet"], one["row"]) for one in findings.listed if one["level"] == Level.SKIPPED}
    counts.update(problems=len(lines), skipped=len(skipped), blank=job.reader.blank)
    with job.services.uow.writing(system_order(job.services.clock())) as work:
        row = work.session.get_one(ImportRunRow, job.run.id, with_for_update=True)
        if row.version != job.run.version:
            return
        row.state, row.done, row.version = RunState.CHECKED.value, row.total, row.version + 1
        row.findings, row.counts = findings.listed, {**counts}
        row.names = names_of_new


def _carry_out(job: _Job, person: Actor, name: str) -> None:
    """Write everything, and that it was written, in one transaction."""
    uow, run, now = job.services.uow, job.run, job.services.clock()
    found: list[Classified] = []
    listed: list[Entry] = []
    password_hash = ""
    if job.reader.target is Target.LOG:
        cases = _cases(job)
        with uow.reading() as session:
            found = bring_in.classified(session, cases)
    else:
        listed = _entries(job)
        if job.reader.target is Target.USERS:
            password_hash = job.services.passwords.hash(secrets.token_urlsafe(32))  # nobody knows it
    job.tell(run.total * 9 // 10)
    order = Order(actor=person, actor_name=name, key="", now=now, silent=True)
    with uow.writing(order) as work:
        row = work.session.get_one(ImportRunRow, run.id, with_for_update=True)
        if row.version != run.version or row.state != RunState.CARRYING_OUT:
            return
        if job.reader.target is Target.LOG:
            made, changed = bring_in.bring_in(work, row, found), 0
        else:
            made, changed = masters.bring_in_list(
                work, job.reader.target, work.session.get_one(PlantRow, job.plant.id), listed,
                update=job.reader.mapping.update, password_hash=password_hash,
            )  # fmt: skip
        row.state, row.done, row.version = RunState.FINISHED.value, row.total, row.version + 1
        row.counts, row.finished_at = {**row.counts, "made": made, "changed": changed}, now
        work.record(
            "import.carried_out",
            subject=row.filename[:120],
            new={
                "brought_in": row.target,
                "records_made": made,
                "records_changed": changed,
                "sha256": row.sha256,
            },
        )


def _finish(services: Services, run: ImportRunRow, why: str) -> None:
    with services.uow.writing(system_order(services.clock())) as work:
        work.session.execute(
            sa.update(ImportRunRow)
            .where(ImportRunRow.id == run.id, ImportRunRow.version == run.version)
            .values(state=RunState.FAILED.value, error=why, version=run.version + 1)
        )
