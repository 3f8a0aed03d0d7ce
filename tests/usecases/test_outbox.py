"""The outbox: nothing lost, nothing doubled, whatever the relay or the program does."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.messages import DeliveryState, MessageKind, RelayKind
from eightd.notifications.relays.parcel import Later, Refused, Taken
from eightd.persistence.tables.messaging import DeliveryRow, MessageRow, RelayRow
from eightd.persistence.tables.people import UserRow
from eightd.usecases.outbox import carry_out as outbox
from eightd.usecases.outbox.carry_out import LEASE, carry_out, pause_before
from tests import complaints

LOGINS = ("cqe", "cqe2", "pqe", "te", "sales")


class Receiver:
    """Stands for the other side: answers as told, and remembers what it was given."""

    def __init__(self):
        self.answer = Taken()
        self.given = []
        self.dies = 0
        self._lock = threading.Lock()

    def __call__(self, relay, parcel):
        with self._lock:
            if isinstance(self.answer, Taken):
                self.given.append((parcel.address, parcel.uid, parcel.mail))
            if self.dies:
                self.dies -= 1
                raise SystemExit("the program dies after the other side has it")
            return self.answer


@pytest.fixture
def world(store_world):
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        for login in LOGINS:
            work.session.get_one(UserRow, store_world.users[login]).email = f"{login}@example.com"
        work.session.add(
            RelayRow(kind=RelayKind.SMTP, name="mail", settings={"host": "127.0.0.1"}, cap_per_hour=500)
        )
    return store_world


@pytest.fixture
def services(store_services):
    return store_services


@pytest.fixture
def receiver(monkeypatch):
    made = Receiver()
    monkeypatch.setattr(outbox, "carry", made)
    return made


def rows(services):
    with services.uow.reading() as session:
        return session.execute(sa.select(DeliveryRow).order_by(DeliveryRow.id)).scalars().all()


def states(services):
    return Counter(row.state.value for row in rows(services))


def test_a_registered_complaint_reaches_its_people_by_mail(services, world, receiver):
    done = complaints.registered(world)
    assert carry_out(services) == len(receiver.given) > 0
    assert states(services) == {"sent": len(receiver.given)}
    address, uid, mail = receiver.given[0]
    assert f"Message-ID: <{uid}>".encode() in mail
    assert b"Auto-Submitted: auto-generated" in mail
    assert done.number.encode() in mail
    assert address.endswith("@example.com")
    assert carry_out(services) == 0


def test_a_failing_relay_is_tried_again_with_growing_pauses_and_the_same_message_id(
    services, world, receiver, clock
):
    complaints.registered(world)
    receiver.answer = Later("no answer")
    waits = []
    for _ in range(4):
        assert carry_out(services) == 0
        first = rows(services)[0]
        waits.append(first.not_before_at - clock.now)
        clock.now = max(row.not_before_at for row in rows(services))
    assert waits == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert rows(services)[0].last_error == "no answer"
    uids = {row.id: row.message_uid for row in rows(services)}
    receiver.answer = Taken()
    carry_out(services)
    assert sorted(uid for _, uid, _ in receiver.given) == sorted(uids.values())


@pytest.mark.parametrize(
    ("attempt", "pause"),
    [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (9, 3600), (500, 3600)],
)
def test_the_pause_doubles_up_to_an_hour(attempt, pause):
    assert pause_before(attempt) == timedelta(seconds=pause)


def test_a_mail_server_that_is_down_for_a_day_loses_and_doubles_nothing(services, world, receiver, clock):
    for _ in range(6):
        complaints.registered(world)
    receiver.answer = Later("connection refused")
    for _ in range(96):
        carry_out(services)
        clock.advance(minutes=15)
    assert states(services).keys() == {"waiting"}
    receiver.answer = Taken()
    for _ in range(5):
        carry_out(services)
        clock.advance(minutes=15)
    given = Counter(uid for _, uid, _ in receiver.given)
    assert given == Counter(row.message_uid for row in rows(services))
    assert set(given.values()) == {1}
    assert states(services).keys() == {"sent"}


def test_what_nobody_takes_for_four_days_waits_for_a_person(services, world, receiver, clock):
    complaints.registered(world)
    receiver.answer = Later("connection refused")
    began = clock.now
    while "dead" not in states(services):
        carry_out(services)
        clock.now = max(clock.now, *(row.not_before_at for row in rows(services)))
    assert timedelta(days=3, hours=12) < clock.now - began < timedelta(days=4, hours=12)
    assert {row.last_error for row in rows(services) if row.state is DeliveryState.DEAD} == {
        "connection refused"
    }


def test_what_is_refused_is_not_tried_again(services, world, receiver, clock):
    complaints.registered(world)
    receiver.answer = Refused("550 no such user")
    carry_out(services)
    assert states(services).keys() == {"dead"}
    clock.advance(days=1)
    receiver.answer = Taken()
    assert carry_out(services) == 0


def test_a_program_that_dies_while_sending_costs_one_mail_twice_with_the_same_message_id(
    services, world, receiver, clock
):
    complaints.registered(world)
    receiver.dies = 1
    with pytest.raises(SystemExit):
        carry_out(services)
    assert states(services)["leased"] == 1
    carry_out(services)
    assert states(services)["leased"] == 1, "the lease still runs"
    clock.advance(seconds=LEASE.total_seconds())
    carry_out(services)
    assert states(services).keys() == {"sent"}
    given = Counter(uid for _, uid, _ in receiver.given)
    assert sorted(given.values(), reverse=True)[:2] == [2, 1]
    mails = {uid: {mail for _, known, mail in receiver.given if known == uid} for uid in given}
    assert all(len(written) == 1 for written in mails.values()), "the very same mail again"


def test_several_processes_at_the_outbox_send_everything_once(services, world, receiver):
    for _ in range(8):
        complaints.registered(world)
    gate = threading.Barrier(4)

    def one():
        gate.wait()
        carry_out(services)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    carry_out(services)
    given = Counter(uid for _, uid, _ in receiver.given)
    assert given == Counter(row.message_uid for row in rows(services))
    assert set(given.values()) == {1}


def test_a_sender_whose_lease_ran_out_does_not_overwrite_what_another_did(
    services, world, receiver, clock, monkeypatch
):
    complaints.registered(world)
    others = []

    def slow(relay, parcel):
        if not others:
            others.append(parcel.uid)
            clock.advance(seconds=LEASE.total_seconds())
            monkeypatch.setattr(outbox, "carry", receiver)
            carry_out(services)
            return Refused("too late")
        return receiver(relay, parcel)

    monkeypatch.setattr(outbox, "carry", slow)
    carry_out(services)
    assert states(services).keys() == {"sent"}


def test_an_alarm_leaves_before_other_mail(services, world, receiver):
    complaints.registered(world)
    with services.uow.writing(world.order("admin")) as work:
        newest = work.session.execute(
            sa.select(DeliveryRow).order_by(DeliveryRow.id.desc()).limit(1)
        ).scalar_one()
        newest.is_alarm = True
        uid = newest.message_uid
    carry_out(services)
    assert receiver.given[0][1] == uid


def test_a_relay_that_is_switched_off_keeps_its_mail(services, world, receiver):
    complaints.registered(world)
    with services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.update(RelayRow).values(active=False))
    assert carry_out(services) == 0
    assert states(services).keys() == {"waiting"}


def test_a_secret_of_another_installation_is_told_not_sent_with(services, world, receiver):
    complaints.registered(world)
    with services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.update(RelayRow).values(secret="sealed elsewhere"))
    carry_out(services)
    assert states(services).keys() == {"dead"}
    assert "enter it again" in rows(services)[0].last_error
    assert receiver.given == []


def test_an_account_that_was_closed_gets_nothing_more(services, world, receiver):
    complaints.registered(world)
    with services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.update(UserRow).values(active=False))
    carry_out(services)
    assert states(services).keys() == {"dead"}
    assert receiver.given == []


def test_nobody_is_told_the_own_deeds(services, world):
    complaints.registered(world, by="cqe")
    with services.uow.reading() as session:
        told = session.execute(
            sa.select(MessageRow.user_id).where(MessageRow.kind == MessageKind.REGISTERED)
        ).scalars()
        assert world.users["cqe"] not in set(told)
