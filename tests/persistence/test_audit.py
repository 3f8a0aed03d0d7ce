"""The record can only grow: whatever is changed, removed or put in behind its back is found, on both stores."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import audit
from eightd.persistence.tables.record import AuditHeadRow, AuditRow
from eightd.persistence.unit_of_work import Order

CHAIN = audit.SYSTEM_CHAIN
NOW = datetime(2026, 3, 12, 8, 40, 1, 123456, tzinfo=UTC)
NOBODY = Actor(0, frozenset(), frozenset())


def write(uow, count=5, subject="x"):
    for number in range(count):
        with uow.writing(Order(NOBODY, "赵敏", "", NOW + timedelta(seconds=number))) as work:
            old, new = {"n": number}, {"n": number + 1}
            work.record("administration.changed", subject=subject, old=old, new=new, reason="原因")


def flaw(uow):
    with uow.reading() as session:
        return audit.verify_chain(session, CHAIN, uow.signing_key)


def change(uow, statement):
    with Session(uow.engine) as session, session.begin():
        session.execute(statement)


@pytest.fixture
def written(store_services):
    write(store_services.uow)
    assert flaw(store_services.uow) is None
    return store_services.uow


def test_an_empty_store_is_sound(store_services):
    assert flaw(store_services.uow) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", NOW + timedelta(days=1)), ("actor_id", None), ("actor_name", "another"), ("tag", "comment.added"),
     ("subject", "y"), ("old", {"n": 99}), ("new", None), ("reason", ""), ("previous_hash", "1" * 64),
     ("hash", "1" * 64)],
)  # fmt: skip
def test_every_column_of_an_entry_is_sealed(written, store_world, column, value):
    if column == "actor_id":
        value = store_world.users["cqe"]
    change(written, sa.update(AuditRow).where(AuditRow.sequence == 3).values({column: value}))
    found = flaw(written)
    assert found is not None
    assert found.sequence in {3, 4}


@pytest.mark.parametrize(("gone", "first_wrong"), [((1,), 1), ((3,), 3), ((5,), 5), ((4, 5), 4)])
def test_entries_cannot_be_removed(written, gone, first_wrong):
    change(written, sa.delete(AuditRow).where(AuditRow.sequence.in_(gone)))
    assert flaw(written).sequence == first_wrong


def test_a_tail_cut_off_with_its_head_turned_back_needs_the_key(written):
    with written.reading() as session:
        fourth = session.execute(sa.select(AuditRow).where(AuditRow.sequence == 4)).scalar_one()
    change(written, sa.delete(AuditRow).where(AuditRow.sequence == 5))
    change(written, sa.update(AuditHeadRow).values(sequence=4, hash=fourth.hash))
    assert flaw(written).what == "signature of the head does not match"


def test_a_chain_hashed_anew_after_a_change_needs_the_key(written):
    with Session(written.engine) as session, session.begin():
        previous = None
        for row in session.execute(sa.select(AuditRow).order_by(AuditRow.sequence)).scalars():
            row.reason = "another" if row.sequence == 2 else row.reason
            row.previous_hash = previous or row.previous_hash
            row.hash = previous = audit.entry_hash(row)
        session.execute(sa.update(AuditHeadRow).values(hash=previous))
    assert flaw(written).what == "signature of the head does not match"


def test_a_head_cannot_be_removed(written):
    change(written, sa.delete(AuditHeadRow))
    assert flaw(written).what == "head missing"


def test_entries_cannot_be_added_beside_the_program(written):
    with Session(written.engine) as session, session.begin():
        last = session.execute(sa.select(AuditRow).where(AuditRow.sequence == 5)).scalar_one()
        forged = AuditRow(
            chain=CHAIN, sequence=6, at=NOW, actor_name="me", tag="x", subject="", reason="",
            previous_hash=last.hash, hash="",
        )  # fmt: skip
        forged.hash = audit.entry_hash(forged)
        session.add(forged)
    assert flaw(written) is not None


def test_another_key_finds_the_signature_wrong(written):
    with written.reading() as session:
        assert (
            audit.verify_chain(session, CHAIN, b"another key").what == "signature of the head does not match"
        )


def test_chains_are_told_apart(written, store_world):
    assert audit.chain_of(None) == CHAIN
    assert audit.chain_of(7) == "complaint:7"
    with written.reading() as session:
        assert list(audit.chains(session)) == [CHAIN]


def test_parallel_writers_keep_one_chain_whole(store_services):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: write(store_services.uow, 5, f"writer {number}"), range(8)))
    assert flaw(store_services.uow) is None
    with store_services.uow.reading() as session:
        sequences = session.execute(sa.select(AuditRow.sequence).order_by(AuditRow.sequence)).scalars().all()
    assert sequences == list(range(1, 41))


def test_what_failed_leaves_no_entry(written):
    def fail():
        with written.writing(Order(NOBODY, "x", "", NOW)) as work:
            work.record("administration.changed")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert flaw(written) is None
    with written.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(AuditRow)).scalar_one() == 5


_TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60)
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reason=_TEXT,
    subject=_TEXT,
    old=st.dictionaries(_TEXT, _VALUE, max_size=3),
    at=st.datetimes(timezones=st.just(UTC)),
)
def test_whatever_is_written_reads_back_to_the_same_hash(store_services, reason, subject, old, at):
    with store_services.uow.writing(Order(NOBODY, subject, "", at)) as work:
        work.record("administration.changed", subject=subject, old=old, new=old, reason=reason)
    assert flaw(store_services.uow) is None
