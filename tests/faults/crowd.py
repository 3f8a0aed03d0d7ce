"""Very many complaints at once: one is registered, the others are copies of its rows, each a little later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.tables.base import Base
from tests import complaints, factories

_NOT_COPIED = {"audit_entry", "message", "delivery", "alarm", "loaded_record"}
_SLICE = 500


def crowd(world: factories.World, count: int, apart: timedelta) -> list[int]:
    """Register one complaint and copy it; return the ids, the oldest first. Each has its chain in the record."""
    uow = world.services.uow
    first = complaints.registered(world).id
    ids = [first]
    with uow.writing(world.order("admin")) as work:
        tables = [
            (table, _rows(work.session, table.select().where(table.c.complaint_id == first)))
            for table in Base.metadata.sorted_tables
            if "complaint_id" in table.c and table.name not in _NOT_COPIED
        ]
        complaint = Base.metadata.tables["complaint"]
        (original,) = _rows(work.session, sa.select(complaint).where(complaint.c.id == first))
    for start in range(1, count, _SLICE):
        with uow.writing(world.order("admin")) as work:
            for number in range(start, min(start + _SLICE, count)):
                later = number * apart
                made = {**_moved(original, later), "number": f"CC-2026-9{number:06d}"}
                made.pop("id")
                key = work.session.execute(
                    sa.insert(complaint).values(made).returning(complaint.c.id)
                ).scalar_one()
                ids.append(key)
                for table, rows in tables:
                    for row in rows:
                        copy = {**_moved(row, later), "complaint_id": key}
                        if "id" in copy and table.c.id.primary_key:
                            copy.pop("id")
                        work.session.execute(sa.insert(table).values(copy))
                work.record("complaint.registered", complaint_id=key, subject=made["number"])
    return ids


def _rows(session: Session, select: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select).mappings()]


def _moved(row: Mapping[str, Any], later: timedelta) -> dict[str, Any]:
    """Return the row with its instants moved, but for those that stand for never."""
    return {
        name: value + later if isinstance(value, datetime) and value.year < 9000 else value
        for name, value in row.items()
    }
