"""`eightd serve` in trouble under load: nothing that was acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from tests.faults.office import Office


@pytest.fixture
def office(tmp_path, ready_store):
    """An installation on each kind of store."""
    made = Office(tmp_path, ready_store, seed=len(ready_store))
    yield made
    made.close()


def test_kill_the_server(office, kills):
    """At any moment: while it starts, reads, writes, commits, answers."""
    usual = 0.3
    with office.at_work():
        for number in range(kills):
            begun = time.monotonic()
            office.server.start()
            if number and office.chance.random() < 0.15:  # before it has begun to answer
                time.sleep(office.chance.uniform(0, usual))
            else:
                office.server.wait()
                usual = time.monotonic() - begun
                before = [client.done[-1] for client in office.clients if client.done]
                office.everything_is_there(before)  # before anybody could order it again
                office.wait_for(office.chance.randrange(8))
                time.sleep(office.chance.uniform(0, 0.05))
            office.server.kill()
            office.no_problem()
        office.server.start()
        office.server.wait()
    print(f"{kills} kills, {len(office.done)} orders acknowledged")  # noqa: T201 - what a long run is read for
    office.insist()


@pytest.mark.postgres
def test_the_database_drops_its_connections(tmp_path, ready_postgres_url, kills):
    """Again and again, all of them at once, in the middle of whatever they do; the server lives on."""
    office = Office(tmp_path, ready_postgres_url, seed=3)
    try:
        office.server.start()
        office.server.wait()
        all_others = sa.text(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        engine, dropped = office.services.uow.engine, 0
        with office.at_work():
            for _ in range(kills):
                office.wait_for(office.chance.randrange(1, 6))
                time.sleep(office.chance.uniform(0, 0.05))
                with engine.connect() as link:
                    dropped += link.execute(all_others).scalar_one()
                office.no_problem()
        print(f"{dropped} connections dropped, {len(office.done)} orders acknowledged")  # noqa: T201 - as above
        assert dropped > kills
        office.insist()
    finally:
        office.close()
