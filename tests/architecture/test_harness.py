"""The fixtures that everybody leans on do what they say."""

from datetime import UTC, datetime

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from eightd.persistence.engine import make_engine
from eightd.persistence.schema import is_current


def test_store_is_empty_and_takes_rows(store):
    engine = create_engine(store, poolclass=NullPool)
    with engine.begin() as link:
        link.execute(text("CREATE TABLE one (name VARCHAR(20))"))
        link.execute(text("INSERT INTO one VALUES ('客诉')"))
        assert link.execute(text("SELECT name FROM one")).scalars().all() == ["客诉"]


def test_store_is_fresh_for_each_test(store):
    with create_engine(store, poolclass=NullPool).begin() as link:
        link.execute(text("CREATE TABLE one (name VARCHAR(20))"))


def test_clock_moves_only_when_told(clock):
    assert clock() == clock() == datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
    clock.advance(hours=1)
    assert clock() == datetime(2026, 3, 12, 9, 40, tzinfo=UTC)
    clock.set("2026-03-13T17:30:00+08:00")
    assert clock() == datetime(2026, 3, 13, 9, 30, tzinfo=UTC)


def test_a_ready_store_has_its_tables(ready_store):
    engine = make_engine(ready_store)
    assert is_current(engine)
    engine.dispose()


def test_the_app_answers_on_each_store(store_app):
    assert store_app.test_client().get("/").status_code < 500


def test_settings_live_in_the_test_folder(settings, tmp_path):
    assert settings.instance.is_relative_to(tmp_path)
    assert str(tmp_path) in settings.database_url


def test_chromium_is_a_program(chromium):
    assert chromium.exists()
