"""A PostgreSQL server that drops its connections: what was not answered is never called saved, nor unsaved."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eightd.domain.words import Language
from eightd.persistence.engine import StoreBusyError, StoreInDoubtError
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import UserRow
from tests import complaints
from tests.conftest import make_settings

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(tmp_path, ready_postgres_url):
    return make_settings(tmp_path, ready_postgres_url)


@pytest.fixture
def drop(app):
    """Return a way to let the server drop a connection."""
    engine = app.extensions["eightd.services"].uow.engine

    def dropped(connection) -> None:
        number = connection.driver_connection.info.backend_pid
        with engine.connect() as other:
            gone = sa.text("SELECT pg_terminate_backend(:backend, 10000)")
            assert other.execute(gone, {"backend": number}).scalar_one()

    return dropped


def numbers(world):
    with world.services.uow.reading() as session:
        return session.execute(sa.select(ComplaintRow.number)).scalars().all()


@pytest.fixture
def breaking(app, drop, monkeypatch):
    """Break the connection of the next commit: before it, or after it was done and before that is heard."""
    dialect = app.extensions["eightd.services"].uow.engine.dialect
    armed = []
    commit = dialect.do_commit

    def broken(connection):
        if not armed:
            return commit(connection)
        if armed.pop():
            commit(connection)
        drop(connection)
        connection.driver_connection.execute("SELECT 1")  # fails as an answer that does not come
        return None

    monkeypatch.setattr(dialect, "do_commit", broken)
    return lambda *, after: armed.append(after)


@pytest.mark.parametrize("after", [False, True])
def test_a_commit_without_an_answer_is_in_doubt_until_it_is_repeated(world, breaking, after):
    breaking(after=after)
    with pytest.raises(StoreInDoubtError):
        complaints.registered(world, key="only-once")
    assert len(numbers(world)) == after
    assert complaints.registered(world, key="only-once").replayed is after
    assert len(numbers(world)) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Please look whether it was saved"), ("zh", "内容可能已保存")],
)
def test_a_page_does_not_say_that_nothing_was_saved(world, client_for, breaking, language, said):
    done = complaints.registered(world)
    browser = client_for("cqe")
    with world.services.uow.writing(world.order("cqe")) as work:
        work.session.get_one(UserRow, world.users["cqe"]).language = Language(language)
    for headers in (None, {"HX-Request": "true"}):
        breaking(after=True)
        answer = browser.post(f"/complaints/{done.number}/comment", {"text": "x"}, version=1, headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert said in answer.text
        assert "Nothing was saved" not in answer.text


def test_a_connection_lost_before_the_commit_saves_nothing(world, drop):
    def write():
        with world.services.uow.writing(world.order("cqe")) as work:
            drop(work.session.connection().connection)
            work.session.execute(sa.select(1))

    with pytest.raises(StoreBusyError) as lost:
        write()
    assert not isinstance(lost.value, StoreInDoubtError)
    assert complaints.registered(world).number, "the next finds a new connection"


def test_a_page_that_is_read_finds_a_new_connection(world, client_for, drop):
    browser = client_for("cqe")
    assert browser.get("/").status_code < 400
    with world.services.uow.reading() as session:
        drop(session.connection().connection)
    assert browser.get("/account/").status_code == 200
