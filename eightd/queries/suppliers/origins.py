"""Where rows of our own answers came from: which supplier's 8D they were taken over from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.suppliers.taking import LISTS, ORIGIN
from eightd.domain.words import Message
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierDisciplineRow, SupplierRow


@dataclass(frozen=True, slots=True)
class Source:
    """A supplier's 8D beside one of our disciplines: what of it stands among ours, and whether more is accepted."""

    number: str
    origin: Message
    rows: tuple[str, ...]
    is_accepted: bool


def sources(session: Session, complaint_number: str, code: DisciplineCode) -> tuple[Source, ...]:
    """Return the suppliers' 8Ds that concern a discipline; ``rows`` are our places such as ``causes/s1-2``."""
    if code not in LISTS:
        return ()
    found = session.execute(
        sa.select(
            SupplierCaseRow.number,
            SupplierCaseRow.taken_over,
            SupplierRow.code.label("supplier"),
            SupplierDisciplineRow.state,
        )
        .join(ComplaintRow, ComplaintRow.id == SupplierCaseRow.complaint_id)
        .join(SupplierRow, SupplierRow.id == SupplierCaseRow.supplier_id)
        .join(
            SupplierDisciplineRow,
            sa.and_(SupplierDisciplineRow.case_id == SupplierCaseRow.id, SupplierDisciplineRow.code == code),
        )
        .where(ComplaintRow.number == complaint_number)
        .order_by(SupplierCaseRow.id)
    ).all()
    before = f"{code.value}/"
    made = (
        Source(
            row.number,
            ORIGIN.say(code=row.supplier, number=row.number),
            tuple(ours.removeprefix(before) for ours in row.taken_over if ours.startswith(before)),
            row.state is DisciplineState.ACCEPTED,
        )
        for row in found
    )
    return tuple(one for one in made if one.rows or one.is_accepted)


def origins(found: tuple[Source, ...]) -> Mapping[str, Message]:
    """Return the origin of each of our rows by its place."""
    return {place: one.origin for one in found for place in one.rows}
