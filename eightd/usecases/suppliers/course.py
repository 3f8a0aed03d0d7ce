"""What follows from a supplier's answer wherever it came from: states, promises kept, the next alarm, who is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.messages import MessageKind
from eightd.domain.suppliers.answering import is_met
from eightd.domain.suppliers.case import SupplierCaseState, state_after
from eightd.domain.suppliers.due import SupplierMilestone
from eightd.notifications.facts import Facts
from eightd.notifications.recipients import standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierDisciplineRow,
    SupplierPromiseRow,
    SupplierRow,
)
from eightd.persistence.unit_of_work import Work
from eightd.usecases.suppliers import alarms
from eightd.usecases.telling import complaint_facts


def follow(work: Work, complaint: ComplaintRow, case: SupplierCaseRow) -> None:
    """Bring the case up to date after one of its disciplines was submitted, accepted or returned.

    A promise is kept at the first instant at which everything it speaks of has been submitted; an answer that is
    returned later does not undo that. Raises the version of the case.
    """
    work.session.flush()
    states = _states(work, case)
    case.state = state_after(states.values())
    owed = work.session.execute(
        sa.select(SupplierPromiseRow).where(
            SupplierPromiseRow.case_id == case.id, SupplierPromiseRow.met_at.is_(None)
        )
    ).scalars()
    for promise in owed:
        if is_met(SupplierMilestone(promise.milestone), states):
            promise.met_at = work.now
    if case.state is SupplierCaseState.SUBMITTED and case.submitted_at is None:
        case.submitted_at = work.now
    case.version += 1
    work.session.flush()
    alarms.set_alarm(work.session, complaint, case, now=work.now)


def tell_answered(work: Work, complaint: ComplaintRow, case: SupplierCaseRow, code: DisciplineCode) -> None:
    """Tell those who look after the case that the supplier has submitted a discipline."""
    facts = replace(case_facts(work, complaint, case), discipline=code.value, by=work.order.actor_name)
    zone = ZoneInfo(facts.zone)
    postbox(work).tell(
        MessageKind.SUPPLIER_ANSWERED,
        standing_in(work.session, people_of(work, complaint, case), work.now.astimezone(zone).date()),
        facts,
        plant_id=complaint.plant_id,
        complaint_id=complaint.id,
    )


def case_facts(work: Work, complaint: ComplaintRow, case: SupplierCaseRow) -> Facts:
    """Return what every message about a supplier's case says."""
    supplier = work.session.get_one(SupplierRow, case.supplier_id)
    return replace(
        complaint_facts(work.session, complaint),
        path=f"/supplier-cases/{case.number}",
        task=f"{supplier.code} {supplier.name} ({case.number})",
        at=work.now,
        due_at=case.due_at,
    )


def people_of(work: Work, complaint: ComplaintRow, case: SupplierCaseRow) -> frozenset[int]:
    """Return who looks after a case: whoever made it, and the complaint's SQE."""
    assigned: Iterable[int] = work.session.execute(
        sa.select(AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == complaint.id,
            AssignmentRow.role == Role.SQE,
            AssignmentRow.until_at.is_(None),
        )
    ).scalars()
    return frozenset({case.made_by, *assigned})


def _states(work: Work, case: SupplierCaseRow) -> dict[DisciplineCode, DisciplineState]:
    rows = work.session.execute(
        sa.select(SupplierDisciplineRow).where(SupplierDisciplineRow.case_id == case.id)
    ).scalars()
    return {row.code: row.state for row in rows}
