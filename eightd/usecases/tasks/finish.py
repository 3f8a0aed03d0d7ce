"""Report an action as done, with the day, a remark and what proves it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from eightd.domain.messages import MessageKind
from eightd.domain.tasks import TaskState
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import CheckedUpload, file_evidence, filed_document
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.tasks.opening import open_task
from eightd.usecases.tasks.telling import tell_of_tasks, verifiers
from eightd.usecases.verb import Done, verb

DONE_IN_FUTURE = Phrase("task.done_in_future", "This day lies in the future", "该日期在未来")
NO_SUCH_FILE = Phrase("task.no_such_file", "This file does not belong to the complaint", "该文件不属于此客诉")
LONGEST_NOTE = 4000


@verb("task.finish")
def finish_task(
    work: Work,
    *,
    number: str,
    task_id: int,
    version: int,
    done_on: date,
    note: str = "",
    evidence_id: int | None = None,
    upload: CheckedUpload | None = None,
) -> Done:
    """Report an open action as done on a plant-local day not in the future.

    ``version`` is the action's. What proves it is a file of the complaint, or one that comes along and is filed
    under the action's discipline; the one that comes along wins. Whoever verifies is told. Raises Invalid.
    """
    found = open_task(work, number, task_id, Action.FINISH_TASK, version)
    task, row = found.task, found.opened.row
    zone = ZoneInfo(work.session.get_one(PlantRow, row.plant_id).zone)
    if done_on > work.now.astimezone(zone).date():
        raise Invalid({"done_on": DONE_IN_FUTURE.say()})
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid({"note": TOO_LONG.say(limit=LONGEST_NOTE)})
    proof = _proof(work, row, evidence_id)
    if upload is not None:
        proof = file_evidence(work, row, upload, discipline=task.code, caption=task.what)
    task.state, task.next_alarm_at = TaskState.DONE, None
    task.done_on, task.done_note = done_on, note.strip()
    task.done_by, task.done_at = work.actor.id, work.now
    task.evidence_id = None if proof is None else proof.id
    task.version += 1
    said = {"task": task.what, "done_on": done_on.isoformat(), "note": task.done_note}
    conclude(
        work,
        found.opened,
        new={**said, "files": filed_document([proof])} if proof else said,
        subject=task.code.value,
        raise_version=False,
    )
    tell_of_tasks(work, row, MessageKind.TASK_DONE, [task], verifiers(work, row), reason=task.done_note)
    return Done(number=number, version=task.version, id=task.id)


def _proof(work: Work, row: ComplaintRow, evidence_id: int | None) -> EvidenceRow | None:
    if evidence_id is None:
        return None
    proof = work.session.get(EvidenceRow, evidence_id)
    if proof is None or proof.complaint_id != row.id:
        raise Invalid({"evidence_id": NO_SUCH_FILE.say()})
    return proof
