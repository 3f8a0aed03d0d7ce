"""Give an action another owner or another day; later than promised needs a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from eightd.domain.tasks import due_instant
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.table import WORKING
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import NOTHING_DUE_AT
from eightd.persistence.tables.people import UserCustomerRow, UserPlantRow, UserRoleRow, UserRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude
from eightd.usecases.alarms.tasks import set_task_alarm, timetable_of
from eightd.usecases.errors import Invalid
from eightd.usecases.tasks.opening import open_task
from eightd.usecases.tasks.telling import tell_given, tell_moved
from eightd.usecases.verb import Done, verb

NO_SUCH_PERSON = Phrase(
    "task.no_such_person",
    "This person does not work complaints of this plant and customer",
    "该人员不处理本工厂及该客户的客诉",
)
LATER_NEEDS_REASON = Phrase(
    "task.later_needs_reason", "Please say why the action is to be done later", "措施延期须填写原因"
)
IMPLAUSIBLE_DAY = Phrase("task.implausible_day", "This day cannot be meant", "日期不合理")


@verb("task.change")
def change_task(
    work: Work,
    *,
    number: str,
    task_id: int,
    version: int,
    owner_id: int | None,
    due_on: date | None,
    reason: str = "",
) -> Done:
    """Give an open action this owner and this plant-local day; None takes either away.

    ``version`` is the action's. A day later than before, or none where there was one, needs a reason. The owner is
    told, a new one of the action, the same one of the day. Raises Invalid for somebody who does not work complaints
    of this plant and customer, and for a day nobody can mean.
    """
    found = open_task(work, number, task_id, Action.CHANGE_TASK, version)
    task, row = found.task, found.opened.row
    timetable = timetable_of(work.session, row)
    if owner_id is not None and owner_id != task.owner_id and not _may_own(work, row, owner_id):
        raise Invalid({"owner_id": NO_SUCH_PERSON.say()})
    due_at = due_instant(due_on, timetable.close_of_business, timetable.zone)
    if due_on is not None and due_at is None:
        raise Invalid({"due_on": IMPLAUSIBLE_DAY.say()})
    later = task.due_on is not None and (due_on is None or due_on > task.due_on)
    if later and not reason.strip():
        raise Invalid({"reason": LATER_NEEDS_REASON.say()})
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    if owner_id != task.owner_id:
        old["owner_id"], new["owner_id"] = task.owner_id, owner_id
    if due_on != task.due_on:
        old["due_on"], new["due_on"] = _day(task.due_on), _day(due_on)
    former_owner, former_due_at = task.owner_id, task.due_at
    task.owner_id, task.due_on = owner_id, due_on
    if "due_on" in new:
        set_task_alarm(task, timetable, now=work.now, silent=work.order.silent)
    task.version += 1
    conclude(
        work,
        found.opened,
        old=old,
        new={"task": task.what, **new, **({"reason": reason.strip()} if reason.strip() else {})},
        subject=task.code.value,
        raise_version=False,
    )
    if owner_id != former_owner:
        tell_given(work, row, [task])
    elif "due_on" in new:
        known = None if former_due_at == NOTHING_DUE_AT else former_due_at
        tell_moved(work, row, task, known, reason.strip())
    return Done(number=number, version=task.version, id=task.id)


def _day(on: date | None) -> str:
    return "" if on is None else on.isoformat()


def _may_own(work: Work, row: ComplaintRow, user_id: int) -> bool:
    """Return whether the person works complaints of this plant and customer."""
    limits = sa.select(UserCustomerRow.customer_id).where(UserCustomerRow.user_id == user_id)
    found = work.session.execute(
        sa.select(UserRow.id)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(
            UserRow.id == user_id,
            UserRow.active,
            UserPlantRow.plant_id == row.plant_id,
            UserRoleRow.role.in_(WORKING),
            sa.or_(~limits.exists(), sa.literal(row.customer_id).in_(limits)),
        )
        .limit(1)
    ).first()
    return found is not None
