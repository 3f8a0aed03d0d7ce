"""Give roles and disciplines to people by the rules, and keep who held them (procedure 5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.assignment import ANALYST, AssignmentRule, Candidate, discipline_owners, propose
from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.messages import MessageKind
from eightd.domain.workflow.snapshot import Origin
from eightd.persistence.tables.catalogue import AssignmentRuleRow, PartRow
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow, DeskRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import (
    AbsenceRow,
    PlantRow,
    UserCustomerRow,
    UserPlantRow,
    UserRoleRow,
    UserRow,
)
from eightd.persistence.unit_of_work import Work
from eightd.usecases.telling import tell_people

GIVEN_OUT = frozenset({Role.CQE, *ANALYST.values(), Role.PQE})
"""The roles that make up a person's load: each one held on an open complaint counts."""


def assign_at_registration(
    work: Work, row: ComplaintRow, product_line: str, origin: Origin | None
) -> Mapping[Role, int]:
    """Give the complaint a CQE and a PQE, and every discipline its first owner; return who holds what."""
    proposed = _proposal(work, row, product_line, origin)
    held = {"complaint_id": row.id, "at": work.now, "by": work.actor.id, "reason": ""}
    if proposed:
        rows = [{**held, "role": role, "user_id": user_id} for role, user_id in proposed.items()]
        work.session.execute(sa.insert(AssignmentRow), rows)
    row.cqe_id = proposed.get(Role.CQE)
    own_disciplines(work, row, origin)
    return proposed


def assign_analysis(
    work: Work, row: ComplaintRow, origin: Origin, *, previously: Origin | None
) -> Mapping[Role, int]:
    """Give the analysis to whom the confirmed origin says; roles that somebody holds stay.

    ``previously`` is the origin that the disciplines were given out by until now.
    """
    held = holders(work.session, row.id)
    proposed = _proposal(work, row, _product_line(work.session, row), origin)
    for role, user_id in proposed.items():
        if role not in held:
            hold(work, row, role, user_id)
    own_disciplines(work, row, origin, before=discipline_owners(previously, held))
    return holders(work.session, row.id)


def hold(work: Work, row: ComplaintRow, role: Role, user_id: int, reason: str = "") -> None:
    """Let a user hold a role from now on, and tell so; whoever held it before stays in the history."""
    work.session.execute(
        sa.update(AssignmentRow)
        .where(
            AssignmentRow.complaint_id == row.id,
            AssignmentRow.role == role,
            AssignmentRow.until_at.is_(None),
        )
        .values(until_at=work.now)
    )
    work.session.add(
        AssignmentRow(
            complaint_id=row.id, role=role, user_id=user_id, at=work.now, by=work.actor.id, reason=reason
        )
    )
    if role is Role.CQE:
        row.cqe_id = user_id
    work.session.flush()
    tell_people(work, row, MessageKind.ASSIGNED, {user_id}, role=role, reason=reason)


def own_disciplines(
    work: Work,
    row: ComplaintRow,
    origin: Origin | None,
    *,
    before: Mapping[DisciplineCode, int | None] | None = None,
) -> None:
    """Give each discipline that nobody has begun the owner its role says; make missing rows.

    ``before`` is whom the roles said until now: a discipline that somebody else has was given to that person
    by name, and stays there.
    """
    owners = discipline_owners(origin, holders(work.session, row.id))
    rows = {
        discipline.code: discipline
        for discipline in work.session.execute(
            sa.select(DisciplineRow).where(DisciplineRow.complaint_id == row.id)
        ).scalars()
    }
    for code in DisciplineCode:
        if code not in rows:
            work.session.add(
                DisciplineRow(
                    complaint_id=row.id,
                    code=code,
                    state=DisciplineState.OPEN,
                    owner_id=owners.get(code),
                    version=1,
                )
            )
        elif rows[code].state is DisciplineState.OPEN and rows[code].owner_id in (
            None,
            (before or {}).get(code),
        ):
            rows[code].owner_id = owners.get(code)
    work.session.flush()


def holders(session: Session, complaint_id: int) -> dict[Role, int]:
    """Return who holds which role at present."""
    found = session.execute(
        sa.select(AssignmentRow.role, AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == complaint_id, AssignmentRow.until_at.is_(None)
        )
    ).all()
    return dict(found)


def _product_line(session: Session, row: ComplaintRow) -> str:
    from_part = sa.select(PartRow.product_line).where(PartRow.id == row.part_id)
    return session.execute(from_part).scalar_one()


def _proposal(work: Work, row: ComplaintRow, product_line: str, origin: Origin | None) -> Mapping[Role, int]:
    plant = work.session.get_one(PlantRow, row.plant_id)
    today = work.now.astimezone(ZoneInfo(plant.zone)).date()
    rules = work.session.execute(
        sa.select(AssignmentRuleRow).where(AssignmentRuleRow.plant_id == row.plant_id)
    ).scalars()
    return propose(
        tuple(
            AssignmentRule(rule.role, rule.customer_id, rule.product_line, rule.user_id, rule.rank)
            for rule in rules
        ),
        _candidates(work.session, row, today),
        customer_id=row.customer_id,
        product_line=product_line,
        origin=origin,
        on=today,
    ).assignments


def _candidates(session: Session, row: ComplaintRow, today: date) -> tuple[Candidate, ...]:
    """Return the active users of the plant who may see the customer, with load and absence."""
    users = (
        session.execute(
            sa.select(UserRow.id)
            .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
            .where(UserPlantRow.plant_id == row.plant_id, UserRow.active)
            .order_by(UserRow.id)
        )
        .scalars()
        .all()
    )
    roles: dict[int, set[Role]] = {}
    for user_id, role in session.execute(
        sa.select(UserRoleRow.user_id, UserRoleRow.role).where(UserRoleRow.user_id.in_(users))
    ):
        roles.setdefault(user_id, set()).add(role)
    limits: dict[int, set[int]] = {}
    for user_id, customer_id in session.execute(
        sa.select(UserCustomerRow.user_id, UserCustomerRow.customer_id).where(
            UserCustomerRow.user_id.in_(users)
        )
    ):
        limits.setdefault(user_id, set()).add(customer_id)
    absences = {
        absence.user_id: absence
        for absence in session.execute(
            sa.select(AbsenceRow).where(AbsenceRow.from_on <= today, AbsenceRow.until_on >= today)
        ).scalars()
    }
    load = dict(
        session.execute(
            sa.select(DeskRow.user_id, sa.func.count())
            .where(
                DeskRow.user_id.in_(users),
                DeskRow.role.in_([role.value for role in GIVEN_OUT]),
                DeskRow.plant_id == row.plant_id,
            )
            .group_by(DeskRow.user_id)
        ).all()
    )
    found = []
    for user_id in users:
        if user_id in limits and row.customer_id not in limits[user_id]:
            continue
        absence = absences.get(user_id)
        found.append(
            Candidate(
                user_id=user_id,
                roles=frozenset(roles.get(user_id, ())),
                open_load=load.get(user_id, 0),
                away_from_on=absence.from_on if absence else None,
                away_until_on=absence.until_on if absence else None,
                deputy_id=absence.deputy_id if absence else None,
            )
        )
    return tuple(found)
