"""`eightd worker` and the worker inside `eightd serve`: alarms leave by mail, and both stop when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eightd.app import create_app
from eightd.domain.messages import RelayKind
from eightd.persistence.tables.messaging import RelayRow
from eightd.persistence.tables.people import UserRow
from tests import complaints, factories
from tests.cli.test_serve import free_port
from tests.conftest import make_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def overdue(tmp_path, ready_sqlite_url, smtp_server):
    """A store whose only complaint was due an hour ago, with a mail server for those it concerns."""
    settings = make_settings(tmp_path, ready_sqlite_url)
    services = create_app(settings, clock=lambda: datetime.now(UTC)).extensions["eightd.services"]
    world = factories.world(services)
    with services.uow.writing(world.order("admin")) as work:
        work.session.add(
            RelayRow(
                kind=RelayKind.SMTP, name="mail",
                settings=smtp_server.settings,
            )
        )  # fmt: skip
        for login in ("cqe", "cqe2"):
            work.session.get_one(UserRow, world.users[login]).email = f"{login}@example.com"
    wanted = complaints.registration(world)
    header = complaints.replace(wanted.header, received_at=datetime.now(UTC) - timedelta(hours=25))
    done = complaints.register(
        services.uow, world.order("sales"), registration=complaints.replace(wanted, header=header)
    )
    services.uow.engine.dispose()
    return settings, done.number


@pytest.fixture
def running():
    started = []

    def start(settings, *arguments, **variables):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EIGHTD_")}
        own = {
            "EIGHTD_INSTANCE": str(settings.instance), "EIGHTD_DATABASE_URL": settings.database_url,
            "EIGHTD_SECRET_KEY": settings.secret_key, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1",
        }  # fmt: skip
        program = subprocess.Popen(
            [sys.executable, "-m", "eightd", *arguments],
            cwd=ROOT, env={**inherited, **own, **variables}, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(program)
        return program

    yield start
    for program in started:
        if program.poll() is None:
            program.kill()
        program.communicate()


def subjects(smtp_server):
    return [str(one.mail["Subject"]) for one in smtp_server.messages]


def wait_for_mail(smtp_server, words, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if any(words in subject for subject in subjects(smtp_server)):
            return
        time.sleep(0.1)
    pytest.fail(f"no mail with {words!r} among {subjects(smtp_server)}")


def test_the_worker_raises_an_alarm_sends_it_and_stops(overdue, running, smtp_server):
    settings, number = overdue
    worker = running(settings, "worker")
    assert "works" in worker.stdout.readline()
    wait_for_mail(smtp_server, number)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0


def test_the_server_does_so_by_itself_unless_told_not_to(overdue, running, smtp_server):
    settings, number = overdue
    server = running(settings, "serve", EIGHTD_PORT=str(free_port()))
    wait_for_mail(smtp_server, number)
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0


def test_a_server_without_worker_leaves_the_outbox_alone(overdue, running, smtp_server):
    settings, _ = overdue
    server = running(settings, "serve", EIGHTD_PORT=str(free_port()), EIGHTD_WORKER="no")
    assert "serves" in server.stdout.readline()
    time.sleep(4)  # longer than the outbox's turn
    assert subjects(smtp_server) == []
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0
