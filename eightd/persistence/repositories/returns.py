"""Load a return as its steps see it, give out its number, write its movements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.returns.ledger import Held, Movement
from eightd.persistence.dialects import upsert
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnMovementRow, ReturnNumberRow, ReturnRow


def next_return_number(session: Session, plant: PlantRow, year: int) -> str:
    """Give out the plant's next number of a return, such as RCC-2026-00001; never given twice."""
    insert = upsert(session, ReturnNumberRow).values(plant_id=plant.id, year=year, last=1)
    statement = insert.on_conflict_do_update(
        index_elements=["plant_id", "year"], set_={"last": ReturnNumberRow.last + 1}
    ).returning(ReturnNumberRow.last)
    last: int = session.execute(statement).scalar_one()
    return f"R{plant.number_prefix}-{year}-{last:05d}"


def held(session: Session, row: ReturnRow) -> Held:
    """Return where the return stands with every movement of its pieces."""
    return Held(row.stage, row.quantity_announced, tuple(map(movement, movement_rows(session, row.id))))


def movement_rows(session: Session, return_id: int) -> list[ReturnMovementRow]:
    """Return the movements in the order in which they were made."""
    return list(
        session.execute(
            sa.select(ReturnMovementRow)
            .where(ReturnMovementRow.return_id == return_id)
            .order_by(ReturnMovementRow.id)
        ).scalars()
    )


def movement(row: ReturnMovementRow) -> Movement:
    """Return a kept movement as the ledger sees it."""
    return Movement(row.stage, row.from_place, row.to_place, row.quantity, row.disposition, row.note)


def add_movements(
    session: Session, row: ReturnRow, movements: Iterable[Movement], *, by: int, at: datetime
) -> None:
    """Append movements to the ledger of a return."""
    session.add_all(
        ReturnMovementRow(
            return_id=row.id,
            stage=one.stage,
            from_place=one.from_place,
            to_place=one.to_place,
            quantity=one.quantity,
            disposition=one.disposition,
            note=one.note,
            by=by,
            at=at,
        )
        for one in movements
    )
    session.flush()
