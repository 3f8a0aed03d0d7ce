"""Move the open deadlines after a change of what they are computed from (procedure 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.notifications.recipients import standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.repositories import open_complaints, rules
from eightd.persistence.repositories.open_complaints import Dates
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.deadlines import recompute
from eightd.usecases.telling import complaint_facts

_NEVER = datetime.max.replace(tzinfo=UTC)


def recompute_open(work: Work, *which: sa.ColumnElement[bool], because: str = "") -> int:
    """Compute the open complaints' deadlines again; each whose dates moved says so in its record and to its CQE.

    ``because`` stands in the record, such as ``CN@2``. Returns how many complaints moved.
    """
    moved = 0
    for rows in open_complaints.slices(work.session, *which):
        ids = [row.id for row in rows]
        before = open_complaints.due_instants(work.session, ids)
        for row in rows:
            recompute(work.session, row, work.now)
        work.session.flush()
        after = open_complaints.due_instants(work.session, ids)
        moved += sum(
            _record_move(work, row, before.get(row.id, {}), after.get(row.id, {}), because) for row in rows
        )
    return moved


def _record_move(work: Work, row: ComplaintRow, before: Dates, after: Dates, because: str) -> bool:
    """Write down and tell the milestones whose date moved; return whether any did."""
    names = [name for name in after if before.get(name) != after[name]]
    if names:
        work.record(
            EventTag.DEADLINE_MOVED,
            complaint_id=row.id,
            old={name: _text(before.get(name)) for name in names},
            new={name: _text(after[name]) for name in names},
            reason=because,
        )
        _tell(work, row, names, before, after, because)
    return bool(names)


def _tell(work: Work, row: ComplaintRow, names: list[str], before: Dates, after: Dates, because: str) -> None:
    """Tell the CQE, or who stands in, of the moved milestone that is now due first; nobody of the own doing."""
    if row.cqe_id is None or row.cqe_id == work.actor.id:
        return
    titles = {one.name: one.title for one in rules.profile_at(work.session, row.profile).milestones}
    first = min(titles.keys() & set(names), key=lambda name: after[name] or _NEVER, default=None)
    if first is None:
        return
    title = titles[first]
    facts = replace(
        complaint_facts(work.session, row),
        milestone=first,
        milestone_zh=title.text("zh"),
        milestone_en=title.text("en"),
        old_due_at=before.get(first),
        due_at=after[first],
        by=work.order.actor_name,
        at=work.now,
        reason=because,
    )
    today = work.now.astimezone(ZoneInfo(facts.zone)).date()
    postbox(work).tell(
        MessageKind.DEADLINE_MOVED,
        standing_in(work.session, {row.cqe_id}, today),
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
        due_at=after[first],
    )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="minutes")
