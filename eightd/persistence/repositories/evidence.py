"""Evidence as it is read: in its order, marked-up pictures instead of their originals, what customers may have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.marks import hides
from eightd.persistence.tables.evidence import EvidenceRow

_UNPLACED = 1_000_000_000


def evidence_of(session: Session, complaint_id: int) -> tuple[EvidenceRow, ...]:
    """Return the files of a complaint: those with a place in their order, then the others as they came."""
    rows = session.execute(sa.select(EvidenceRow).where(EvidenceRow.complaint_id == complaint_id)).scalars()
    return in_order(rows)


def in_order(rows: Iterable[EvidenceRow]) -> tuple[EvidenceRow, ...]:
    """Return files by their place; those without one stand behind, as they came."""
    return tuple(sorted(rows, key=lambda row: (row.position or _UNPLACED, row.id)))


def shown_evidence(rows: Sequence[EvidenceRow], *, originals: bool = False) -> tuple[EvidenceRow, ...]:
    """Return what is shown of these files: of a marked-up picture its newest marking, not its original.

    With ``originals`` they are there too, for people inside; never hand those to a customer. ``rows`` must be all
    files of the complaint, or a marking and its original may be taken for strangers.
    """
    newest: dict[int, int] = {}
    for row in rows:
        if row.original_id is not None:
            newest[row.original_id] = max(row.id, newest.get(row.original_id, 0))
    return tuple(
        row
        for row in rows
        if originals
        or (row.id not in newest if row.original_id is None else row.id == newest[row.original_id])
    )


def evidence_for_customers(rows: Sequence[EvidenceRow]) -> tuple[EvidenceRow, ...]:
    """Return what a customer may have of a complaint's files: shown, not internal, and nothing that was blurred.

    Nor may the bytes of a blurred picture's original go out under another name: the same file filed twice.
    """
    blurred = {row.original_id for row in rows if hides(row.marks)}
    secret = {row.sha256 for row in rows if row.internal or row.id in blurred}
    return tuple(row for row in shown_evidence(rows) if row.sha256 not in secret)
