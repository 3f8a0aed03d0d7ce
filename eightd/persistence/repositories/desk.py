"""On whose desk an open complaint lies, kept in the order in which things are due (procedure 5)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Role
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow, DeskRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import UserRoleRow

ANY_ROLE = ""
"""The role of the row that stands for all of a person's parts in a complaint."""

_COLUMNS = ["complaint_id", "user_id", "role", "sort_due_at", "plant_id", "customer_id"]


def lay_out(session: Session, complaint_id: int) -> None:
    """Put the complaint on the desks of those who have a part in it now; a closed one on nobody's.

    Everybody who holds a role, owns a discipline or registered it. To be called after any of these, the
    due date or the stage has changed; what the session holds is flushed first.
    """
    session.flush()
    session.execute(sa.delete(DeskRow).where(DeskRow.complaint_id == complaint_id))
    session.execute(sa.insert(DeskRow).from_select(_COLUMNS, _parts(ComplaintRow.id == complaint_id)))


def lay_out_all(session: Session) -> None:
    """Lay out every desk anew, for loaders that write rows in bulk."""
    session.flush()
    session.execute(sa.delete(DeskRow))
    session.execute(sa.insert(DeskRow).from_select(_COLUMNS, _parts(sa.true())))


def _parts(which: sa.ColumnElement[bool]) -> sa.CompoundSelect[int, int, str]:
    """Return complaint, user, role and what the desk repeats of the complaint; UNION drops doubles."""
    # Not typed as Role: the empty role is none of them.
    held = sa.type_coerce(AssignmentRow.role, sa.String)
    present = AssignmentRow.until_at.is_(None)
    sells = sa.exists().where(
        UserRoleRow.user_id == ComplaintRow.registered_by, UserRoleRow.role == Role.SALES
    )
    c, repeated = ComplaintRow, (ComplaintRow.sort_due_at, ComplaintRow.plant_id, ComplaintRow.customer_id)
    anything = sa.literal(ANY_ROLE)
    of_assignment = sa.and_(AssignmentRow.complaint_id == c.id, present)
    of_discipline = sa.and_(
        DisciplineRow.complaint_id == c.id,
        DisciplineRow.owner_id.is_not(None),
        c.answered_by_id.is_(None),  # there is nothing to write in one that another's 8D answers
    )
    parts = (
        sa.select(c.id, AssignmentRow.user_id, held, *repeated).join(AssignmentRow, of_assignment),
        sa.select(c.id, AssignmentRow.user_id, anything, *repeated).join(AssignmentRow, of_assignment),
        sa.select(c.id, DisciplineRow.owner_id, anything, *repeated).join(DisciplineRow, of_discipline),
        sa.select(c.id, c.registered_by, anything, *repeated),
        sa.select(c.id, c.registered_by, sa.literal(Role.SALES.value), *repeated).where(sells),
    )
    return sa.union(*(part.where(which, c.is_open) for part in parts))
