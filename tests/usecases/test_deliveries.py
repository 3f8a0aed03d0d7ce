"""The outbox looked after: what was given up leaves again, what should not leave is cancelled; replies follow."""

import pytest
import sqlalchemy as sa

from eightd.domain.correspondence import ReplyKind, ReplyState
from eightd.domain.events import EventTag
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind
from eightd.domain.words import Language
from eightd.notifications.facts import Facts
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import DeliveryMessageRow, DeliveryRow, MessageRow, RelayRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries.administration import deliveries as queries
from eightd.queries.administration import relays as relay_queries
from eightd.queries.administration.deliveries import Shown
from eightd.queries.administration.listing import Place
from eightd.usecases.administration.deliveries import MOST_AT_ONCE, cancel, send_again
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.outbox.carry_out import carry_out
from tests import complaints, factories
from tests.asked import questions

DEAD, WAITING = DeliveryState.DEAD, DeliveryState.WAITING


def relay(world, plant_id=None, **settings):
    with world.services.uow.writing(world.order("admin")) as work:
        row = RelayRow(kind=RelayKind.SMTP, name="Mail", plant_id=plant_id, settings=settings)
        work.session.add(row)
        work.session.flush()
        return row.id


def delivery(world, relay_id, state=DEAD, login="cqe", reply_id=None, uid="a@plant.example", **others):
    with world.services.uow.writing(world.order("admin")) as work:
        row = DeliveryRow(
            relay_id=relay_id, user_id=None if reply_id else world.users[login], reply_id=reply_id,
            address="cqe@plant.example", state=state, message_uid=uid, made_at=work.now, not_before_at=work.now,
            **{"attempts": 7, "last_error": "550 unknown user", **others},
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        if not reply_id:
            complaint_id = work.session.execute(sa.select(sa.func.min(ComplaintRow.id))).scalar_one()
            message = MessageRow(
                user_id=world.users[login], kind=MessageKind.OVERDUE, complaint_id=complaint_id, at=work.now,
                facts=Facts(path="/", customer_en="Anke Electronics").as_document(),
            )  # fmt: skip
            work.session.add(message)
            work.session.flush()
            work.session.add(DeliveryMessageRow(delivery_id=row.id, message_id=message.id))
        return row.id


def reply(world, state=ReplyState.FAILED):
    with world.services.uow.writing(world.order("admin")) as work:
        row = ReplyRow(
            complaint_id=work.session.execute(sa.select(sa.func.min(ComplaintRow.id))).scalar_one(),
            kind=ReplyKind.INITIAL, state=state, language=Language.EN, recipients=["q@customer.example"], copies=[],
            subject="8D report CC-2026-00001", body="words", accepted_findings=[], drafted_by=world.users["cqe"],
            drafted_at=work.now, reviewed_by=world.users["cqe"], fault="550 unknown user",
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        return row.id


def get(world, table, id_):
    with world.services.uow.reading() as session:
        return session.get_one(table, id_)


def again(world, *ids, login="admin", key=""):
    return send_again(world.services.uow, world.order(login, key), ids=ids)


def cancelled(world, *ids, login="admin", key=""):
    return cancel(world.services.uow, world.order(login, key), ids=ids)


def tags(world, *wanted):
    with world.services.uow.reading() as session:
        return list(session.execute(sa.select(AuditRow.tag).where(AuditRow.tag.in_(wanted))).scalars())


def page(world, shown, login="admin", **others):
    with world.services.uow.reading() as session:
        return queries.deliveries(session, world.actor(login), shown, Place(), **others).lines


def test_what_was_given_up_leaves_again_under_its_own_message_id(store_world, clock):
    complaints.registered(store_world)
    id_ = delivery(store_world, relay(store_world))
    clock.advance(hours=3)
    assert again(store_world, id_).id == 1
    row = get(store_world, DeliveryRow, id_)
    assert (row.state, row.attempts, row.message_uid) == (WAITING, 0, "a@plant.example")
    assert row.not_before_at == clock.now
    assert again(store_world, id_).id == 0, "it waits already"
    assert tags(store_world, "delivery.sent_again") == ["delivery.sent_again"]


def test_it_really_leaves(world, smtp_server):
    complaints.registered(world)
    id_ = delivery(world, relay(world, **smtp_server.settings))
    assert carry_out(world.services) == 0
    again(world, id_)
    carry_out(world.services)
    assert get(world, DeliveryRow, id_).state is DeliveryState.SENT
    assert "a@plant.example" in smtp_server.uids


def test_the_same_order_twice_is_carried_out_once(store_world):
    complaints.registered(store_world)
    id_ = delivery(store_world, relay(store_world))
    first, second = (again(store_world, id_, key="key-of-one-order") for _ in range(2))
    assert (first.id, second.id, second.replayed) == (1, 1, True)


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (WAITING, DeliveryState.CANCELLED),
        (DEAD, DeliveryState.CANCELLED),
        (DeliveryState.LEASED, DeliveryState.LEASED),
        (DeliveryState.SENT, DeliveryState.SENT),
    ],
)
def test_what_waits_or_was_given_up_can_be_cancelled(store_world, state, then):
    complaints.registered(store_world)
    id_ = delivery(store_world, relay(store_world), state)
    assert cancelled(store_world, id_).id == (state is not then)
    assert get(store_world, DeliveryRow, id_).state is then


@pytest.mark.parametrize(
    "state", [WAITING, DeliveryState.LEASED, DeliveryState.SENT, DeliveryState.CANCELLED]
)
def test_only_what_was_given_up_is_sent_again(store_world, state):
    complaints.registered(store_world)
    id_ = delivery(store_world, relay(store_world), state)
    assert again(store_world, id_).id == 0
    assert get(store_world, DeliveryRow, id_).state is state


def test_a_reply_waits_again_with_its_delivery(store_world):
    complaints.registered(store_world)
    reply_id = reply(store_world)
    id_ = delivery(store_world, relay(store_world), reply_id=reply_id)
    assert again(store_world, id_).id == 1
    row = get(store_world, ReplyRow, reply_id)
    assert (row.state, row.fault, row.version) == (ReplyState.REVIEWED, "", 2)
    assert tags(store_world, EventTag.REPLY_SENT_AGAIN, "delivery.sent_again") == [EventTag.REPLY_SENT_AGAIN]


@pytest.mark.parametrize("state", [ReplyState.DISCARDED, ReplyState.DRAFT, ReplyState.SENT])
def test_a_reply_that_has_gone_another_way_is_not_sent_again(store_world, state):
    complaints.registered(store_world)
    id_ = delivery(store_world, relay(store_world), reply_id=reply(store_world, state))
    assert again(store_world, id_).id == 0
    assert get(store_world, DeliveryRow, id_).state is DEAD


def test_a_cancelled_reply_has_failed_and_its_people_are_told(store_world):
    complaints.registered(store_world)
    reply_id = reply(store_world, ReplyState.REVIEWED)
    id_ = delivery(store_world, relay(store_world), WAITING, reply_id=reply_id)
    cancelled(store_world, id_)
    assert get(store_world, ReplyRow, reply_id).state is ReplyState.FAILED
    with store_world.services.uow.reading() as session:
        told = session.execute(
            sa.select(MessageRow.user_id).where(MessageRow.kind == MessageKind.REPLY_FAILED)
        ).scalars()
        assert store_world.users["cqe"] in set(told)


@pytest.mark.parametrize("login", ["quality_manager", "cqe", "auditor"])
@pytest.mark.parametrize("verb", [again, cancelled])
def test_only_administrators_look_after_the_outbox(store_world, login, verb):
    complaints.registered(store_world)
    id_ = delivery(store_world, relay(store_world))
    with pytest.raises(NotFound):
        verb(store_world, id_, login=login)


@pytest.mark.parametrize("verb", [again, cancelled])
def test_a_foreign_plants_delivery_is_not_there(store_world, verb):
    complaints.registered(store_world)
    of_foreign_relay = delivery(store_world, relay(store_world, store_world.foreign_plant))
    common = relay(store_world)
    of_foreign_person = delivery(store_world, common, login=factories.STRANGER, uid="b@plant.example")
    own = delivery(store_world, common, uid="c@plant.example")
    for id_ in (of_foreign_relay, of_foreign_person):
        with pytest.raises(NotFound):
            verb(store_world, id_, own)
    assert get(store_world, DeliveryRow, own).state is DEAD, "one that is not there undoes all"
    assert [one.id for one in page(store_world, Shown.DEAD)] == [own]


@pytest.mark.parametrize("ids", [(), tuple(range(1, MOST_AT_ONCE + 2))])
def test_none_and_too_many_are_refused(store_world, ids):
    with pytest.raises(Invalid):
        again(store_world, *ids)


def test_the_page_tells_why_and_how_often(store_world):
    complaints.registered(store_world)
    relay_id = relay(store_world)
    first = delivery(store_world, relay_id)
    delivery(store_world, relay_id, WAITING, uid="b@plant.example")
    delivery(store_world, relay_id, DeliveryState.LEASED, uid="c@plant.example")
    [dead] = page(store_world, Shown.DEAD)
    assert (dead.id, dead.attempts, dead.fault, dead.relay) == (first, 7, "550 unknown user", "Mail")
    assert len(page(store_world, Shown.WAITING)) == 2
    assert page(store_world, Shown.SENT) == page(store_world, Shown.DEAD, relay_id=relay_id + 1) == ()
    with store_world.services.uow.reading() as session:
        [line] = relay_queries.relays(session, store_world.actor("admin"))
    assert (line.waiting, line.dead) == (2, 1)


def test_an_administrator_who_sees_no_complaints_reads_kind_and_number_alone(store_world):
    complaints.registered(store_world)
    relay_id = relay(store_world)
    delivery(store_world, relay_id)
    delivery(store_world, relay_id, reply_id=reply(store_world), uid="b@plant.example")
    of_reply, of_message = page(store_world, Shown.DEAD)
    assert (of_message.said[0].kind, of_message.said[0].number) == (MessageKind.OVERDUE, "CC-2026-00001")
    assert of_message.said[0].facts is None
    assert (of_reply.said[0].reply, of_reply.said[0].subject) == (ReplyKind.INITIAL, "")
    of_reply, of_message = page(store_world, Shown.DEAD, login="quality_manager")
    assert of_message.said[0].facts.customer_en == "Anke Electronics"
    assert of_reply.said[0].subject == "8D report CC-2026-00001"


def test_few_statements_however_many_deliveries(store_world):
    complaints.registered(store_world)
    relay_id = relay(store_world)
    spent = []
    for turn in range(2):
        for number in range(8):
            delivery(store_world, relay_id, uid=f"{turn}.{number}@plant.example")
        delivery(store_world, relay_id, reply_id=reply(store_world), uid=f"{turn}.r@plant.example")
        actor = store_world.actor("admin")
        with questions(store_world.services) as sent, store_world.services.uow.reading() as session:
            queries.deliveries(session, actor, Shown.DEAD, Place())
        spent.append(len(sent))
    assert spent == [3, 3], "the deliveries, their messages, their replies"
