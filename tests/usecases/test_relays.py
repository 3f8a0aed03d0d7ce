"""Relays as administrators keep them: sealed secrets, no secret in the record, none sent elsewhere."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from eightd.domain.messages import RelayKind
from eightd.persistence.tables.messaging import RelayRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries.administration import relays as queries
from eightd.usecases.administration.relays import RelayFields, change_relay, create_relay
from eightd.usecases.errors import Invalid, NotFound, Stale

SMTP = RelayFields(
    name="Mail server",
    plant_id=None,
    settings={
        "host": "mail.plant.example",
        "port": 587,
        "security": "starttls",
        "username": "eightd",
        "from_address": "quality@plant.example",
        "from_name": "EightD",
        "ca_file": "",
        "timeout": None,
        "bogus": "x",
    },
    secret="the password of the mail server",
    cap_per_hour=30,
    active=True,
)
DINGTALK = replace(
    SMTP,
    name="品质群",
    settings={"url": "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"},
    secret="SEC0123456789",
)


def create(world, kind=RelayKind.SMTP, fields=SMTP, login="admin", key=""):
    return create_relay(
        world.services.uow,
        world.order(login, key),
        kind=kind,
        fields=fields,
        seal=world.services.secrets.seal,
    )


def change(world, relay_id, version, fields, login="admin"):
    return change_relay(
        world.services.uow, world.order(login), relay_id=relay_id, version=version, fields=fields,
        seal=world.services.secrets.seal,
    )  # fmt: skip


def row(world, relay_id):
    with world.services.uow.reading() as session:
        return session.get_one(RelayRow, relay_id)


def record(world):
    with world.services.uow.reading() as session:
        return session.execute(
            sa.select(AuditRow).where(AuditRow.tag.startswith("relay.")).order_by(AuditRow.id)
        ).scalars().all()  # fmt: skip


def test_a_relay_is_made_with_its_secret_sealed(store_world):
    kept = row(store_world, create(store_world).id)
    assert "password of the mail server" not in kept.secret
    assert store_world.services.secrets.open(kept.secret) == SMTP.secret
    assert kept.settings == {
        "host": "mail.plant.example", "port": 587, "security": "starttls", "username": "eightd",
        "from_address": "quality@plant.example", "from_name": "EightD",
    }  # fmt: skip


def test_the_record_never_holds_a_secret(store_world):
    smtp = create(store_world)
    robot = create(store_world, RelayKind.DINGTALK, DINGTALK)
    change(store_world, smtp.id, 1, replace(SMTP, secret="another password", name="Post"))
    moved = {"url": DINGTALK.settings["url"].replace("0123", "9876")}
    change(store_world, robot.id, 1, replace(DINGTALK, settings=moved, secret="SEC9876543210"))
    text = " ".join(f"{one.subject} {one.old} {one.new}" for one in record(store_world))
    for secret in ("password", "SEC0123", "SEC9876", "access_token", "0123456789abcdef"):
        assert secret not in text
    assert [one.tag for one in record(store_world)] == ["relay.created"] * 2 + ["relay.changed"] * 2
    assert record(store_world)[2].new == {"name": "Post", "secret_replaced": True}
    assert record(store_world)[3].new == {"secret_replaced": True, "url": "https://oapi.dingtalk.com/…"}


def test_the_view_has_no_secret(store_world):
    relay_id = create(store_world).id
    with store_world.services.uow.reading() as session:
        shown = queries.relay(session, store_world.actor("admin"), relay_id)
    assert shown.has_secret
    assert "secret" not in shown.settings
    assert not hasattr(shown, "secret")


def test_the_secret_stays_until_another_is_entered(store_world):
    relay_id = create(store_world).id
    sealed = row(store_world, relay_id).secret
    change(store_world, relay_id, 1, replace(SMTP, secret=None, cap_per_hour=10))
    assert row(store_world, relay_id).secret == sealed
    change(store_world, relay_id, 2, replace(SMTP, secret="new one"))
    assert store_world.services.secrets.open(row(store_world, relay_id).secret) == "new one"
    nobody = {**SMTP.settings, "username": ""}
    change(store_world, relay_id, 3, replace(SMTP, secret="", settings=nobody))
    assert row(store_world, relay_id).secret == ""


@pytest.mark.parametrize(
    "moved",
    [{"host": "mail.elsewhere.example"}, {"port": 2525}, {"security": "none"}, {"username": "root"}],
)
def test_a_kept_password_is_never_sent_elsewhere(store_world, moved):
    relay_id = create(store_world).id
    settings = {**SMTP.settings, **moved}
    with pytest.raises(Invalid) as refused:
        change(store_world, relay_id, 1, replace(SMTP, settings=settings, secret=None))
    assert list(refused.value.problems) == ["secret"]
    assert row(store_world, relay_id).settings["host"] == "mail.plant.example"
    change(store_world, relay_id, 1, replace(SMTP, settings=settings, secret="entered again"))


def test_a_kept_signing_secret_is_never_used_for_another_robot(store_world):
    relay_id = create(store_world, RelayKind.DINGTALK, DINGTALK).id
    elsewhere = {"url": "https://robots.elsewhere.example/robot/send?access_token=0123456789abcdef"}
    with pytest.raises(Invalid) as refused:
        change(store_world, relay_id, 1, replace(DINGTALK, settings=elsewhere, secret=None))
    assert list(refused.value.problems) == ["secret"]


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        (RelayKind.SMTP, {"name": ""}, "name"),
        (RelayKind.SMTP, {"cap_per_hour": 0}, "cap_per_hour"),
        (RelayKind.SMTP, {"settings": {**SMTP.settings, "host": "a b"}}, "host"),
        (RelayKind.SMTP, {"settings": {**SMTP.settings, "from_address": "nobody"}}, "from_address"),
        (RelayKind.SMTP, {"secret": None}, "secret"),
        (RelayKind.DINGTALK, {"settings": {"url": "https://oapi.dingtalk.com/"}}, "url"),
        (
            RelayKind.WEBHOOK,
            {"settings": {"url": "https://mes.plant.example/8d"}, "secret": "short"},
            "secret",
        ),
    ],
)
def test_bad_input_is_told_by_field(store_world, kind, given, field):
    with pytest.raises(Invalid) as refused:
        create(store_world, kind, replace(SMTP, **given))
    assert list(refused.value.problems) == [field]


def test_only_administrators_of_the_plant_keep_a_relay(store_world):
    world = store_world
    for login in ("quality_manager", "cqe", "auditor"):
        with pytest.raises(NotFound):
            create(world, login=login)
    with pytest.raises(NotFound):
        create(world, fields=replace(SMTP, plant_id=world.foreign_plant))
    own = create(world, fields=replace(SMTP, plant_id=world.plant))
    with pytest.raises(NotFound):
        change(world, own.id, 1, replace(SMTP, plant_id=world.foreign_plant))
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(RelayRow, own.id).plant_id = world.foreign_plant
    with pytest.raises(NotFound):
        change(world, own.id, 1, replace(SMTP, plant_id=world.plant))
    with world.services.uow.reading() as session:
        assert queries.relay(session, world.actor("admin"), own.id) is None
        assert queries.relays(session, world.actor("admin")) == ()


def test_an_older_page_is_stale(store_world):
    relay_id = create(store_world).id
    change(store_world, relay_id, 1, replace(SMTP, name="Post"))
    with pytest.raises(Stale):
        change(store_world, relay_id, 1, replace(SMTP, name="Other"))


def test_the_same_order_twice_makes_one_relay(store_world):
    first, again = (create(store_world, key="key-of-one-order") for _ in range(2))
    assert (first.id, again.replayed) == (again.id, True)


def test_saving_nothing_new_changes_nothing(store_world):
    relay_id = create(store_world).id
    assert change(store_world, relay_id, 1, replace(SMTP, secret=None)).version == 1
    assert len(record(store_world)) == 1
