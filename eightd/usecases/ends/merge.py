"""Answer several complaints with one 8D: each keeps its clocks, header, replies and reports (procedure 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState, Stage
from eightd.domain.events import EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import DisciplineSnapshot
from eightd.persistence.codec import answer_document
from eightd.persistence.repositories import complaints
from eightd.persistence.repositories.complaints import LoadedComplaint
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.drafts import remember
from eightd.usecases.ends.telling import tell_related
from eightd.usecases.errors import Invalid
from eightd.usecases.tasks.keep_in_step import bring_all_in_step, cancel_open
from eightd.usecases.verb import Done, verb

NO_SUCH_COMPLAINT = Phrase("merge.unknown", "There is no complaint {number}", "没有客诉 {number}")
ITSELF = Phrase("merge.itself", "A complaint cannot follow itself", "客诉不能并入其自身")
OTHER_CUSTOMER = Phrase(
    "merge.other_customer",
    "{number} is another customer's or plant's: one 8D goes to one customer only",
    "{number} 属于其他客户或工厂：一份 8D 只能用于同一客户",
)
FOLLOWS = Phrase(
    "merge.follows",
    "{number} is itself answered with the 8D of {leader}; take that one",
    "{number} 本身以 {leader} 的 8D 回复，请选择该客诉",
)
HAS_NO_8D = Phrase(
    "merge.has_no_8d",
    "{number} has no 8D that could answer another complaint",
    "{number} 没有可用于回复其他客诉的 8D",
)
_LEADING = frozenset({Stage.REGISTERED, Stage.ANALYSING, Stage.REPORTED, Stage.WATCHING, Stage.CLOSED})


@verb("complaint.merge")
def merge(work: Work, *, number: str, version: int, leader: str, reason: str) -> Done:
    """Answer the complaint with the leader's 8D from now on; what was written here waits until it is unmerged.

    Its own open actions are cancelled, for the leader's are owed. Raises Invalid for a leader that is not seen, not
    of the same plant and customer, has no 8D, or follows another one itself.
    """
    wanted = leader.strip().upper()
    _hold(work, number, wanted)
    opened = open_complaint(work, number, Action.MERGE, version=version, reason=reason)
    row = opened.row
    found = complaints.load(work.session, wanted)
    if wanted == number:
        raise Invalid({"leader": ITSELF.say()})
    if found is None or not complaints.is_visible(found, work.actor):
        raise Invalid({"leader": NO_SUCH_COMPLAINT.say(number=wanted)})
    _insist_on_leader(row, found)
    row.answered_by_id, row.answered_from_at = found.row.id, work.now
    tasks = cancel_open(work, row)
    conclude(work, opened, old=tasks.as_old(), new={"answered_by": wanted, **tasks.as_new()})
    work.record(EventTag.FOLLOWER_ADDED, complaint_id=found.row.id, subject=number, reason=reason.strip())
    recompute(work.session, row, work.now)
    tell_related(work, row, found.row, "merged", reason=reason.strip())
    return Done(number=number, version=row.version)


@verb("complaint.unmerge")
def unmerge(work: Work, *, number: str, version: int, reason: str, copy: bool = True) -> Done:
    """Give the complaint an 8D of its own again: what was written here before.

    With ``copy``, disciplines that were never begun here start as drafts from the leader's newest answers.
    """
    opened = open_complaint(work, number, Action.UNMERGE, version=version, reason=reason)
    row = opened.row
    leader = work.session.get_one(ComplaintRow, row.answered_by_id)
    row.answered_by_id, row.answered_from_at = None, None
    work.session.flush()
    copied = _begin_with(work, row, opened.snapshot.disciplines) if copy else []
    conclude(work, opened, old={"answered_by": leader.number}, new={"copied": copied} if copied else None)
    work.record(EventTag.COMPLAINT_UNMERGED, complaint_id=leader.id, subject=number, reason=reason.strip())
    bring_all_in_step(work, row)
    recompute(work.session, row, work.now)
    tell_related(work, row, leader, "unmerged", reason=reason.strip())
    return Done(number=number, version=row.version)


def let_go(work: Work, row: ComplaintRow) -> dict[str, Any]:
    """Let a complaint that is cancelled follow nobody any more; return what the record says was before."""
    if row.answered_by_id is None:
        return {}
    leader = work.session.get_one(ComplaintRow, row.answered_by_id)
    row.answered_by_id, row.answered_from_at = None, None
    return {"answered_by": leader.number}


def recompute_followers(work: Work, leader: ComplaintRow) -> None:
    """Bring the clocks of those answered with this complaint's 8D up to date: an acceptance may meet some."""
    followers = (
        sa.select(ComplaintRow).where(ComplaintRow.answered_by_id == leader.id).order_by(ComplaintRow.id)
    )
    for row in work.session.execute(followers.with_for_update()).scalars().all():
        recompute(work.session, row, work.now)


def _hold(work: Work, *numbers: str) -> None:
    """Lock both rows in one order, so that two people who merge crosswise wait instead of meeting."""
    both = sa.select(ComplaintRow.id).where(ComplaintRow.number.in_(numbers)).order_by(ComplaintRow.id)
    work.session.execute(both.with_for_update()).all()


def _insist_on_leader(row: ComplaintRow, found: LoadedComplaint) -> None:
    number = found.row.number
    if (found.row.plant_id, found.row.customer_id) != (row.plant_id, row.customer_id):
        raise Invalid({"leader": OTHER_CUSTOMER.say(number=number)})
    if found.snapshot.answered_by:
        raise Invalid({"leader": FOLLOWS.say(number=number, leader=found.snapshot.answered_by)})
    if found.row.stage not in _LEADING or found.row.ours is False or found.row.imported_from:
        raise Invalid({"leader": HAS_NO_8D.say(number=number)})


def _begin_with(
    work: Work, row: ComplaintRow, answers: Mapping[DisciplineCode, DisciplineSnapshot]
) -> list[str]:
    """Copy the newest answers into the disciplines that were never begun; return their codes."""
    copied = []
    begun = sa.select(DisciplineRow).where(
        DisciplineRow.complaint_id == row.id, DisciplineRow.state == DisciplineState.OPEN
    )
    for own in work.session.execute(begun.order_by(DisciplineRow.code)).scalars().all():
        given = answers.get(own.code)
        latest = None if given is None else given.latest
        if latest is None or own.code is DisciplineCode.D8:  # the verdict is each complaint's own
            continue
        own.draft, own.draft_by, own.draft_at = answer_document(latest), work.actor.id, work.now
        own.state, own.version = DisciplineState.DRAFT, own.version + 1
        remember(work, own)
        copied.append(own.code.value)
    return copied
