"""What people choose about messages: kept where it differs, never against a duty, one version at a time."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
import sqlalchemy as sa

from eightd.domain.messages import ALARMS, MessageKind, RelayKind, Way, wanted_by_default
from eightd.persistence.tables.messaging import MessageChoiceRow, UserMessagingRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries import message_choices as queries
from eightd.usecases.calendar_feed import remove_feed, renew_feed
from eightd.usecases.errors import Invalid, NotFound, Stale
from eightd.usecases.message_choices import Choices, choose_messages

DEFAULTS = frozenset(
    (kind, way)
    for kind in MessageKind
    for way in (Way.EMAIL, Way.CHAT)
    if wanted_by_default(kind, way) and kind not in ALARMS
)
USUAL = Choices(
    wanted=DEFAULTS,
    zone="Asia/Shanghai",
    quiet_from=None,
    quiet_until=None,
    digest_time=time(8),
    chat_names={},
)


def choose(world, login="cqe", version=0, key="", **others):
    return choose_messages(
        world.services.uow, world.order(login, key), version=version, choices=replace(USUAL, **others)
    )


def own(world, login="cqe"):
    with world.services.uow.reading() as session:
        return session.get(UserMessagingRow, world.users[login])


def kept(world):
    with world.services.uow.reading() as session:
        rows = session.execute(sa.select(MessageChoiceRow)).scalars()
        return {(row.kind, row.way): row.wanted for row in rows}


def view(world, login="cqe"):
    with world.services.uow.reading() as session:
        return queries.choices(session, world.actor(login))


def test_who_chose_nothing_has_the_defaults(store_world):
    shown = view(store_world)
    assert shown.version == 0
    assert all(shown.wanted[kind, way] is wanted_by_default(kind, way) for kind, way in shown.wanted)


def test_choices_are_kept_where_they_differ_alone(store_world):
    wanted = DEFAULTS - {(MessageKind.REGISTERED, Way.EMAIL)} | {(MessageKind.ACCEPTED, Way.CHAT)}
    choose(store_world, wanted=wanted)
    assert kept(store_world) == {
        (MessageKind.REGISTERED, Way.EMAIL): False,
        (MessageKind.ACCEPTED, Way.CHAT): True,
    }
    assert view(store_world).wanted[MessageKind.REGISTERED, Way.EMAIL] is False
    choose(store_world, version=own(store_world).version)
    assert kept(store_world) == {}


def test_alarms_are_no_choice(store_world):
    choose(store_world, wanted=frozenset())
    assert not {kind for kind, _ in kept(store_world)} & ALARMS
    assert view(store_world).wanted[MessageKind.OVERDUE, Way.EMAIL] is True


def test_the_digest_comes_at_the_persons_morning(store_world):
    choose(store_world, digest_time=time(7, 30), zone="Europe/Prague")
    assert own(store_world).next_digest_at == datetime(2026, 3, 13, 6, 30, tzinfo=UTC)
    choose(store_world, version=own(store_world).version, digest_time=None)
    assert (own(store_world).digest_time, own(store_world).next_digest_at) == (None, None)


def test_another_zone_moves_the_digest_and_anything_else_does_not(store_world, clock):
    choose(store_world)
    first = own(store_world).next_digest_at
    clock.advance(days=2)  # nobody has sent it meanwhile: it is still owed
    choose(store_world, version=own(store_world).version, chat_names={RelayKind.WECOM: "zhang.san"})
    assert own(store_world).next_digest_at == first
    choose(store_world, version=own(store_world).version, zone="Europe/Prague")
    assert own(store_world).next_digest_at > clock.now


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"quiet_from": time(22)}, "quiet_until"),
        ({"quiet_until": time(7)}, "quiet_from"),
        ({"quiet_from": time(7), "quiet_until": time(7)}, "quiet_until"),
        ({"chat_names": {RelayKind.WECOM: "@all, everybody"}}, "chat_wecom"),
        ({"chat_names": {RelayKind.FEISHU: "x" * 65}}, "chat_feishu"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(store_world, given, field):
    with pytest.raises(Invalid) as refused:
        choose(store_world, **given)
    assert list(refused.value.problems) == [field]
    assert own(store_world) is None


def test_an_older_page_is_stale(store_world):
    choose(store_world, chat_names={RelayKind.WECOM: "a"})
    with pytest.raises(Stale) as stale:
        choose(store_world, version=0)
    assert stale.value.current_version == own(store_world).version == 2


def test_who_was_given_the_defaults_meanwhile_may_still_choose(store_world):
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.add(
            UserMessagingRow(
                user_id=store_world.users["cqe"], zone="Asia/Shanghai", digest_time=time(8), chat_names={},
                next_digest_at=work.now,
            )
        )  # fmt: skip
    choose(store_world, version=0, quiet_from=time(22), quiet_until=time(7))
    assert own(store_world).quiet_from == time(22)


def test_the_same_order_twice_is_carried_out_once(store_world):
    first = choose(store_world, key="key-of-one-order", chat_names={RelayKind.WECOM: "a"})
    again = choose(store_world, key="key-of-one-order", chat_names={RelayKind.WECOM: "a"})
    assert (first.replayed, again.replayed) == (False, True)
    assert own(store_world).version == first.version == again.version


def test_the_record_says_what_changed(store_world):
    choose(store_world, quiet_from=time(22), quiet_until=time(7))
    choose(store_world, version=2, quiet_from=time(22), quiet_until=time(7))  # nothing new
    with store_world.services.uow.reading() as session:
        entries = session.execute(
            sa.select(AuditRow.new).where(AuditRow.tag == "account.messages_chosen")
        ).scalars()
        assert list(entries) == [{"quiet_from": "22:00", "quiet_until": "07:00"}]


def test_an_inactive_account_chooses_nothing(store_world):
    with pytest.raises(NotFound):
        choose(store_world, login="gone")


def test_each_address_of_the_feed_is_a_new_one(store_world):
    epochs = []
    uow = store_world.services.uow
    for verb in (renew_feed, renew_feed, remove_feed, remove_feed, renew_feed):
        row = own(store_world)
        verb(uow, store_world.order("cqe"), version=row.version if row else 0)
        epochs.append(own(store_world).feed_epoch)
    assert epochs == [1, 2, -2, -2, 3]
    with pytest.raises(Stale):
        renew_feed(uow, store_world.order("cqe"), version=1)
