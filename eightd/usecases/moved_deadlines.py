"""Tell whom it concerns that the deadlines of a complaint have moved (procedure 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from eightd.domain.messages import MessageKind
from eightd.notifications.recipients import standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.repositories import rules
from eightd.persistence.repositories.open_complaints import Dates
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.telling import complaint_facts

_NEVER = datetime.max.replace(tzinfo=UTC)


def tell_moved(work: Work, row: ComplaintRow, before: Dates, after: Dates, because: str) -> None:
    """Tell the CQE, or who stands in, of the moved milestone that is now due first; nobody of the own doing."""
    if row.cqe_id is None or row.cqe_id == work.actor.id:
        return
    moved = {name for name in after if before.get(name) != after[name]}
    titles = {one.name: one.title for one in rules.profile_at(work.session, row.profile).milestones}
    first = min(titles.keys() & moved, key=lambda name: after[name] or _NEVER, default=None)
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
