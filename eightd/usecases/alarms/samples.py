"""Samples that do not come: when sales hears of it (procedure 4 and 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.tasks import due_instant
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnRow

PATIENCE = timedelta(days=3)
"""How long a sample of which no day is known may take, and how often sales hears of one that is overdue."""


def set_chase(session: Session, row: ComplaintRow, now: datetime) -> None:
    """Keep when sales is told that the sample is overdue; None while none is awaited.

    That is the close of business of the last day on which an announced sample is expected, without a day three days
    after it was wanted. What was told already is told again only after the usual time.
    """
    due_at = row.sample_due_at = overdue_at(session, row)
    if due_at is None or due_at > now or row.sample_chase_at is None:
        row.sample_chase_at = due_at


def overdue_at(session: Session, row: ComplaintRow) -> datetime | None:
    """Return the instant from which the complaint's sample is overdue, None while none is awaited."""
    if not row.is_open or row.sample_needed is False or row.sample_received_at is not None:
        return None
    announced = session.execute(
        sa.select(ReturnRow.expected_on, ReturnRow.announced_at).where(
            ReturnRow.complaint_id == row.id,
            ReturnRow.stage == ReturnStage.ANNOUNCED,
            ReturnRow.kind == ReturnKind.SAMPLE,
        )
    ).all()
    if not announced and row.sample_needed is None:
        return None
    plant = session.get_one(PlantRow, row.plant_id)
    zone = ZoneInfo(plant.zone)
    known = [due_instant(expected_on, plant.close_of_business, zone) for expected_on, _ in announced]
    days = [at for at in known if at is not None]
    if days:
        return max(days)
    since = [at for _, at in announced] or [row.sample_wanted_from_at or row.received_at]
    return max(since) + PATIENCE
