"""What runs on its own: one process at a time where that is wanted, and no failure ends it."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.persistence.tables.messaging import AlarmRow
from eightd.usecases import worker as working
from eightd.usecases.worker import Job, Worker, run_alone
from tests import complaints


@pytest.fixture
def done():
    return []


@pytest.fixture
def job(done):
    return Job("sweeping", lambda _services: done.append(1), timedelta(seconds=1), timedelta(minutes=10))


def test_a_job_that_another_process_is_at_is_left_to_it(store_services, job, done):
    def meanwhile(services):
        assert not run_alone(services, job, "second")
        done.append("first")

    first = Job(job.name, meanwhile, job.every, job.lease)
    assert run_alone(store_services, first, "first")
    assert done == ["first"]
    assert run_alone(store_services, job, "second"), "the first has handed it back"


def test_a_process_that_died_at_a_job_is_relieved_when_its_lease_has_run_out(
    store_services, job, done, clock
):
    assert working._take(store_services, job, "dead")
    clock.advance(minutes=10, seconds=-1)
    assert not run_alone(store_services, job, "next")
    clock.advance(seconds=1)
    assert run_alone(store_services, job, "next")
    assert done == [1]


def test_a_lease_taken_by_a_clock_that_ran_a_day_ahead_does_not_last_a_day(store_services, job, clock):
    clock.advance(days=1)
    assert working._take(store_services, job, "ahead")
    clock.advance(days=-1)
    assert run_alone(store_services, job, "next")


def test_a_job_that_fails_hands_its_lease_back(store_services, job):
    def fail(_services):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        run_alone(store_services, Job(job.name, fail, job.every, job.lease), "first")
    assert run_alone(store_services, job, "second")


def test_the_worker_goes_on_after_a_failure_and_stops_when_asked(services, monkeypatch, caplog, done):
    def sometimes(_services):
        done.append(1)
        if len(done) == 1:
            raise RuntimeError("broken once")

    jobs = (Job("unsteady", sometimes, timedelta(seconds=1), timedelta(minutes=1)),)
    monkeypatch.setattr(working, "CLOCK_JOBS", jobs)
    monkeypatch.setattr(
        working, "OUTBOX_JOBS", (Job("idle", len_of, timedelta(1), timedelta(1), alone=False),)
    )
    worker = Worker(services, pace=0.01)
    worker.start()
    until = time.monotonic() + 30
    while len(done) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    worker.stop()
    assert len(done) >= 3
    assert "unsteady failed" in caplog.text
    assert not [thread for thread in threading.enumerate() if thread.name == "eightd-unsteady"]


def len_of(_services):
    """Do nothing."""


def test_the_worker_raises_alarms_by_itself(services, world, clock):
    complaints.registered(world)
    clock.advance(days=2)
    worker = Worker(services, pace=0.01)
    worker.start()
    until = time.monotonic() + 30
    found = 0
    while not found and time.monotonic() < until:
        time.sleep(0.05)
        with services.uow.reading() as session:
            found = session.scalar(sa.select(sa.func.count()).select_from(AlarmRow))
    worker.stop()
    assert found == 5
