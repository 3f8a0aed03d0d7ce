"""Tell sales of samples that are overdue, again every few days, each time once (procedure 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.messages import MessageKind
from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.notifications.recipients import standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.samples import PATIENCE, overdue_at
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order
from eightd.usecases.telling import complaint_facts, sales_of

SLICE = 20
"""How many complaints one transaction looks at."""


def is_any_overdue(services: Services) -> bool:
    """Return whether there is anything to tell."""
    with services.uow.reading() as session:
        come = sa.select(ComplaintRow.id).where(ComplaintRow.sample_chase_at <= services.clock())
        return session.execute(come.limit(1)).first() is not None


def tell_of_overdue(services: Services) -> int:
    """Tell sales of every sample whose time has come, the oldest first; return of how many complaints."""
    now = services.clock()
    told = 0
    while True:
        with services.uow.writing(system_order(now)) as work:
            seen, some = _slice(work)
        told += some
        if seen < SLICE:
            return told


def _slice(work: Work) -> tuple[int, int]:
    """Look at the complaints that came first; on PostgreSQL those being written to are passed over."""
    found = work.session.execute(
        sa.select(ComplaintRow)
        .where(ComplaintRow.sample_chase_at <= work.now)
        .order_by(ComplaintRow.sample_chase_at, ComplaintRow.id)
        .limit(SLICE)
        .with_for_update(skip_locked=True)
    ).scalars()
    rows = list(found)
    return len(rows), sum(_look_at(work, row) for row in rows)


def _look_at(work: Work, row: ComplaintRow) -> int:
    """Compute again what is awaited, move the next instant, and tell where the sample is overdue by now."""
    due_at = overdue_at(work.session, row)
    is_overdue = due_at is not None and due_at <= work.now
    if not _swap(work, row, due_at, work.now + PATIENCE if is_overdue else due_at):
        return 0
    if due_at is None or not is_overdue:
        return 0
    facts = complaint_facts(work.session, row)
    facts = replace(
        facts,
        path=f"/complaints/{row.number}/returns",
        task=", ".join(_announced(work, row)),
        due_at=due_at,
        at=work.now,
    )
    today = work.now.astimezone(ZoneInfo(facts.zone)).date()
    postbox(work).tell(
        MessageKind.SAMPLE_OVERDUE,
        standing_in(work.session, sales_of(work.session, row), today),
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
    )
    return 1


def _swap(work: Work, row: ComplaintRow, due_at: datetime | None, next_at: datetime | None) -> bool:
    """Move the next instant where nobody has moved it since it was read; return whether that was so."""
    swapped = work.session.execute(
        sa.update(ComplaintRow)
        .where(ComplaintRow.id == row.id, ComplaintRow.sample_chase_at == row.sample_chase_at)
        .values(sample_due_at=due_at, sample_chase_at=next_at)
        .returning(ComplaintRow.id)
        .execution_options(synchronize_session=False)
    )
    return swapped.first() is not None


def _announced(work: Work, row: ComplaintRow) -> list[str]:
    return list(
        work.session.execute(
            sa.select(ReturnRow.number)
            .where(
                ReturnRow.complaint_id == row.id,
                ReturnRow.stage == ReturnStage.ANNOUNCED,
                ReturnRow.kind == ReturnKind.SAMPLE,
            )
            .order_by(ReturnRow.id)
        ).scalars()
    )
