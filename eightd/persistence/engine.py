"""Open the store: SQLite with safe settings, or PostgreSQL; writes on SQLite begin at once."""

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError, SQLAlchemyError

_BUSY_TIMEOUT_MS = 15_000

# Earlier releases can corrupt a write-ahead log when two connections checkpoint at once;
# the mends were carried back to two older lines.
_WAL_SAFE_FROM = (3, 51, 3)
_WAL_SAFE_BACKPORTS = {(3, 50): 7, (3, 44): 6}

# What passes without anybody changing the program. SQLite: busy, locked, read-only, input or output
# failed, disk full, cannot open. PostgreSQL: classes 08 connection, 53 resources, 57 shut down or
# cancelled, 58 the system's own errors, and deadlock, serialization, lock not available, read-only
# (a standby, or a server whose administrator has closed it to writes).
_SQLITE_PASSES = frozenset({5, 6, 8, 10, 13, 14})
_POSTGRESQL_PASSES = ("08", "53", "57", "58", "40001", "40P01", "55P03", "25006")


class StoreBusyError(SQLAlchemyError):
    """The store is locked, full or out of reach for now; nothing was saved, and trying again may help.

    ``lost`` says that the connection broke: what was asked for last may have been done without an answer.
    """

    def __init__(self, orig: BaseException, *, lost: bool = False) -> None:
        """Keep what the driver said, for the log."""
        super().__init__(f"the store cannot answer now: {orig}")
        self.orig = orig
        self.lost = lost


class StoreInDoubtError(StoreBusyError):
    """The connection broke while the store was saving: nobody knows whether it did, until the order is repeated."""


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Return True where this SQLite may use a write-ahead log with several connections."""
    if version >= _WAL_SAFE_FROM:
        return True
    backport = _WAL_SAFE_BACKPORTS.get(version[:2])
    return backport is not None and version[2] >= backport


def make_engine(url: str) -> sa.Engine:
    """Return an engine for the URL, with the pragmas and the begin mode this house relies on.

    A connection that carries the execution option ``writing`` begins with BEGIN IMMEDIATE on
    SQLite, so that two writers queue instead of failing half way; others begin deferred. On both
    stores a writer that waited fifteen seconds for another gives up with StoreBusyError.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            parsed,
            connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000},
            # A connection that was opened for one request would begin with an empty page cache each time;
            # the one used last is taken first, so that a quiet server keeps few of them warm.
            pool_size=16,
            max_overflow=16,
            pool_use_lifo=True,
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)
        sa.event.listen(engine, "begin", _begin_postgresql)
    sa.event.listen(engine, "handle_error", _name_what_passes)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we begin ourselves, see _begin_sqlite
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "TRUNCATE"
    for pragma in (
        f"journal_mode = {journal}",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "cache_size = -2000",  # KiB, of each connection: the system's own cache stands behind it
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _begin_postgresql(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_BUSY_TIMEOUT_MS}")


def _name_what_passes(context: ExceptionContext) -> None:
    """Raise StoreBusyError in place of an error that may pass; others stay as they are."""
    if context.is_pre_ping:  # the pool is asking whether a connection still lives, and makes another if not
        return
    if context.is_disconnect or _passes(context.original_exception, context.sqlalchemy_exception):
        lost = context.is_disconnect
        raise StoreBusyError(context.original_exception, lost=lost) from context.original_exception


def _passes(original: BaseException, wrapped: BaseException | None) -> bool:
    if isinstance(original, sqlite3.Error):
        return (getattr(original, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_PASSES
    state = getattr(original, "sqlstate", None)
    if state is None:  # it never answered
        return isinstance(wrapped, OperationalError)
    return bool(state.startswith(_POSTGRESQL_PASSES))  # whatever class the driver gives it
