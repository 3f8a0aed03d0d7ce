"""Tells owners what they are given, and those who verify what waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.messages import MessageKind
from eightd.notifications.facts import Facts
from eightd.notifications.recipients import standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.tasks import task_facts
from eightd.usecases.telling import complaint_facts


def tell_given(work: Work, row: ComplaintRow, tasks: Sequence[TaskRow]) -> None:
    """Tell each owner what was given, several at once in one message; nobody is told the own deeds."""
    if work.order.silent:
        return
    by_owner: dict[int, list[TaskRow]] = {}
    for task in tasks:
        if task.owner_id is not None:
            by_owner.setdefault(task.owner_id, []).append(task)
    for owner_id, theirs in sorted(by_owner.items()):
        tell_of_tasks(work, row, MessageKind.TASK_ASSIGNED, theirs, {owner_id})


def tell_moved(
    work: Work, row: ComplaintRow, task: TaskRow, old_due_at: datetime | None, reason: str
) -> None:
    """Tell the owner that an action falls due on another day."""
    if task.owner_id is not None:
        tell_of_tasks(
            work,
            row,
            MessageKind.TASK_ASSIGNED,
            [task],
            {task.owner_id},
            old_due_at=old_due_at,
            outcome="moved",
            reason=reason,
        )


def verifiers(work: Work, row: ComplaintRow) -> set[int]:
    """Return who verifies the complaint's actions: the PQE assigned to it, else its CQE."""
    assigned = work.session.execute(
        sa.select(AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == row.id,
            AssignmentRow.role == Role.PQE,
            AssignmentRow.until_at.is_(None),
        )
    ).scalars()
    return set(assigned) or ({row.cqe_id} if row.cqe_id is not None else set())


def tell_of_tasks(
    work: Work,
    row: ComplaintRow,
    kind: MessageKind,
    tasks: Sequence[TaskRow],
    people: Iterable[int],
    *,
    old_due_at: datetime | None = None,
    outcome: str = "",
    reason: str = "",
) -> None:
    """Tell people of one action, or of several in one message; deputies stand in, the actor is not told."""
    others = set(people) - {work.actor.id}
    if not others or work.order.silent:
        return
    each = [task_facts(work.session, row, task) for task in tasks]
    facts = each[0] if len(each) == 1 else _bundle(work, row, kind, each)
    facts = replace(
        facts, by=work.order.actor_name, at=work.now, old_due_at=old_due_at, outcome=outcome, reason=reason
    )
    postbox(work).tell(
        kind,
        standing_in(work.session, others, work.now.astimezone(ZoneInfo(facts.zone)).date()),
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
    )


def _bundle(work: Work, row: ComplaintRow, kind: MessageKind, each: Sequence[Facts]) -> Facts:
    whole = complaint_facts(work.session, row)
    return replace(
        whole,
        path=f"/complaints/{row.number}#actions",
        items=tuple(replace(one, kind=kind.value, customer_zh="", customer_en="") for one in each),
    )
