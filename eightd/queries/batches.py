"""The archives of documents a person asked for, with how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.documents import DocumentBatchRow


@dataclass(frozen=True, slots=True)
class BatchView:
    """One archive; ``error`` is ``empty`` where there was nothing to pack."""

    id: int
    numbers: tuple[str, ...]
    which: str
    language: str
    audience: str
    total: int
    done: int
    files: int
    made_at: datetime
    finished_at: datetime | None
    size: int
    sha256: str
    error: str

    @property
    def percent(self) -> int:
        """Return how far it is; packing is the last part."""
        return 100 if self.finished_at else 95 * self.done // max(self.total, 1)


def batch(session: Session, actor: Actor, batch_id: int) -> BatchView | None:
    """Return one archive of the actor's own, None for anybody else's."""
    row = session.get(DocumentBatchRow, batch_id)
    return None if row is None or row.user_id != actor.id else _view(row)


def batches(session: Session, actor: Actor, most: int = 20) -> tuple[BatchView, ...]:
    """Return the actor's archives, the newest first."""
    rows = session.execute(
        sa.select(DocumentBatchRow)
        .where(DocumentBatchRow.user_id == actor.id)
        .order_by(DocumentBatchRow.id.desc())
        .limit(most)
    ).scalars()
    return tuple(_view(row) for row in rows)


def numbers_of(session: Session, ids: Sequence[int]) -> tuple[str, ...]:
    """Return the numbers of complaints by their ids, in order."""
    found = session.execute(
        sa.select(ComplaintRow.number).where(ComplaintRow.id.in_(ids)).order_by(ComplaintRow.number)
    )
    return tuple(found.scalars())


def _view(row: DocumentBatchRow) -> BatchView:
    wish = row.request
    return BatchView(
        id=row.id,
        numbers=tuple(wish["numbers"]),
        which=wish["which"],
        language=wish["language"],
        audience=wish["audience"],
        total=row.total,
        done=row.done,
        files=int(wish.get("files", 0)),
        made_at=row.made_at,
        finished_at=row.finished_at,
        size=row.size,
        sha256=row.sha256,
        error=row.error,
    )
