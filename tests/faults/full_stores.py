"""Ways in which a store is full or read-only, each as real as it can be made here; `WAYS_FULL`, `WAYS_READ_ONLY`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.faults import disks

Trouble = Callable[[sa.Engine], AbstractContextManager[None]]


@dataclass(frozen=True)
class Way:
    """A kind of trouble: on which store, whether that lies on a small disk, and how to begin and end it."""

    store: str
    trouble: Callable[[sa.Engine, disks.Disk | None], AbstractContextManager[None]]
    on_disk: bool = False


@contextmanager
def _pragma(engine: sa.Engine, pragma: str, undone: str) -> Iterator[None]:
    """Let every connection say a pragma until the end of the block."""

    def say(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # the driver's

    sa.event.listen(engine, "connect", say)
    engine.dispose()
    try:
        yield
    finally:
        sa.event.remove(engine, "connect", say)
        engine.dispose()
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA {undone}")


@contextmanager
def _no_more_pages(engine: sa.Engine, _disk: disks.Disk | None) -> Iterator[None]:
    """SQLite's own SQLITE_FULL: the file may not grow by a single page."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with _pragma(engine, f"max_page_count = {pages}", "max_page_count = 1073741823"):
        yield


@contextmanager
def _full_disk(engine: sa.Engine, disk: disks.Disk | None) -> Iterator[None]:
    assert disk is not None
    with disk.full():
        yield


@contextmanager
def _read_only_disk(engine: sa.Engine, disk: disks.Disk | None) -> Iterator[None]:
    assert disk is not None
    engine.dispose()  # a disk with files open for writing cannot be made read-only
    try:
        with disk.read_only():
            yield
            engine.dispose()
    finally:
        engine.dispose()


@contextmanager
def _query_only(engine: sa.Engine, _disk: disks.Disk | None) -> Iterator[None]:
    with _pragma(engine, "query_only = ON", "query_only = OFF"):
        yield


def _raised(state: str) -> Callable[[sa.Engine, disks.Disk | None], AbstractContextManager[None]]:
    """Let the server raise a state at the last table that a verb writes to."""

    @contextmanager
    def trouble(engine: sa.Engine, _disk: disks.Disk | None) -> Iterator[None]:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '{state}'; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON audit_head EXECUTE FUNCTION fail()"
            )
        try:
            yield
        finally:
            with engine.begin() as connection:
                connection.exec_driver_sql("DROP TRIGGER fail ON audit_head")
                connection.exec_driver_sql("DROP FUNCTION fail")

    return trouble


@contextmanager
def _full_tablespace(engine: sa.Engine, disk: disks.Disk | None) -> Iterator[None]:
    """PostgreSQL's own 53100: what complaints say lies on a disk that is full."""
    assert disk is not None
    with disk.full():
        yield


@contextmanager
def _read_only_server(engine: sa.Engine, _disk: disks.Disk | None) -> Iterator[None]:
    """A server that takes reads only, as a standby does after the roles were changed."""
    name = engine.url.database
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    engine.dispose()
    try:
        yield
    finally:
        engine.dispose()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        engine.dispose()


@contextmanager
def on_small_tablespace(engine: sa.Engine, folder: Path, owner: str) -> Iterator[disks.Disk]:
    """Move the complaints, with what they say, to a small disk until the end of the block."""
    with disks.mounted(folder, mebibytes=8) as disk:
        place = folder / "space"
        place.mkdir()
        disks.give(place, owner)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{place}'")
            connection.exec_driver_sql("ALTER TABLE complaint SET TABLESPACE small")
        try:
            yield disk
        finally:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ALTER TABLE complaint SET TABLESPACE pg_default")
                connection.exec_driver_sql("CHECKPOINT")
                connection.exec_driver_sql("DROP TABLESPACE small")


WAYS_FULL: Mapping[str, Way] = {
    "sqlite, no page left": Way("sqlite", _no_more_pages),
    "postgresql, as if full": Way("postgresql", _raised("53100")),
    "postgresql, as if its disk failed": Way("postgresql", _raised("58030")),
}
WAYS_READ_ONLY: Mapping[str, Way] = {
    "sqlite, as if read-only": Way("sqlite", _query_only),
    "postgresql, read-only": Way("postgresql", _read_only_server),
}
if disks.can_mount():
    WAYS_FULL = {
        **WAYS_FULL,
        "sqlite, disk full": Way("sqlite", _full_disk, on_disk=True),
        "postgresql, disk full": Way("postgresql", _full_tablespace, on_disk=True),
    }
    WAYS_READ_ONLY = {
        **WAYS_READ_ONLY,
        "sqlite, disk read-only": Way("sqlite", _read_only_disk, on_disk=True),
    }
