"""Open one task of a complaint for a verb: seen by the actor, at the version seen, allowed by the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eightd.domain.authority import may_on_task
from eightd.domain.tasks import TaskSnapshot
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, insist, open_complaint
from eightd.usecases.errors import NotFound, Stale


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A task that the actor may act on in the way asked for, with its complaint."""

    task: TaskRow
    opened: Opened


def open_task(work: Work, number: str, task_id: int, action: Action, version: int) -> OpenedTask:
    """Lock the complaint, ask the rules about its task, check the task's version.

    Raises NotFound, NotAllowed, or Stale where somebody changed the task meanwhile.
    """
    opened = open_complaint(work, number, action)
    task = work.session.get(TaskRow, task_id, populate_existing=True)
    if task is None or task.complaint_id != opened.row.id:
        raise NotFound
    if task.version != version:
        raise Stale(task.version)
    allowed = insist(may_on_task(work.actor, action, opened.snapshot, snapshot_of(task)))
    events = tuple(
        replace(event, on_behalf_of=allowed.on_behalf_of, discipline=task.code, from_="", to="")
        for event in opened.allowed.events
    )
    return OpenedTask(task, replace(opened, allowed=replace(opened.allowed, events=events)))


def snapshot_of(task: TaskRow) -> TaskSnapshot:
    """Return the task as the rules see it."""
    return TaskSnapshot(task.code, task.state, task.owner_id, task.done_by)
