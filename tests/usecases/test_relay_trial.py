"""A test message really leaves, outside any transaction, and what came of it is said and kept."""

import pytest
import sqlalchemy as sa

from eightd.domain.messages import RelayKind
from eightd.notifications.secret_box import SecretBox
from eightd.persistence.tables.messaging import RelayRow, UserMessagingRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.usecases import relay_trial
from eightd.usecases.errors import NotAllowed, NotFound
from eightd.usecases.relay_trial import try_own_ways, try_relay
from tests.notifications.servers import HttpServer, Reply


def relay(world, settings, kind=RelayKind.SMTP, secret="", plant_id=None):
    with world.services.uow.writing(world.order("admin")) as work:
        row = RelayRow(
            kind=kind, name=kind.value, plant_id=plant_id, settings=settings,
            secret=world.services.secrets.seal(secret),
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        return row.id


def reachable(world, *logins, **chat_names):
    with world.services.uow.writing(world.order("admin")) as work:
        for login in logins:
            person = work.session.get_one(UserRow, world.users[login])
            person.email = f"{login}@plant.example"
            work.session.add(UserMessagingRow(user_id=person.id, zone="Asia/Shanghai", chat_names=chat_names))


def row(world, relay_id):
    with world.services.uow.reading() as session:
        return session.get_one(RelayRow, relay_id)


def noted(world):
    with world.services.uow.reading() as session:
        return [
            one.new
            for one in session.execute(sa.select(AuditRow).where(AuditRow.tag == "relay.tried")).scalars()
        ]


def test_the_administrator_gets_a_mail(world, smtp_server, clock):
    reachable(world, "admin")
    relay_id = relay(world, smtp_server.settings)
    [trial] = try_relay(world.services, world.order("admin", "key-of-this-trial"), relay_id=relay_id)
    assert trial.taken
    [mail] = smtp_server.messages
    assert mail.recipients == ("admin@plant.example",)
    assert mail.mail["Subject"] == "Test message from EightD"
    assert mail.mail["Auto-Submitted"] == "auto-generated"
    assert row(world, relay_id).last_sent_at == clock.now
    assert noted(world) == [{"recipient": "admin@plant.example"}]


def test_a_fault_is_said_and_kept(world, smtp_server, clock):
    reachable(world, "admin")
    relay_id = relay(world, smtp_server.settings)
    smtp_server.refuse = "550 5.7.1 not from here"
    [trial] = try_relay(world.services, world.order("admin"), relay_id=relay_id)
    assert not trial.taken
    assert "not from here" in trial.fault
    kept = row(world, relay_id)
    assert (kept.last_error, kept.last_error_at, kept.last_sent_at) == (trial.fault, clock.now, None)
    smtp_server.down = True
    [trial] = try_relay(world.services, world.order("admin"), relay_id=relay_id)
    assert "no connection" in trial.fault


def test_no_transaction_is_open_while_the_network_is_used(world, smtp_server, monkeypatch):
    reachable(world, "admin")
    relay_id = relay(world, smtp_server.settings)
    used = []

    def watched(*given):
        used.append(world.services.uow.engine.pool.checkedout())
        return carried(*given)

    carried = relay_trial.carry
    monkeypatch.setattr(relay_trial, "carry", watched)
    try_relay(world.services, world.order("admin"), relay_id=relay_id)
    assert used == [0], "connections in use"


def test_the_same_order_sends_once(world, smtp_server):
    reachable(world, "admin")
    relay_id = relay(world, smtp_server.settings)
    order = world.order("admin", "key-of-this-trial")
    assert len(try_relay(world.services, order, relay_id=relay_id)) == 1
    assert try_relay(world.services, order, relay_id=relay_id) == ()
    assert len(smtp_server.messages) == 1


def test_without_an_address_nothing_is_tried(world, smtp_server):
    relay_id = relay(world, smtp_server.settings)
    with pytest.raises(NotAllowed):
        try_relay(world.services, world.order("admin"), relay_id=relay_id)
    assert smtp_server.messages == []


@pytest.mark.parametrize("login", ["cqe", "quality_manager", "auditor"])
def test_others_try_no_relay(world, smtp_server, login):
    reachable(world, login)
    relay_id = relay(world, smtp_server.settings)
    with pytest.raises(NotFound):
        try_relay(world.services, world.order(login), relay_id=relay_id)


def test_a_foreign_plants_relay_is_not_there(world, smtp_server):
    reachable(world, "admin")
    relay_id = relay(world, smtp_server.settings, plant_id=world.foreign_plant)
    with pytest.raises(NotFound):
        try_relay(world.services, world.order("admin"), relay_id=relay_id)


def test_a_secret_of_another_installation_has_to_be_entered_again(world, smtp_server):
    reachable(world, "admin")
    relay_id = relay(world, smtp_server.settings)
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(RelayRow, relay_id).secret = SecretBox(b"x" * 32).seal("a password")
    [trial] = try_relay(world.services, world.order("admin"), relay_id=relay_id)
    assert "entered again" in trial.fault
    assert smtp_server.messages == []


def test_everybody_may_try_the_own_ways_once_a_minute(world, smtp_server, clock):
    reachable(world, "cqe", wecom="zhang.san")
    relay(world, smtp_server.settings)
    robot = HttpServer(lambda _: Reply())
    try:
        relay(world, {"url": f"{robot.url}/cgi-bin/webhook/send?key=k"}, RelayKind.WECOM)
        relay(world, {"url": f"{robot.url}/robot/send?access_token=k"}, RelayKind.DINGTALK)  # no name there
        first = try_own_ways(world.services, world.order("cqe", "key-of-this-trial"))
        assert [one.kind for one in first] == [RelayKind.SMTP, RelayKind.WECOM]
        assert all(one.taken for one in first)
        assert len(robot.posted) == len(smtp_server.messages) == 1
        assert try_own_ways(world.services, world.order("cqe", "key-of-this-trial")) == ()
        with pytest.raises(NotAllowed):
            try_own_ways(world.services, world.order("cqe", "another-key"))
        clock.advance(seconds=61)
        assert len(try_own_ways(world.services, world.order("cqe", "another-key"))) == 2
    finally:
        robot.close()


def test_who_is_reached_by_nothing_sends_nothing(world, smtp_server):
    relay(world, smtp_server.settings)
    assert try_own_ways(world.services, world.order("cqe")) == ()


def test_the_trial_writes_nothing_but_what_came_of_it(world, smtp_server):
    """The claim, then the outcome: two transactions, none around the network."""
    reachable(world, "admin")
    relay_id = relay(world, smtp_server.settings)
    opened = []
    writing = UnitOfWork.writing
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            UnitOfWork, "writing", lambda self, order: opened.append(order.key) or writing(self, order)
        )
        try_relay(world.services, world.order("admin", "key-of-this-trial"), relay_id=relay_id)
    assert opened == ["key-of-this-trial", ""]
