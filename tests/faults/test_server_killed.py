"""`eightd serve` killed at any moment under load: nothing that was acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from eightd.app import create_app
from eightd.domain.events import EventTag
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditRow, IdempotencyRow
from eightd.usecases.services import Services
from eightd.usecases.verify import walk
from tests import factories
from tests.conftest import make_settings
from tests.faults.clients import Client, Order, person
from tests.faults.programs import PATIENCE, Server

CLIENTS = 3


class Office:
    """An installation with its people, and clients at work on its server."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        """Install it; the server is not started yet."""
        self.settings = make_settings(folder, url)
        app = create_app(self.settings)
        self.services: Services = app.extensions["eightd.services"]
        world = factories.world(self.services)
        with self.services.uow.writing(world.order("admin")) as work:
            work.session.get_one(UserRow, world.users["cqe2"]).active = False  # one CQE has it all
            work.record(EventTag.ADMINISTRATION_CHANGED, subject="cqe2")
        self.environ = {
            "EIGHTD_INSTANCE": str(self.settings.instance),
            "EIGHTD_DATABASE_URL": url,
            "EIGHTD_SECRET_KEY": self.settings.secret_key,
            "EIGHTD_LOG_LEVEL": "ERROR",
        }
        self.server = Server(self.environ, folder)
        self.chance = random.Random(seed)
        people = {
            login: person(factories.Browser(app, world.users[login]), world.users[login])
            for login in ("sales", "cqe")
        }
        self.clients = [
            Client(self.server.port, people, world.plant, random.Random(seed * 100 + place))
            for place in range(CLIENTS)
        ]

    @property
    def done(self) -> list[Order]:
        """Everything that was acknowledged so far."""
        return [order for client in self.clients for order in list(client.done)]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let the clients work until the end of the block, and then finish what was not acknowledged."""
        stop = threading.Event()
        threads = [threading.Thread(target=client.run, args=(stop,)) for client in self.clients]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        for client in self.clients:
            while client.waiting is not None and not client.problem:
                client.turn()
        self.no_problem()

    def wait_for(self, more: int) -> None:
        """Wait until so many more orders were acknowledged."""
        wanted, until = len(self.done) + more, time.monotonic() + PATIENCE
        while len(self.done) < wanted and time.monotonic() < until:
            self.no_problem()
            time.sleep(0.002)

    def no_problem(self) -> None:
        """Insist that nobody was told anything unexpected."""
        assert [client.problem for client in self.clients if client.problem] == [], self.server.said()[-3000:]

    def everything_is_there(self, orders: list[Order]) -> None:
        """Insist that what was acknowledged is there, once."""
        with self.services.uow.reading() as session:
            wrong = [
                (order.path, order.fields, order.rows(session))
                for order in orders
                if order.rows(session) != 1
            ]
        assert wrong == []

    def is_sound(self) -> None:
        """Insist that every chain of the record holds, that every file is there, and each order done once."""
        found = walk(self.services.uow, None)
        assert found.flaw is None, found.message.text("en")
        with self.services.uow.reading() as session:
            keys = session.scalar(sa.select(sa.func.count()).select_from(IdempotencyRow))
            registered = session.scalars(
                sa.select(AuditRow.complaint_id).where(AuditRow.tag == EventTag.COMPLAINT_REGISTERED)
            ).all()
        assert keys == len(self.done)
        assert len(registered) == len(set(registered))


@pytest.fixture
def office(tmp_path, ready_store):
    """An installation on each kind of store."""
    made = Office(tmp_path, ready_store, seed=len(ready_store))
    yield made
    for client in made.clients:
        client.hang_up()
    made.server.kill()
    made.services.uow.engine.dispose()


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
                office.everything_is_there(before)  # before the clients could order them again
                office.wait_for(office.chance.randrange(8))
                time.sleep(office.chance.uniform(0, 0.05))
            office.server.kill()
            office.no_problem()
        office.server.start()
        office.server.wait()
    assert len(office.done) > kills, "there was load"
    assert any(order.tries > 1 for order in office.done), "something was killed while it was done"
    office.everything_is_there(office.done)
    for order in office.chance.sample(office.done, min(len(office.done), 30)):
        office.clients[0].repeat(order)
    office.no_problem()
    office.everything_is_there(office.done)
    office.is_sound()
    verified = subprocess.run(
        [sys.executable, "-m", "eightd", "verify"],
        env={**office.environ, "PATH": "", "PYTHONPATH": "."},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout + verified.stderr
