"""Open the store: SQLite with safe settings, or PostgreSQL; writes on SQLite begin at once."""

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa

_BUSY_TIMEOUT_MS = 15_000

# Earlier releases can corrupt a write-ahead log when two connections checkpoint at once;
# the mends were carried back to two older lines.
_WAL_SAFE_FROM = (3, 51, 3)
_WAL_SAFE_BACKPORTS = {(3, 50): 7, (3, 44): 6}


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Return True where this SQLite may use a write-ahead log with several connections."""
    if version >= _WAL_SAFE_FROM:
        return True
    backport = _WAL_SAFE_BACKPORTS.get(version[:2])
    return backport is not None and version[2] >= backport


def make_engine(url: str) -> sa.Engine:
    """Return an engine for the URL, with the pragmas and the begin mode this house relies on.

    A connection that carries the execution option ``writing`` begins with BEGIN IMMEDIATE on
    SQLite, so that two writers queue instead of failing half way; others begin deferred.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(parsed, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000})
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return sa.create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we begin ourselves, see _begin_sqlite
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "TRUNCATE"
    for pragma in (
        f"journal_mode = {journal}",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "cache_size = -32000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
