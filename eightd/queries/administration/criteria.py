"""Criteria by name and version, and what a version would change (procedure 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.classification.classify import classify
from eightd.domain.classification.criteria import Criteria, criteria_in_force, from_document
from eightd.domain.complaint import DefectCounts, DefectLine, Flags, Tier
from eightd.persistence.tables.catalogue import CriteriaRow, CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.people import UserRow

LOOKED_AT = 500
"""Open complaints that a preview classifies, the newest first."""


@dataclass(frozen=True, slots=True)
class CriteriaVersionView:
    """One version; ``in_force`` marks the one that classifies what is received today."""

    criteria: Criteria
    created_at: datetime
    created_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class CriteriaNameView:
    """A name with its newest version, the one in force today, and how many active customers go by it."""

    name: str
    newest: int
    in_force: int | None
    valid_from_on: date
    customers: int


@dataclass(frozen=True, slots=True)
class TierChangeView:
    """How many open complaints of one tier would have another by the new version."""

    before: Tier
    after: Tier
    count: int


@dataclass(frozen=True, slots=True)
class CriteriaPreview:
    """What a version would change, judged on at most 500 of the ``open_complaints`` that go by the name.

    ``overridden`` were left out, since a person set their tier.
    """

    open_complaints: int
    looked_at: int
    overridden: int
    unchanged: int
    changes: tuple[TierChangeView, ...]


def names(session: Session, today: date) -> tuple[CriteriaNameView, ...]:
    """Return every name in order."""
    used = dict(
        session.execute(
            sa.select(CustomerRow.criteria, sa.func.count())
            .where(CustomerRow.active)
            .group_by(CustomerRow.criteria)
        ).all()
    )
    by_name: dict[str, list[CriteriaRow]] = {}
    for row in session.execute(
        sa.select(CriteriaRow).order_by(CriteriaRow.name, CriteriaRow.number)
    ).scalars():
        by_name.setdefault(row.name, []).append(row)
    return tuple(
        CriteriaNameView(
            name=name,
            newest=rows[-1].number,
            in_force=_in_force(rows, today),
            valid_from_on=rows[-1].valid_from_on,
            customers=used.get(name, 0),
        )
        for name, rows in by_name.items()
    )


def versions(session: Session, name: str, today: date) -> tuple[CriteriaVersionView, ...]:
    """Return the versions of a name, newest first; none for a name that does not exist."""
    rows = session.execute(
        sa.select(CriteriaRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == CriteriaRow.created_by)
        .where(CriteriaRow.name == name)
        .order_by(CriteriaRow.number.desc())
    ).all()
    in_force = _in_force([row for row, _ in rows], today)
    return tuple(
        CriteriaVersionView(from_document(row.document), row.created_at, by or "", row.number == in_force)
        for row, by in rows
    )


def preview(session: Session, criteria: Criteria) -> CriteriaPreview:
    """Classify the newest open complaints that go by the name by this version, and compare."""
    going_by = sa.and_(
        ComplaintRow.is_open,
        ComplaintRow.customer_id.in_(sa.select(CustomerRow.id).where(CustomerRow.criteria == criteria.name)),
    )
    total = session.execute(sa.select(sa.func.count()).select_from(ComplaintRow).where(going_by)).scalar_one()
    rows = (
        session.execute(
            sa.select(ComplaintRow).where(going_by).order_by(ComplaintRow.id.desc()).limit(LOOKED_AT)
        )
        .scalars()
        .all()
    )
    lines = _lines(session, [row.id for row in rows])
    changes: dict[tuple[Tier, Tier], int] = {}
    unchanged = overridden = 0
    for row in rows:
        if row.tier_overridden:
            overridden += 1
            continue
        after = classify(_counts(row, lines), criteria).tier
        if after is row.tier:
            unchanged += 1
        else:
            changes[row.tier, after] = changes.get((row.tier, after), 0) + 1
    return CriteriaPreview(
        open_complaints=total,
        looked_at=len(rows),
        overridden=overridden,
        unchanged=unchanged,
        changes=tuple(
            TierChangeView(before, after, changes[before, after])
            for before in Tier
            for after in Tier
            if (before, after) in changes
        ),
    )


def _in_force(rows: list[CriteriaRow], today: date) -> int | None:
    begun = [from_document(row.document) for row in rows if row.valid_from_on <= today]
    return criteria_in_force(begun, today).version if begun else None


def _lines(session: Session, ids: list[int]) -> Mapping[int, list[DefectLine]]:
    found: dict[int, list[DefectLine]] = {}
    statement = (
        sa.select(DefectLineRow)
        .where(DefectLineRow.complaint_id.in_(ids))
        .order_by(DefectLineRow.complaint_id, DefectLineRow.position)
    )
    for line in session.execute(statement).scalars():
        found.setdefault(line.complaint_id, []).append(
            DefectLine(line.kind, line.phenomenon, line.quantity, line.inspected)
        )
    return found


def _counts(row: ComplaintRow, lines: Mapping[int, list[DefectLine]]) -> DefectCounts:
    return DefectCounts(
        defects=tuple(lines.get(row.id, ())),
        quantity_inspected=row.quantity_inspected,
        flags=Flags(row.penalty_triggered, row.ppm_exceeded, row.safety, row.line_stop),
    )
