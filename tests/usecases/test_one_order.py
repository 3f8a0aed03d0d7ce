"""One order is carried out once, whoever sends it again and however close together."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from eightd.persistence.tables.complaint import ComplaintRow, NoteRow
from eightd.persistence.tables.record import AuditRow, IdempotencyRow
from eightd.usecases import header, outcome
from eightd.usecases.errors import Invalid, NotAllowed, Stale
from eightd.usecases.verb import KEY_OF_ANOTHER
from tests import complaints


def count(services, table):
    with services.uow.reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_the_same_order_again_gets_the_same_answer(store_world):
    first = complaints.registered(store_world, key="one-and-the-same")
    entries = count(store_world.services, AuditRow)
    again = complaints.registered(store_world, key="one-and-the-same")
    assert (again.number, again.version, again.id, again.replayed) == (
        first.number,
        first.version,
        first.id,
        True,
    )
    assert count(store_world.services, ComplaintRow) == 1
    assert count(store_world.services, AuditRow) == entries


def test_the_same_order_at_the_same_moment_is_one(store_world):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: complaints.registered(store_world, key="at-once"), range(8)))
    assert len({one.number for one in answers}) == 1
    assert sorted(one.replayed for one in answers) == [False] + [True] * 7
    assert count(store_world.services, ComplaintRow) == 1


def test_a_key_belongs_to_its_person(store_world):
    one = complaints.registered(store_world, key="the-same-key")
    other = complaints.registered(store_world, by="cqe", key="the-same-key")
    assert one.number != other.number


def test_a_key_of_another_verb_is_refused_not_answered(store_world):
    done = complaints.registered(store_world, key="reused-key")
    with pytest.raises(NotAllowed) as refused:
        header.comment(
            store_world.services.uow,
            store_world.order("sales", "reused-key"),
            number=done.number,
            text="lost?",
        )
    assert refused.value.message.code == KEY_OF_ANOTHER.code
    assert count(store_world.services, NoteRow) == 0


def test_without_a_key_nothing_is_taken_for_a_repetition(store_world):
    assert complaints.registered(store_world).number != complaints.registered(store_world).number
    assert count(store_world.services, IdempotencyRow) == 0


def test_what_was_refused_may_be_sent_again_under_its_key(store_world):
    with pytest.raises(Invalid):
        complaints.registered(store_world, key="first-wrong", customer_code="nobody")
    assert count(store_world.services, IdempotencyRow) == 0
    assert not complaints.registered(store_world, key="first-wrong").replayed


def test_of_two_who_change_the_same_version_one_is_stale(store_world):
    done = complaints.registered(store_world)

    def cancel(login):
        try:
            outcome.cancel(
                store_world.services.uow, store_world.order(login), number=done.number, version=done.version,
                reason=f"by {login}",
            )  # fmt: skip
        except (Stale, NotAllowed) as late:
            return type(late)
        return None

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(cancel, ["cqe", "cqe2"]))
    assert sorted(map(str, answers)) == [str(Stale), "None"]
