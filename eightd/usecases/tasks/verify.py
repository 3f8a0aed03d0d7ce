"""Say whether an action that was reported as done works; one that does not is open again (procedure 1: PQE)."""

from __future__ import annotations

from eightd.domain.messages import MessageKind
from eightd.domain.tasks import TaskState
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude
from eightd.usecases.alarms.tasks import set_task_alarm, timetable_of
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.tasks.finish import LONGEST_NOTE
from eightd.usecases.tasks.opening import open_task
from eightd.usecases.tasks.telling import tell_of_tasks
from eightd.usecases.verb import Done, verb

FAILURE_NEEDS_NOTE = Phrase("task.failure_needs_note", "Please say what does not work", "请说明无效之处")


@verb("task.verify")
def verify_task(work: Work, *, number: str, task_id: int, version: int, works: bool, note: str = "") -> Done:
    """Record that a done action works, or that it does not: then it is open again and its owner is told.

    ``version`` is the action's. What does not work needs a note. Raises NotAllowed for whoever reported it as done.
    """
    found = open_task(work, number, task_id, Action.VERIFY_TASK, version)
    task, row, text = found.task, found.opened.row, note.strip()
    if not works and not text:
        raise Invalid({"note": FAILURE_NEEDS_NOTE.say()})
    if len(text) > LONGEST_NOTE:
        raise Invalid({"note": TOO_LONG.say(limit=LONGEST_NOTE)})
    concerned = {one for one in (task.owner_id, task.done_by) if one is not None}
    task.verified_by, task.verified_at, task.verdict_note = work.actor.id, work.now, text
    task.state = TaskState.VERIFIED if works else TaskState.OPEN
    if not works:
        set_task_alarm(task, timetable_of(work.session, row), now=work.now, silent=work.order.silent)
    task.version += 1
    conclude(
        work,
        found.opened,
        new={"task": task.what, "works": works, "note": text},
        subject=task.code.value,
        raise_version=False,
    )
    if not works:
        tell_of_tasks(work, row, MessageKind.TASK_RETURNED, [task], concerned, reason=text)
    return Done(number=number, version=task.version, id=task.id)
