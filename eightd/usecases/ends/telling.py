"""Tell the CQEs of two complaints what there is between them."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from eightd.domain.complaint import Role
from eightd.domain.messages import MessageKind
from eightd.notifications.recipients import holders_of, standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.telling import complaint_facts


def tell_related(
    work: Work, row: ComplaintRow, other: ComplaintRow, outcome: str, *, reason: str = ""
) -> None:
    """Tell the CQE of either complaint, but for whoever caused it or may not see both; it leads to ``row``'s page."""
    people = {one for one in (row.cqe_id, other.cqe_id) if one is not None} - {work.actor.id}
    if row.customer_id != other.customer_id:
        people &= _may_see(work, row) & _may_see(work, other)
    if not people or work.order.silent:
        return
    facts = replace(
        complaint_facts(work.session, row),
        path=f"/complaints/{row.number}/relations",
        task=other.number,
        by=work.order.actor_name,
        at=work.now,
        outcome=outcome,
        reason=reason,
    )
    today = work.now.astimezone(ZoneInfo(facts.zone)).date()
    postbox(work).tell(
        MessageKind.RELATED,
        standing_in(work.session, people, today),
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
    )


def _may_see(work: Work, row: ComplaintRow) -> set[int]:
    where = (row.plant_id, row.customer_id)
    reviewers = (holders_of(work.session, role, *where) for role in (Role.CQE, Role.QUALITY_MANAGER))
    return set().union(*reviewers)
