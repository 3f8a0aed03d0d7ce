"""Load a supplier's answers as the rules see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.snapshot import DisciplineSnapshot
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.suppliers import SupplierDisciplineRow, SupplierSubmissionRow

ACCEPTED, RETURNED = "accepted", "returned"
"""Verdicts on a submission; empty until there is one."""


@dataclass(frozen=True, slots=True)
class SupplierAnswers:
    """Every discipline asked of a supplier: its row, its submissions oldest first, and what the rules see of it."""

    rows: Mapping[DisciplineCode, SupplierDisciplineRow]
    submissions: Mapping[DisciplineCode, tuple[SupplierSubmissionRow, ...]]
    snapshots: Mapping[DisciplineCode, DisciplineSnapshot]


def answers_of(session: Session, case_id: int, *, lock: bool = False) -> SupplierAnswers:
    """Load the answers of a case in two statements; with ``lock`` the rows are held until the commit."""
    found = sa.select(SupplierDisciplineRow).where(SupplierDisciplineRow.case_id == case_id)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    rows = {row.code: row for row in session.execute(found.order_by(SupplierDisciplineRow.code)).scalars()}
    given = session.execute(
        sa.select(SupplierSubmissionRow)
        .where(SupplierSubmissionRow.case_id == case_id)
        .order_by(SupplierSubmissionRow.number)
    ).scalars()
    submissions: dict[DisciplineCode, tuple[SupplierSubmissionRow, ...]] = {}
    for one in given:
        submissions[one.code] = (*submissions.get(one.code, ()), one)
    return SupplierAnswers(
        rows,
        submissions,
        {code: snapshot_of(row, submissions.get(code, ())) for code, row in rows.items()},
    )


def snapshot_of(
    row: SupplierDisciplineRow, submissions: tuple[SupplierSubmissionRow, ...]
) -> DisciplineSnapshot:
    """Return a discipline as the rules see it."""
    accepted = [one for one in submissions if one.verdict == ACCEPTED]
    return DisciplineSnapshot(
        code=row.code,
        state=row.state,
        draft=None if row.draft is None else answer_from(row.code, row.draft),
        submitted=answer_from(row.code, submissions[-1].answer) if submissions else None,
        accepted=answer_from(row.code, accepted[-1].answer) if accepted else None,
    )
