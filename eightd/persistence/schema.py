"""Bring a store to the newest schema, and say whether it is there."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

_MIGRATION_LOCK = 0x38444D49  # any constant that nothing else locks


def _configuration(migrations: Path) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return configuration


def upgrade(engine: sa.Engine, migrations: Path) -> None:
    """Run every migration the store has not seen, in one transaction that holds the write lock.

    Servers that start at once on PostgreSQL queue on an advisory lock: the tables that would
    otherwise make them wait may not exist yet.
    """
    configuration = _configuration(migrations)
    with engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # a long migration is worth waiting for
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def is_current(engine: sa.Engine, migrations: Path) -> bool:
    """Return True where the store has exactly the newest schema."""
    newest = ScriptDirectory.from_config(_configuration(migrations)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
