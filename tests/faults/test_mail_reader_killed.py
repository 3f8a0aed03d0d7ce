"""The reader of mailboxes is killed, again and again, while mails arrive: each is there once in the end."""

from __future__ import annotations

import random
import time
from pathlib import Path

from eightd.app import create_app
from eightd.config import Settings
from eightd.usecases.services import Services
from tests import factories
from tests.conftest import StandingClock
from tests.faults.programs import mail_reader
from tests.notifications.corpus import mail, multi, part, picture
from tests.notifications.imap_server import imap_server
from tests.usecases.mail_case import mail_case


def test_a_killed_reader_loses_and_doubles_nothing(
    store_settings: Settings, clock: StandingClock, kills: int, tmp_path: Path
) -> None:
    dice = random.Random(20261122)
    app = create_app(store_settings, clock=clock)
    services: Services = app.extensions["eightd.services"]
    with imap_server() as server:
        case = mail_case(factories.world(services), server)
        body, kind = multi(part(b"see", "text/plain"), part(picture(), "image/png; name=a.png"))
        sent = 0
        for _ in range(kills):
            few = dice.randint(2, 5)
            server.put(*(mail(body, kind=kind, uid=f"{number}@x", subject=f"{number} {case.complaint.number}")
                         for number in range(sent, sent + few)))  # fmt: skip
            sent += few
            with mail_reader(_environment(store_settings), tmp_path):
                time.sleep(dice.uniform(0.0, 0.25))
        while case.read():
            pass
        found = case.mails()
        assert sorted(int(one.subject.split()[0]) for one in found) == list(range(sent))
        assert {one.complaint_id for one in found} == {case.complaint.id}
        assert len(case.entries("mail.received")) == sent
        from_files = [services.uow.files.is_intact(one.sha256) for one in found]
        assert all(from_files)
    services.uow.engine.dispose()


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "EIGHTD_INSTANCE": str(settings.instance),
        "EIGHTD_DATABASE_URL": settings.database_url,
        "EIGHTD_SECRET_KEY": settings.secret_key,
    }
