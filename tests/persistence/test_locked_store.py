"""A store that is locked or away is told in words, and leaves nothing half done."""

import sqlite3

import pytest
import sqlalchemy as sa

from eightd.persistence import engine as engines
from eightd.persistence.engine import StoreBusyError, make_engine
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.record import AuditRow, IdempotencyRow
from tests import complaints, factories

TABLES = (ComplaintRow, AuditRow, IdempotencyRow)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(engines, "_BUSY_TIMEOUT_MS", 200)


@pytest.fixture
def locked(impatient, store_world):
    """The store, with every writer kept out by another connection."""
    engine = store_world.services.uow.engine
    if engine.dialect.name == "sqlite":
        engine.dispose()  # connections made from now on are impatient
        sa.event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 200"))
        holder = sqlite3.connect(engine.url.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        yield store_world
        holder.rollback()
        holder.close()
        return
    with engine.connect() as holder, holder.begin():
        holder.execute(sa.text("LOCK TABLE plant, complaint, idempotency_key IN ACCESS EXCLUSIVE MODE"))
        yield store_world


def counts(world):
    with world.services.uow.reading() as session:
        return [session.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in TABLES]


def test_a_verb_on_a_locked_store_says_so(locked):
    with pytest.raises(StoreBusyError), locked.services.uow.writing(locked.order("sales")) as work:
        work.session.execute(sa.update(ComplaintRow).values(version=2))


def test_a_page_says_so_with_503_and_nothing_is_saved(app, client_for, world):
    done = complaints.registered(world)
    before, engine = counts(world), world.services.uow.engine
    engine.dispose()
    sa.event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 200"))
    holder = sqlite3.connect(engine.url.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    browser = client_for("cqe")

    def send():
        return browser.post(
            f"/complaints/{done.number}/cancel", {"reason": "because"}, version=1, key="sent-twice"
        )

    answer = send()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The store cannot answer right now. Nothing was saved." in answer.text
    part = browser.post(
        f"/complaints/{done.number}/cancel", {"reason": "x"}, version=1, headers={"HX-Request": "true"}
    )
    assert part.status_code == 503
    holder.rollback()
    holder.close()
    assert counts(world) == before
    assert send().status_code == 303  # the very same form goes through afterwards


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_store_that_cannot_even_be_read_is_told_without_it(impatient, app, world, language):
    """The person's name and language stand in the store, too."""
    browser = factories.Browser(app, world.users["cqe"])
    assert browser.get("/account/").status_code == 200
    engine = world.services.uow.engine
    engine.dispose()
    sa.event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 50"))
    holder = sqlite3.connect(engine.url.database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    answer = browser.get("/account/", headers={"Accept-Language": language})
    holder.rollback()
    holder.close()
    assert answer.status_code == 503
    assert ("The store cannot answer" if language == "en" else "数据库暂时无法响应") in answer.text


def test_a_server_that_is_away_is_busy_not_broken(tmp_path):
    engine = make_engine(f"postgresql://postgres@/x?host={tmp_path}")
    with pytest.raises(StoreBusyError), engine.connect():
        pass


def test_a_mistake_in_a_statement_stays_what_it_is(store_services):
    with pytest.raises(sa.exc.DBAPIError), store_services.uow.reading() as session:
        session.execute(sa.text("SELECT nothing FROM nowhere"))
