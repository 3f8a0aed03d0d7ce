"""A store that is full or takes no writes: told as such, nothing acknowledged is missing, mended by itself."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from eightd.app import create_app
from eightd.domain.events import EventTag
from eightd.domain.messages import RelayKind
from eightd.domain.words import Language
from eightd.notifications.relays.parcel import Taken
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.tables.complaint import ComplaintRow, NoteRow
from eightd.persistence.tables.messaging import AlarmRow, DeliveryRow, RelayRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditRow, IdempotencyRow
from eightd.usecases.alarms.digest import send_digests
from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.outbox import carry_out as outbox
from eightd.usecases.services import Services
from eightd.usecases.verify import walk
from tests import complaints, factories
from tests.conftest import StandingClock, make_settings
from tests.faults import disks
from tests.faults.full_stores import WAYS_FULL, WAYS_READ_ONLY, Way, on_small_tablespace
from tests.usecases.case import picture
from tests.watching import Client

SAID = {
    "sales": "The store cannot answer right now. Nothing was saved.",
    "cqe": "数据库暂时无法响应",  # who reads Chinese
}
TABLES = (ComplaintRow, NoteRow, AuditRow, IdempotencyRow)
FORM = {
    "customer_code": "ANKE",
    "part_number": "PA-1200",
    "received_at": "2026-03-12T16:00",
    "kind": "line",
    "channel": "email",
    "defects-0-kind": "functional",
    "defects-0-phenomenon": "无输出",
    "defects-0-quantity": "7",
    "defects-0-inspected": "600",
}


@dataclass(frozen=True)
class Installed:
    """The application on a store, and the block in which that store is in trouble."""

    app: Flask
    world: factories.World
    trouble: Callable[[], AbstractContextManager[None]]

    @property
    def services(self) -> Services:
        return self.world.services

    def browser(self, login: str) -> factories.Browser:
        return factories.Browser(self.app, self.world.users[login])

    def counts(self) -> list[int]:
        with self.services.uow.reading() as session:
            return [
                session.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in TABLES
            ]

    def form(self, number: int) -> dict[str, object]:
        """Return a registration as typed; so long a story needs room of its own."""
        story = "".join(hashlib.sha256(f"{number} {part}".encode()).hexdigest() for part in range(280))
        return {
            **FORM,
            "plant_id": str(self.world.plant),
            "description": story,
            "customer_number": f"N{number}",
        }


@contextmanager
def installed(request, tmp_path, way: Way) -> Iterator[Installed]:
    """Open the application with its small world on the store that the way wants."""
    url = request.getfixturevalue(f"ready_{'sqlite' if way.store == 'sqlite' else 'postgres'}_url")
    on_own_disk = way.on_disk and way.store == "sqlite"
    with disks.mounted(tmp_path / "disk", mebibytes=16) if on_own_disk else nullcontext(None) as disk:
        if disk is not None:
            store = disk.folder / "store.sqlite"
            store.write_bytes((tmp_path / "ready.sqlite").read_bytes())
            url = f"sqlite:///{store.as_posix()}"
        clock = StandingClock(datetime(2026, 3, 12, 8, 40, tzinfo=UTC))
        app = create_app(make_settings(tmp_path, url), clock=clock)
        app.testing = True
        app.test_client_class = Client
        world = factories.world(app.extensions["eightd.services"])
        with world.services.uow.writing(world.order("admin")) as work:
            work.session.get_one(UserRow, world.users["cqe"]).language = Language.ZH
            work.record(EventTag.ADMINISTRATION_CHANGED, subject="cqe")  # administration begins its chain
        engine = world.services.uow.engine
        try:
            if way.on_disk and way.store == "postgresql":
                folder = request.getfixturevalue("postgres_server").socket / "disk"
                with on_small_tablespace(engine, folder, "postgres") as small:
                    yield Installed(app, world, lambda: way.trouble(engine, small))
            else:
                yield Installed(app, world, lambda: way.trouble(engine, disk))
        finally:
            engine.dispose()


@pytest.fixture(params=[pytest.param(way, id=name) for name, way in WAYS_FULL.items()])
def full(request, tmp_path):
    """An application whose store can be full."""
    with installed(request, tmp_path, request.param) as found:
        yield found


@pytest.fixture(params=[pytest.param(way, id=name) for name, way in WAYS_READ_ONLY.items()])
def read_only(request, tmp_path):
    """An application whose store can take no writes."""
    with installed(request, tmp_path, request.param) as found:
        yield found


@pytest.fixture(params=[pytest.param(way, id=name) for name, way in {**WAYS_FULL, **WAYS_READ_ONLY}.items()])
def troubled(request, tmp_path):
    """An application whose store can be full, or can take no writes."""
    with installed(request, tmp_path, request.param) as found:
        yield found


def test_nothing_is_acknowledged_and_the_same_form_goes_through_afterwards(troubled):
    before = troubled.counts()
    keys = {login: f"registered-by-{login}" for login in SAID}
    browsers = {login: troubled.browser(login) for login in SAID}

    def send(login, number, **others):
        return browsers[login].post("/complaints/new", troubled.form(number), key=keys[login], **others)

    with troubled.trouble():
        for number, (login, said) in enumerate(SAID.items()):
            answer = send(login, number)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert said in answer.text
            part = send(login, number, headers={"HX-Request": "true"})
            assert (part.status_code, said in part.text) == (503, True)
            assert "<html" not in part.text
        assert troubled.counts() == before

    for number, login in enumerate(SAID):
        assert send(login, number).status_code == 303
        assert send(login, number).status_code == 303  # and is done once
    with troubled.services.uow.reading() as session:
        kept = session.execute(sa.select(ComplaintRow.customer_number)).scalars().all()
    assert sorted(kept) == ["N0", "N1"]
    assert walk(troubled.services.uow, None).flaw is None


def test_other_writes_are_refused_alike(troubled):
    """A remark and a file: each is there afterwards as often as it was acknowledged."""
    number = complaints.registered(troubled.world).number
    browser, before = troubled.browser("cqe"), troubled.counts()

    def send():
        return [
            browser.post(
                f"/complaints/{number}/comment", {"text": "note " * 3000}, version=1, key="the-remark"
            ),
            browser.post(
                f"/complaints/{number}/evidence/new",
                {"files": [(io.BytesIO(picture()), "one.png")], "caption": "x" * 400},
                key="the-picture",
            ),
        ]

    with troubled.trouble():
        refused = [one.status_code for one in send()]
        after = troubled.counts()
    acknowledged = refused.count(303)  # a few bytes may still find room on a full disk
    assert set(refused) <= {503, 303}
    assert after[3] - before[3] == acknowledged
    assert [one.status_code for one in send()] == [303, 303]
    assert troubled.counts()[3] - before[3] == 2
    assert walk(troubled.services.uow, None).flaw is None


def test_what_is_there_can_still_be_read(troubled):
    number = complaints.registered(troubled.world).number
    browser = troubled.browser("cqe")
    with troubled.trouble():
        for path in ("/", f"/complaints/{number}", f"/complaints/{number}/D2", "/complaints/new", "/log"):
            assert browser.get(path, follow_redirects=True).status_code == 200, path


def test_signing_in_says_so_too(read_only):
    """A sign-in is written down, so nobody gets in unseen."""
    browser = factories.Browser(read_only.app)
    form = {"login": "cqe", "password": factories.PASSWORD}
    with read_only.trouble():
        assert browser.post("/login", form).status_code == 503
    assert browser.post("/login", form).status_code == 303


def test_alarms_and_mails_wait_for_the_store(troubled, monkeypatch):
    """Nothing is sent that could not be leased, and nothing is left out once there is room."""
    carried = []
    monkeypatch.setattr(outbox, "carry", lambda relay, parcel: (carried.append(parcel.uid), Taken())[1])
    with troubled.services.uow.writing(troubled.world.order("admin")) as work:
        work.session.add(RelayRow(kind=RelayKind.SMTP, name="mail", settings={"host": "127.0.0.1"}))
        for user_id in troubled.world.users.values():
            work.session.get_one(UserRow, user_id).email = f"{user_id}@plant.example"
    for _ in range(3):
        complaints.registered(troubled.world)
    troubled.app.extensions["eightd.services"].clock.advance(days=3)
    with troubled.trouble():
        for job in (sweep, send_digests, outbox.carry_out):
            with contextlib.suppress(StoreBusyError):  # a few bytes may still find room on a full disk
                job(troubled.services)
    sweep(troubled.services)
    outbox.carry_out(troubled.services)
    with troubled.services.uow.reading() as session:
        alarms = session.scalar(sa.select(sa.func.count()).select_from(AlarmRow))
        sent = session.scalars(sa.select(DeliveryRow.message_uid)).all()
    assert alarms == 3 * 5
    assert sorted(carried) == sorted(sent), "once each"
    assert walk(troubled.services.uow, None).flaw is None
