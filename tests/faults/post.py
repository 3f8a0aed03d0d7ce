"""An installation whose alarms leave by mail, and what must hold of every alarm and mail afterwards."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from eightd.app import create_app
from eightd.domain.messages import ALARMS, DeliveryState, MessageKind, RelayKind
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.messaging import (
    AlarmRow,
    DeliveryMessageRow,
    DeliveryRow,
    MessageRow,
    RelayRow,
)
from eightd.persistence.tables.people import UserRow
from eightd.usecases.services import Services
from tests import factories
from tests.conftest import make_settings
from tests.faults.programs import PATIENCE, Program, SharedClock
from tests.notifications.servers import SmtpServer

CHAIN = [-8, -2, 0, 4, 24]  # hours from the due instant of the initial reply
BEGIN = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
WORKERS = 2


class Post:
    """An installation whose alarms leave by mail, with workers that die."""

    def __init__(self, folder: Path, url: str, mail: SmtpServer) -> None:
        """Install it; no worker is started yet."""
        self.mail = mail
        self.clock = SharedClock(folder / "clock", BEGIN)
        self.settings = make_settings(folder, url)
        self.services: Services = create_app(self.settings, clock=self.clock).extensions["eightd.services"]
        self.world = factories.world(self.services)
        with self.services.uow.writing(self.world.order("admin")) as work:
            for login, user_id in self.world.users.items():
                work.session.get_one(UserRow, user_id).email = f"{login}@plant.example"
            work.session.add(
                RelayRow(kind=RelayKind.SMTP, name="mail", settings=mail.settings, cap_per_hour=100_000)
            )
        self.environ = {
            "EIGHTD_INSTANCE": str(self.settings.instance),
            "EIGHTD_DATABASE_URL": url,
            "EIGHTD_SECRET_KEY": self.settings.secret_key,
            "EIGHTD_LOG_LEVEL": "WARNING",
        }
        self.workers = [Program(self.environ, folder, "worker", clock=self.clock) for _ in range(WORKERS)]
        self.chance = random.Random(len(url))

    def close(self) -> None:
        """Leave nothing running."""
        for worker in self.workers:
            worker.kill()
        self.services.uow.engine.dispose()

    def later(self, **length: float) -> None:
        """Let time pass everywhere."""
        self.clock.set(self.clock() + timedelta(**length))

    def wait(self, mails: int, *, at_most: float) -> None:
        """Wait until so many more mails have come, or so many seconds have passed."""
        wanted, until = len(self.mail.messages) + mails, time.monotonic() + at_most
        while len(self.mail.messages) < wanted and time.monotonic() < until:
            time.sleep(0.002)

    @property
    def is_idle(self) -> bool:
        """Return whether every alarm that has come was raised and every mail has left."""
        with self.services.uow.reading() as session:
            come = sa.select(DeadlineRow.complaint_id).where(DeadlineRow.next_alarm_at <= self.clock())
            waiting = sa.select(DeliveryRow.id).where(DeliveryRow.state != DeliveryState.SENT)
            return all(session.execute(one.limit(1)).first() is None for one in (come, waiting))

    def finish(self) -> None:
        """Let living workers do the rest, whose leases run out as time goes on, and end them as one should."""
        until = time.monotonic() + PATIENCE
        while True:
            for worker in self.workers:
                worker.start_unless_running()
            while not self.is_idle:
                assert time.monotonic() < until, self.workers[0].said()[-3000:]
                assert not any(worker.has_ended for worker in self.workers), self.workers[0].said()
                self.later(minutes=1)
                time.sleep(0.05)
            for worker in self.workers:
                worker.stop()
            if self.is_idle:  # nothing came up while they ended
                return

    def deliveries(self) -> list[tuple[str, str]]:
        """Return Message-ID and address of all deliveries."""
        with self.services.uow.reading() as session:
            found = session.execute(sa.select(DeliveryRow.message_uid, DeliveryRow.address)).all()
        return [(uid, address) for uid, address in found]

    def sent(self) -> list[str]:
        """Return the Message-IDs of all deliveries, each of which has left."""
        with self.services.uow.reading() as session:
            found = session.execute(sa.select(DeliveryRow.message_uid, DeliveryRow.state)).all()
        assert {state for _, state in found} == {DeliveryState.SENT}
        return [uid for uid, _ in found]


def alarms_missing_or_doubled(post: Post) -> list[object]:
    """Return what is wrong with the alarms: each complaint's initial reply rings five times, told to all at once."""
    with post.services.uow.reading() as session:
        found = session.execute(
            sa.select(AlarmRow, ComplaintRow.received_at).join(
                ComplaintRow, ComplaintRow.id == AlarmRow.complaint_id
            )
        ).all()
        registered = session.scalars(sa.select(ComplaintRow.id)).all()
        told = Counter(
            (complaint_id, user_id, facts["alarm_at"])
            for complaint_id, user_id, facts in session.execute(
                sa.select(MessageRow.complaint_id, MessageRow.user_id, MessageRow.facts).where(
                    MessageRow.kind.in_(ALARMS)
                )
            )
        )
        mornings = Counter(
            (user_id, at.date())
            for user_id, at in session.execute(
                sa.select(MessageRow.user_id, MessageRow.at).where(MessageRow.kind == MessageKind.DIGEST)
            )
        )
    rung = Counter(
        (alarm.complaint_id, round((alarm.at - received_at).total_seconds() / 3600) - 24)
        for alarm, received_at in found
    )
    wanted = Counter((one, hours) for one in registered for hours in CHAIN)
    heard = sum(len(alarm.recipients) for alarm, _ in found)
    wrong: list[object] = [*((wanted - rung).items()), *((rung - wanted).items())]
    wrong += [one for one, times in (*told.items(), *mornings.items()) if times != 1]
    return wrong + ([] if heard == sum(told.values()) else [(heard, sum(told.values()))])


def alarms_without_their_mail(post: Post) -> list[int]:
    """Return the alarms told that are in no delivery, or in two."""
    with post.services.uow.reading() as session:
        counted = session.execute(
            sa.select(MessageRow.id, sa.func.count(DeliveryMessageRow.delivery_id))
            .outerjoin(DeliveryMessageRow, DeliveryMessageRow.message_id == MessageRow.id)
            .where(MessageRow.kind.in_(ALARMS))
            .group_by(MessageRow.id)
        ).all()
    return [message_id for message_id, deliveries in counted if deliveries != 1]
