"""A supplier's 8D as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode, DisciplineState, Stage
from eightd.domain.discipline.answers import Answer
from eightd.domain.workflow.snapshot import ComplaintSnapshot, DisciplineSnapshot
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierDisciplineRow,
    SupplierSubmissionRow,
)


def disciplines_of(session: Session, case_id: int) -> Mapping[DisciplineCode, DisciplineSnapshot]:
    """Return the disciplines a supplier was asked for, with its drafts and answers, in order of their codes."""
    submissions = session.execute(
        sa.select(SupplierSubmissionRow)
        .where(SupplierSubmissionRow.case_id == case_id)
        .order_by(SupplierSubmissionRow.number)
    ).scalars()
    newest: dict[DisciplineCode, SupplierSubmissionRow] = {}
    accepted: dict[DisciplineCode, SupplierSubmissionRow] = {}
    for one in submissions:
        newest[one.code] = one
        if one.verdict == "accepted":
            accepted[one.code] = one
    rows = session.execute(
        sa.select(SupplierDisciplineRow)
        .where(SupplierDisciplineRow.case_id == case_id)
        .order_by(SupplierDisciplineRow.code)
    ).scalars()
    return {
        row.code: DisciplineSnapshot(
            code=row.code,
            state=row.state,
            draft=None if row.draft is None else answer_from(row.code, row.draft),
            submitted=_answer(newest.get(row.code)),
            accepted=_answer(accepted.get(row.code)),
        )
        for row in rows
    }


def snapshot_of(session: Session, case: SupplierCaseRow) -> ComplaintSnapshot:
    """Return the case as the rules of answers (``content.review``) see it: the supplier's disciplines alone."""
    complaint = session.get_one(ComplaintRow, case.complaint_id)
    return ComplaintSnapshot(
        id=complaint.id,
        plant_id=case.plant_id,
        customer_id=complaint.customer_id,
        stage=Stage.ANALYSING,
        tier=complaint.tier,
        version=case.version,
        received_at=case.made_at,
        disciplines=disciplines_of(session, case.id),
    )


def states_by_code(session: Session, case_id: int) -> dict[DisciplineCode, DisciplineState]:
    """Return how far each discipline asked for is."""
    found = session.execute(
        sa.select(SupplierDisciplineRow.code, SupplierDisciplineRow.state).where(
            SupplierDisciplineRow.case_id == case_id
        )
    ).all()
    return {code: state for code, state in found}  # noqa: C416 - rows are no pairs for the type checker


def _answer(row: SupplierSubmissionRow | None) -> Answer | None:
    return None if row is None else answer_from(row.code, row.answer)
