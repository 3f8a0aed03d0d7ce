"""Bring a store to the newest schema, and say whether it is there."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

NEWEST = "0004"
"""The last migration's revision, known without reading the migrations; a test holds it against them."""

_MIGRATION_LOCK = 0x38444D49  # any constant that nothing else locks


def upgrade(engine: sa.Engine, migrations: Path) -> None:
    """Run every migration the store has not seen, in one transaction that holds the write lock.

    Servers that start at once on PostgreSQL queue on an advisory lock: the tables that would
    otherwise make them wait may not exist yet.
    """
    if is_current(engine):
        return
    # Start-up saving: a fifth of the start was importing Alembic, which only a new store or version needs.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", str(migrations).replace("%", "%%"))
    with engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # a long migration is worth waiting for
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def is_current(engine: sa.Engine) -> bool:
    """Return True where the store has exactly the newest schema."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == NEWEST
