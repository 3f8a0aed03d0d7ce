"""Keep with a supplier's case until when it is wanted, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.suppliers.due import Promise, by_hand
from eightd.domain.words import Language
from eightd.persistence.repositories.supplier_dates import Derived
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierPromiseRow

__all__ = ["because_document", "keep_promises"]


def keep_promises(
    session: Session, case: SupplierCaseRow, derived: Derived, due_on: date | None
) -> tuple[Promise, ...]:
    """Keep the dates with the case; the whole answer is wanted on ``due_on`` where a person chose a day.

    What was answered already keeps its date.
    """
    found = derived.promises if due_on is None else by_hand(due_on, derived.promises, derived.days)
    kept = {
        one.milestone: one
        for one in session.execute(
            sa.select(SupplierPromiseRow).where(SupplierPromiseRow.case_id == case.id)
        ).scalars()
    }
    for one in found:
        row = kept.get(one.milestone.value)
        if row is None:
            row = SupplierPromiseRow(case_id=case.id, milestone=one.milestone.value, due_on=one.due_on)
            row.due_at = one.due_at
            session.add(row)
        elif row.met_at is None:
            row.due_on, row.due_at = one.due_on, one.due_at
    case.due_at = found[-1].due_at
    case.due_because = {**because_document(found), "by_hand": due_on is not None}
    return found


def because_document(found: Sequence[Promise]) -> dict[str, Any]:
    """Return the steps that led to each date as they are kept with the case, in both languages."""
    return {
        one.milestone.value: [
            {language.value: step.text(language) for language in Language} for step in one.because
        ]
        for one in found
    }
