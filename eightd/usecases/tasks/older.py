"""Bring complaints of before there were tasks in step with their answers, once and in small batches.

How far it has come is kept beside the leases, so that a worker that ends goes on there. Nobody is told of what
happened long ago; of what is overdue the first sweep tells once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from eightd.domain.tasks import TASKED
from eightd.persistence.dialects import upsert
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.messaging import LeaseRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order
from eightd.usecases.tasks.keep_in_step import bring_all_in_step

STEP = "tasks of older complaints"
DONE = "done"
_SLICE = 20
_FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)


def bring_older_in_step(services: Services) -> int:
    """Bring all complaints in step that have submitted actions, unless that was done; return how many it saw."""
    seen = 0
    with services.uow.reading() as session:
        if session.execute(sa.select(LeaseRow.holder).where(LeaseRow.name == STEP)).scalar() == DONE:
            return 0
    while True:
        with services.uow.writing(replace(system_order(services.clock()), silent=True)) as work:
            count = _slice(work)
        seen += count
        if count < _SLICE:
            return seen


def _slice(work: Work) -> int:
    """Bring the next complaints in step, in the order of their ids; return how many there were."""
    holder = work.session.execute(sa.select(LeaseRow.holder).where(LeaseRow.name == STEP)).scalar()
    if holder == DONE:
        return 0
    rows = (
        work.session.execute(
            sa.select(ComplaintRow)
            .where(
                ComplaintRow.id > int(holder or 0),
                sa.select(SubmissionRow.id)
                .where(SubmissionRow.complaint_id == ComplaintRow.id, SubmissionRow.code.in_(TASKED))
                .exists(),
            )
            .order_by(ComplaintRow.id)
            .limit(_SLICE)
            .with_for_update()
        )
        .scalars()
        .all()
    )
    for row in rows:
        bring_all_in_step(work, row)
    come_to = DONE if len(rows) < _SLICE else str(rows[-1].id)
    insert = upsert(work.session, LeaseRow).values(name=STEP, holder=come_to, until_at=_FOR_EVER)
    work.session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"holder": come_to}))
    return len(rows)
