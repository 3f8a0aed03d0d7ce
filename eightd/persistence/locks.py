"""Queue writers that look before they write, on stores where looking locks nothing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session


def hold(session: Session, name: str) -> None:
    """Hold the lock of this name until the transaction ends; others who ask for it wait.

    On SQLite a writing transaction already excludes every other writer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))
