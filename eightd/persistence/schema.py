"""Bring a store to the newest schema, and say whether it is there."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory


def _configuration(migrations: Path) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return configuration


def upgrade(engine: sa.Engine, migrations: Path) -> None:
    """Run every migration the store has not seen, in one transaction that holds the write lock."""
    configuration = _configuration(migrations)
    with engine.execution_options(writing=True).begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def is_current(engine: sa.Engine, migrations: Path) -> bool:
    """Return True where the store has exactly the newest schema."""
    newest = ScriptDirectory.from_config(_configuration(migrations)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
