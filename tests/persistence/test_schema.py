"""A store is at the newest schema, or is brought there."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from eightd import resources
from eightd.persistence.engine import make_engine
from eightd.persistence.schema import NEWEST, is_current, upgrade
from eightd.persistence.tables.all import Base
from eightd.persistence.tables.deadline import NOTHING_DUE_AT, DeadlineRow

AGREED = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)


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


def test_the_migrations_lead_to_the_tables_the_program_uses(ready_store):
    engine = make_engine(ready_store)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def _is_ours(_found, name, kind, _reflected, _compared):
    return kind != "table" or not name.startswith(("complaint_search", "alembic"))


def test_the_open_deadlines_of_an_older_store_are_looked_at_by_the_first_sweep(store):
    engine = make_engine(store)
    configuration = Config()
    configuration.set_main_option("script_location", str(resources.migrations()))
    with engine.execution_options(writing=True).begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0001")
        _add_old_rows(connection)
    upgrade(engine, resources.migrations())
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT milestone, next_alarm_at FROM deadline ORDER BY milestone")
        )
        pending = {milestone: at is not None for milestone, at in found}
    assert pending == {"closed": False, "met": False, "open": True}
    with engine.connect() as connection:
        register = sa.select(
            DeadlineRow.milestone, DeadlineRow.plant_id, DeadlineRow.judged_due_at, DeadlineRow.owed
        )
        kept = {
            milestone: (plant, due_at, owed)
            for milestone, plant, due_at, owed in connection.execute(register)
        }
    assert kept == {
        "closed": (1, NOTHING_DUE_AT, False), "met": (1, NOTHING_DUE_AT, False), "open": (1, AGREED, True),
    }  # fmt: skip
    engine.dispose()


def _add_old_rows(connection):
    """Add rows as the first schema had them, without what they refer to."""
    tables = sa.MetaData()
    tables.reflect(connection, only=["complaint", "deadline", "plant", "customer", "part", "user_account"])
    at = datetime(2026, 3, 1, tzinfo=UTC)

    def add(name, **values):
        table = tables.tables[name]
        for column in table.columns:
            if column.name not in values and not column.nullable and column.name != "id":
                kind = column.type.python_type
                values[column.name] = at if kind is datetime else 1 if kind is int else kind()
        connection.execute(table.insert().values(**values))

    add("plant", id=1, code="P1", close_of_business=at.time())
    add("customer", id=1, accepts_stops=True)
    add("part", id=1)
    add("user_account", id=1)
    for number, is_open in ((1, True), (2, False)):
        lists = {name: [] for name in ("lots", "date_codes", "serials", "demands")}
        add("complaint", id=number, number=f"CC-{number}", is_open=is_open, **lists)
    for complaint, milestone, met_at in ((1, "open", None), (1, "met", at), (2, "closed", None)):
        due_at = AGREED if milestone == "open" else None
        add(
            "deadline",
            complaint_id=complaint,
            milestone=milestone,
            met_at=met_at,
            due_at=due_at,
            paused=False,
        )
