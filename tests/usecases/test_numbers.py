"""Complaint numbers: unique, consecutive and without gaps per plant and year, however many register at once."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from eightd.persistence.tables.complaint import ComplaintRow
from eightd.usecases import register as register_module
from eightd.usecases.errors import Invalid
from tests import complaints, factories

WRITERS, EACH = 16, 3


def numbers(services):
    with services.uow.reading() as session:
        return sorted(session.execute(sa.select(ComplaintRow.number)).scalars())


def consecutive(prefix, year, count):
    return [f"{prefix}-{year}-{number:05d}" for number in range(1, count + 1)]


def test_sixteen_writers_at_once_get_consecutive_numbers(store_world):
    def write(writer):
        return [complaints.registered(store_world, key=f"writer-{writer}-{n}").number for n in range(EACH)]

    with ThreadPoolExecutor(WRITERS) as threads:
        given = [number for some in threads.map(write, range(WRITERS)) for number in some]
    assert sorted(given) == numbers(store_world.services) == consecutive("CC", 2026, WRITERS * EACH)


@pytest.mark.slow
def test_sixteen_processes_on_one_sqlite_file_do_too(world, settings):
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        told = [
            pool.submit(complaints.register_elsewhere, settings, world.plant, world.customer, 4)
            for _ in range(4)
        ]
        given = [number for one in told for number in one.result(timeout=120)]
    assert sorted(given) == numbers(world.services) == consecutive("CC", 2026, 16)


def test_plants_count_each_for_itself(store_world):
    here, there = store_world.plant, store_world.foreign_plant

    def write(number):
        plant, who = (here, "sales") if number % 2 else (there, factories.STRANGER)
        return complaints.registered(store_world, by=who, plant_id=plant).number

    with ThreadPoolExecutor(8) as threads:
        given = sorted(threads.map(write, range(16)))
    assert given == consecutive("CC", 2026, 8) + consecutive("DD", 2026, 8)


def test_the_year_is_the_plants_own(store_world, clock):
    clock.set("2026-12-31T15:59:59+00:00")
    assert complaints.registered(store_world).number == "CC-2026-00001"
    clock.advance(seconds=1)  # midnight in Shanghai
    assert complaints.registered(store_world).number == "CC-2027-00001"
    assert complaints.registered(store_world).number == "CC-2027-00002"


def test_a_registration_that_fails_uses_no_number_up(store_world, monkeypatch):
    assert complaints.registered(store_world).number == "CC-2026-00001"
    with monkeypatch.context() as patched:
        patched.setattr(register_module, "recompute", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            complaints.registered(store_world)
    with pytest.raises(Invalid):
        complaints.registered(store_world, customer_code="nobody")
    assert complaints.registered(store_world).number == "CC-2026-00002"


def test_a_number_is_never_given_again(store_world):
    done = complaints.registered(store_world)
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.get_one(ComplaintRow, done.id).number = "elsewhere"
    assert complaints.registered(store_world).number == "CC-2026-00002"


def test_failures_among_parallel_writers_leave_no_gap(store_world):
    wrong = replace(complaints.registration(store_world), customer_code="nobody")

    def write(number):
        if number % 3 == 0:
            with pytest.raises(Invalid):
                complaints.registered(store_world, customer_code=wrong.customer_code)
            return None
        return complaints.registered(store_world).number

    with ThreadPoolExecutor(8) as threads:
        given = sorted(filter(None, threads.map(write, range(24))))
    assert given == consecutive("CC", 2026, 16)
