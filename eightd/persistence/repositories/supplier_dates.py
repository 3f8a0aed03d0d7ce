"""Until when a supplier's case is wanted: derived from the complaint's clocks, or from the case above it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode
from eightd.domain.errors import OutOfReachError
from eightd.domain.suppliers.due import Lead, Owed, Promise, SupplierMilestone, WorkingDays, promises
from eightd.domain.words import Phrase
from eightd.persistence.repositories import rules
from eightd.persistence.repositories.deadlines import clocks
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierPromiseRow, SupplierRow

ABOVE = Phrase("supplier_due.above", "The answer of {number}", "{number} 的回复")

_ALL = frozenset(DisciplineCode)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a supplier would promise, and by what it was counted."""

    promises: tuple[Promise, ...]
    days: WorkingDays


def working_days(session: Session, row: ComplaintRow) -> WorkingDays:
    """Return by what the dates of a complaint's supplier cases are counted: the newest calendar, the plant's close."""
    plant = session.get_one(PlantRow, row.plant_id)
    customer = session.get_one(CustomerRow, row.customer_id)
    return WorkingDays(
        rules.calendar_for(session, plant, customer), plant.close_of_business, ZoneInfo(plant.zone)
    )


def derive(
    session: Session,
    row: ComplaintRow,
    asked: Collection[DisciplineCode],
    supplier: SupplierRow,
    *,
    now: datetime,
    parent: SupplierCaseRow | None = None,
) -> Derived:
    """Return what a supplier would promise now: before our own dates, or below a case before that one's."""
    days = working_days(session, row)
    owed = _owed(session, row, now) if parent is None else _owed_above(session, parent)
    lead = Lead(supplier.lead_analysis, supplier.lead_whole) if parent is None else Lead(1, 1)
    return Derived(promises(asked, owed, lead, days, now=now), days)


def _owed(session: Session, row: ComplaintRow, now: datetime) -> list[Owed]:
    """Return what we still owe the customer, in the order of the profile."""
    met = set(
        session.execute(
            sa.select(DeadlineRow.milestone).where(
                DeadlineRow.complaint_id == row.id, DeadlineRow.met_at.is_not(None)
            )
        ).scalars()
    )
    try:
        computed = clocks(session, row, now)
    except OutOfReachError:
        return []
    return [
        Owed(
            one.milestone.title,
            computed.judged_due_at(one),
            frozenset(one.milestone.disciplines),
            one.milestone.amount,
            one.milestone.unit,
        )
        for one in computed.deadlines
        if one.milestone.name not in met
    ]


def _owed_above(session: Session, parent: SupplierCaseRow) -> list[Owed]:
    """Return what the case above still owes us."""
    rows = {
        one.milestone: one
        for one in session.execute(
            sa.select(SupplierPromiseRow).where(
                SupplierPromiseRow.case_id == parent.id, SupplierPromiseRow.met_at.is_(None)
            )
        ).scalars()
    }
    up_to = {
        SupplierMilestone.CONTAINMENT: frozenset({DisciplineCode.D1, DisciplineCode.D2, DisciplineCode.D3}),
        SupplierMilestone.ANALYSIS: frozenset({DisciplineCode.D4}),
        SupplierMilestone.WHOLE: _ALL,
    }
    return [
        Owed(ABOVE.say(number=parent.number), rows[one.value].due_at, codes)
        for one, codes in up_to.items()
        if one.value in rows
    ]
