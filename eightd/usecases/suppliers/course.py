"""What follows from a supplier's answer wherever it came from: states, promises kept, the next alarm, who is told."""

from __future__ import annotations

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.suppliers.case import SupplierCaseState, state_after
from eightd.domain.suppliers.due import SupplierMilestone
from eightd.persistence.repositories.suppliers import states_by_code
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierPromiseRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.suppliers import alarms

_ANSWERED = frozenset({DisciplineState.SUBMITTED, DisciplineState.ACCEPTED})
_UP_TO = {
    SupplierMilestone.CONTAINMENT.value: DisciplineCode.D3,
    SupplierMilestone.ANALYSIS.value: DisciplineCode.D4,
}


def follow(work: Work, complaint: ComplaintRow, case: SupplierCaseRow) -> None:
    """Bring the case up to date after one of its disciplines was submitted, accepted or returned.

    A promise is kept at the first instant at which everything it speaks of has been submitted; an answer that is
    returned later does not undo that. Raises the version of the case.
    """
    work.session.flush()
    states = states_by_code(work.session, case.id)
    if case.is_open:
        case.state = state_after(states.values())
    owed = work.session.execute(
        sa.select(SupplierPromiseRow).where(
            SupplierPromiseRow.case_id == case.id, SupplierPromiseRow.met_at.is_(None)
        )
    ).scalars()
    for promise in owed:
        last = _UP_TO.get(promise.milestone, DisciplineCode.D8)
        if all(state in _ANSWERED for code, state in states.items() if code <= last):
            promise.met_at = work.now
    if case.state is SupplierCaseState.SUBMITTED and case.submitted_at is None:
        case.submitted_at = work.now
    case.version += 1
    work.session.flush()
    alarms.set_alarm(work.session, complaint, case, now=work.now)


def people_of(work: Work, complaint: ComplaintRow, case: SupplierCaseRow) -> frozenset[int]:
    """Return who looks after a case: whoever made it, and the complaint's SQE."""
    assigned = work.session.execute(
        sa.select(AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == complaint.id,
            AssignmentRow.role == Role.SQE,
            AssignmentRow.until_at.is_(None),
        )
    ).scalars()
    return frozenset({case.made_by, *assigned})
