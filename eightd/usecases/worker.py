"""What the program does on its own, again and again: alarms, digests, the outbox, mail, calendars, archives."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from eightd.persistence.dialects import upsert
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.tables.messaging import ALARMS_JOB, LeaseRow
from eightd.usecases.administration.calendars import refresh_official
from eightd.usecases.alarms.digest import send_digests
from eightd.usecases.alarms.samples_sweep import is_any_overdue, tell_of_overdue
from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.batches import is_anything_to_make, make_batches
from eightd.usecases.importing.advance import advance_imports, is_anything_to_bring_in
from eightd.usecases.mail_in.read import read_mailboxes
from eightd.usecases.outbox.carry_out import carry_out
from eightd.usecases.satisfaction.sweep import is_anything_due, sweep_satisfaction
from eightd.usecases.services import Services
from eightd.usecases.suppliers.remind import is_anybody_to_remind, remind_suppliers
from eightd.usecases.system_actor import system_order
from eightd.usecases.tasks.older import bring_older_in_step

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so often; ``alone`` says that only one process at a time should do it.

    ``lease`` is how long another process leaves it to one that has begun and was not heard of again. ``wanted``
    looks, without writing anything, whether there is something to do at all.
    """

    name: str
    do: Callable[[Services], object]
    every: timedelta
    lease: timedelta
    alone: bool = True
    wanted: Callable[[Services], bool] = lambda _services: True


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


CLOCK_JOBS = (
    Job(ALARMS_JOB, sweep, timedelta(seconds=20), timedelta(minutes=1)),  # a longer sweep may have company
    Job(
        "suppliers",
        remind_suppliers,
        timedelta(minutes=1),
        timedelta(minutes=5),
        wanted=is_anybody_to_remind,
    ),
    Job("samples", tell_of_overdue, timedelta(minutes=5), timedelta(minutes=5), wanted=is_any_overdue),
    Job(
        "satisfaction",
        sweep_satisfaction,
        timedelta(minutes=1),
        timedelta(minutes=5),
        wanted=is_anything_due,
    ),
    Job("digests", send_digests, timedelta(minutes=1), timedelta(minutes=10)),
    Job("calendars", refresh_official, _hours(6), timedelta(minutes=30)),
    Job("tasks", bring_older_in_step, _hours(6), timedelta(minutes=30)),  # once, after an upgrade
)
OUTBOX_JOBS = (Job("outbox", carry_out, timedelta(seconds=3), timedelta(0), alone=False),)
MAIL_JOBS = (Job("mailboxes", read_mailboxes, timedelta(minutes=1), timedelta(minutes=15)),)
DOCUMENT_JOBS = (
    Job("documents", make_batches, timedelta(seconds=3), timedelta(minutes=1), wanted=is_anything_to_make),
)
IMPORT_JOBS = (
    Job(
        "imports",
        advance_imports,
        timedelta(seconds=2),
        timedelta(minutes=10),
        wanted=is_anything_to_bring_in,
    ),
)


class Worker:
    """Runs the jobs in five threads, so that no slow mail server, archive or old log keeps an alarm waiting."""

    def __init__(self, services: Services, *, pace: float = 1.0) -> None:
        """Take the services; ``pace`` shortens every interval, for tests."""
        self._services = services
        self._pace = pace
        self._stop = threading.Event()
        self._holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._threads = [
            threading.Thread(target=self._run, args=(jobs,), name=f"eightd-{jobs[0].name}", daemon=True)
            for jobs in (CLOCK_JOBS, OUTBOX_JOBS, MAIL_JOBS, DOCUMENT_JOBS, IMPORT_JOBS)
        ]

    def start(self) -> None:
        """Begin; the calendars are looked at first, so that alarms go by what is known today."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Ask the threads to end after what they are doing, and wait for them, in seconds."""
        self._stop.set()
        ends = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))

    def _run(self, jobs: tuple[Job, ...]) -> None:
        next_at = {job.name: 0.0 for job in jobs}
        while not self._stop.is_set():
            for job in reversed(jobs):
                if time.monotonic() >= next_at[job.name] and not self._stop.is_set():
                    self._attempt(job)
                    next_at[job.name] = time.monotonic() + job.every.total_seconds() * self._pace
            self._stop.wait(max(0.01, min(next_at.values()) - time.monotonic()))

    def _attempt(self, job: Job) -> None:
        """Do a job once; what goes wrong is logged, and tried again when its time comes round."""
        try:
            if not job.wanted(self._services):
                return
            if job.alone:
                run_alone(self._services, job, self._holder)
            else:
                job.do(self._services)
        except StoreBusyError as busy:
            _log.warning("%s: %s", job.name, busy)
        except Exception:  # noqa: BLE001 - logged whole; one job that fails must not end the others
            _log.exception("%s failed", job.name)


def run_alone(services: Services, job: Job, holder: str) -> bool:
    """Do a job unless another process is at it; return whether it was done here."""
    if not _take(services, job, holder):
        return False
    try:
        job.do(services)
    finally:
        _hand_back(services, job, holder)
    return True


def _take(services: Services, job: Job, holder: str) -> bool:
    now = services.clock()
    values = {"name": job.name, "holder": holder, "until_at": now + job.lease}
    with services.uow.writing(system_order(now)) as work:
        insert = upsert(work.session, LeaseRow).values(**values)
        taken = insert.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "until_at": now + job.lease},
            # A lease that ends far ahead was taken by a clock that has been set back since.
            where=sa.or_(LeaseRow.until_at <= now, LeaseRow.until_at > now + 2 * job.lease),
        ).returning(LeaseRow.name)
        return work.session.execute(taken).first() is not None


def _hand_back(services: Services, job: Job, holder: str) -> None:
    now: datetime = services.clock()
    with services.uow.writing(system_order(now)) as work:
        work.session.execute(
            sa.update(LeaseRow)
            .where(LeaseRow.name == job.name, LeaseRow.holder == holder)
            .values(until_at=now)
        )
