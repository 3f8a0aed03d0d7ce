"""The one place that knows the stores apart where SQL differs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session


def is_postgresql(session: Session) -> bool:
    """Return True on PostgreSQL, False on SQLite."""
    return session.get_bind().dialect.name == "postgresql"


def upsert(session: Session, table: Any) -> Any:
    """Return the store's own INSERT, which has ``on_conflict_do_nothing`` and ``on_conflict_do_update``.

    Untyped: the two dialects' classes have these methods alike but share no base that says so.
    """
    return postgresql.insert(table) if is_postgresql(session) else sqlite.insert(table)


def alike(column: InstrumentedAttribute[str], value: str) -> sa.ColumnElement[bool]:
    """Return whether the column holds the value, whatever its case.

    SQLite knows the case of ASCII letters only, so the value itself counts as well.
    """
    return sa.or_(column == value, sa.func.lower(column) == value.lower())
