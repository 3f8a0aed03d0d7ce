"""The files of a complaint: listed on its pages, read one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see
from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.files import FileMissingError, FileStore
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.queries.case import Case

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One file with what it shows; ``marker`` is ok, nok or empty."""

    id: int
    filename: str
    media_type: str
    size: int
    caption: str
    marker: str
    discipline: DisciplineCode | None
    by: str
    at: datetime

    @property
    def is_picture(self) -> bool:
        """Return whether there is a thumbnail."""
        return self.media_type in PICTURES


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The bytes of a file as they were filed."""

    filename: str
    media_type: str
    sha256: str
    content: bytes


def evidence_rows(
    session: Session, case: Case, discipline: DisciplineCode | None = None
) -> tuple[EvidenceRow, ...]:
    """Return the files of the complaint in the order they came, of one discipline where it is named."""
    statement = sa.select(EvidenceRow).where(EvidenceRow.complaint_id == case.row.id)
    if discipline is not None:
        statement = statement.where(EvidenceRow.discipline == discipline)
    return tuple(session.execute(statement.order_by(EvidenceRow.id)).scalars())


def evidence_view(row: EvidenceRow, people: Mapping[int, str]) -> EvidenceView:
    """Return a file as pages list it."""
    return EvidenceView(
        id=row.id,
        filename=row.filename,
        media_type=row.media_type,
        size=row.size,
        caption=row.caption,
        marker=row.marker,
        discipline=row.discipline,
        by=row.sender or people.get(row.by, ""),
        at=row.at,
    )


def evidence_file(
    session: Session, files: FileStore, actor: Actor, number: str, evidence_id: int
) -> EvidenceFile | None:
    """Read one file; None where there is none, it belongs to another complaint, or the actor may not see it."""
    found = session.execute(
        sa.select(EvidenceRow, ComplaintRow.plant_id, ComplaintRow.customer_id)
        .join(ComplaintRow, ComplaintRow.id == EvidenceRow.complaint_id)
        .where(EvidenceRow.id == evidence_id, ComplaintRow.number == number)
    ).one_or_none()
    if found is None or not may_see(actor, found.plant_id, found.customer_id):
        return None
    row = found.EvidenceRow
    try:
        return EvidenceFile(row.filename, row.media_type, row.sha256, files.get(row.sha256))
    except FileMissingError:
        return None
