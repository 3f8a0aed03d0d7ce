"""A store is at the newest schema, or is brought there."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory

from eightd import resources
from eightd.persistence.engine import make_engine
from eightd.persistence.schema import NEWEST, is_current, upgrade


def test_the_newest_revision_is_the_last_migration():
    configuration = Config()
    configuration.set_main_option("script_location", str(resources.migrations()))
    assert ScriptDirectory.from_config(configuration).get_current_head() == NEWEST


def test_an_empty_store_is_brought_to_the_newest_schema_once(store):
    engine = make_engine(store)
    assert not is_current(engine)
    for _ in range(2):
        upgrade(engine, resources.migrations())
        assert is_current(engine)
    engine.dispose()
