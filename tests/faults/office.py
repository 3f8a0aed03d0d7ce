"""An installation whose server is in trouble, the clients at work on it, and what must hold afterwards."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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

    def close(self) -> None:
        """Leave nothing running."""
        for client in self.clients:
            client.hang_up()
        self.server.kill()
        self.services.uow.engine.dispose()

    def insist(self) -> None:
        """Insist on everything, with the server up: also what is sent again leads to where it led before."""
        assert any(order.tries > 1 for order in self.done), "something was interrupted while it was done"
        self.everything_is_there(self.done)
        for order in self.chance.sample(self.done, min(len(self.done), 30)):
            self.clients[0].repeat(order)
        self.no_problem()
        self.everything_is_there(self.done)
        self.is_sound()
        verified = subprocess.run(
            [sys.executable, "-m", "eightd", "verify"],
            env={**self.environ, "PATH": "", "PYTHONPATH": "."},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert verified.returncode == 0, verified.stdout + verified.stderr
