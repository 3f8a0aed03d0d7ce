"""What the code on a report confirms to whoever holds it: which revision it is, and nothing of the complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.check_code import read_code
from eightd.domain.revisions import ordinal, revision_name
from eightd.domain.words import Message
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import RenderedReportRow, RevisionRow
from eightd.persistence.tables.people import PlantRow


@dataclass(frozen=True, slots=True)
class MadeView:
    """A PDF that was made of the revision: its language and its SHA-256."""

    language: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ConfirmationView:
    """Everything that the page tells; of a revision that was withdrawn, hash and files are empty.

    ``is_superseded`` says that a newer one was issued and holds.
    """

    number: str
    revision: int
    name: Message
    issued_at: datetime
    zone: str
    content_hash: str
    made: tuple[MadeView, ...]
    withdrawn_at: datetime | None
    is_superseded: bool


def confirmation(session: Session, typed: str) -> ConfirmationView | None:
    """Return what a code confirms, None for one that was never given out; in three statements at most."""
    code = read_code(typed)
    if code is None:
        return None
    found = session.execute(
        sa.select(RevisionRow, ComplaintRow.number, PlantRow.zone)
        .join(ComplaintRow, ComplaintRow.id == RevisionRow.complaint_id)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .where(RevisionRow.check_code == code)
    ).one_or_none()
    if found is None:
        return None
    row: RevisionRow = found.RevisionRow
    siblings = session.execute(
        sa.select(RevisionRow.number, RevisionRow.kind, RevisionRow.withdrawn_at)
        .where(RevisionRow.complaint_id == row.complaint_id)
        .order_by(RevisionRow.number)
    ).all()
    holds = row.withdrawn_at is None
    return ConfirmationView(
        number=found.number,
        revision=row.number,
        name=revision_name(row.kind, ordinal([(one.number, one.kind) for one in siblings], row.number)),
        issued_at=row.issued_at,
        zone=found.zone,
        content_hash=row.content_hash if holds else "",
        made=_made(session, row.id) if holds else (),
        withdrawn_at=row.withdrawn_at,
        is_superseded=any(one.number > row.number and one.withdrawn_at is None for one in siblings),
    )


def _made(session: Session, revision_id: int) -> tuple[MadeView, ...]:
    found = session.execute(
        sa.select(RenderedReportRow.language, RenderedReportRow.sha256)
        .where(RenderedReportRow.revision_id == revision_id)
        .order_by(RenderedReportRow.language, RenderedReportRow.sha256)
    )
    return tuple(MadeView(language, sha256) for language, sha256 in found)
