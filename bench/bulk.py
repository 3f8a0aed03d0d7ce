"""Write many rows fast: prepared statements on SQLite, COPY on PostgreSQL, values in each store's own form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from eightd.persistence import search


class Bulk:
    """A connection that only loads. Nothing is durable before the end: a load cut short is thrown away."""

    def __init__(self, connection: Any, *, postgresql: bool) -> None:
        """Keep the driver's own connection."""
        self._connection = connection
        self._postgresql = postgresql

    def instant(self, value: datetime) -> Any:
        """Return an aware instant as the store keeps it."""
        return value if self._postgresql else f"{value:%Y-%m-%d %H:%M:%S.%f}"

    def day(self, value: date) -> Any:
        """Return a date as the store keeps it."""
        return value if self._postgresql else value.isoformat()

    def value(self, column: sa.Column[Any], value: Any) -> Any:
        """Return any value of a column as the store keeps it."""
        if value is None:
            return "null" if isinstance(column.type, sa.JSON) and not column.type.none_as_null else None
        if isinstance(column.type, sa.JSON):
            return json.dumps(value)  # as SQLAlchemy writes it: readers may rely on its spacing
        if isinstance(value, datetime):
            return self.instant(value.astimezone(UTC))
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, bool):
            return value if self._postgresql else int(value)
        return str(value) if isinstance(value, str) else value

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert the rows."""
        if not rows:
            return
        names = ", ".join(f'"{name}"' for name in columns)
        if self._postgresql:
            with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - own names

    def index(self, texts: Sequence[tuple[int, str]]) -> None:
        """Make complaints findable by their texts, as `persistence.search` would one by one."""
        rows = [(key, " ".join(search.tokens(text))) for key, text in texts]
        if not self._postgresql:
            self.write("complaint_search", ("rowid", "tokens"), rows)
            return
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO complaint_search (complaint_id, tokens) VALUES (%s, to_tsvector('simple', %s))",
                rows,
            )


def compact(value: object) -> str:
    """Return the canonical JSON of a document, as the record hashes it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@contextmanager
def loading(engine: sa.Engine) -> Iterator[Bulk]:
    """Load in one transaction; on SQLite without waiting for the disk, which the end makes up for."""
    postgresql = engine.dialect.name == "postgresql"
    raw = engine.raw_connection()
    connection: Any = raw.driver_connection
    try:
        if not postgresql:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA cache_size = -400000")
            connection.execute("BEGIN")
        yield Bulk(connection, postgresql=postgresql)
        connection.commit()
    finally:
        raw.invalidate()  # its pragmas are not the product's


def settle(engine: sa.Engine) -> None:
    """Leave the store as an installation would find it: on PostgreSQL vacuumed and analysed, ids going on."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tables = connection.execute(
            sa.text(
                "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
                "AND column_name = 'id' AND column_default LIKE 'nextval%'"
            )
        ).scalars()
        for table in tables.all():
            connection.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608 - the schema's own names
                    f"(SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
                )
            )
        connection.execute(sa.text("VACUUM ANALYZE"))
