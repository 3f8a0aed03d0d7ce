"""Bring the tasks of a complaint in step with the submitted answers they come from (procedure 7).

A row that is new becomes a task, one that was reworded or dated anew changes its own, one that is gone cancels it.
What a person chose here, another owner or another day, holds until the answer itself says something else. What
was done or verified stays so whatever is reworded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eightd.domain.complaint import DisciplineCode, Role, Stage
from eightd.domain.discipline.answers import ActionAnswer, ValidationAnswer
from eightd.domain.tasks import (
    TASKED,
    Candidate,
    TaskKind,
    TaskState,
    Wanted,
    carried_out,
    meant_by,
    wanted_of,
)
from eightd.domain.workflow.table import WORKING
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.people import PlantRow, UserPlantRow, UserRow
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.tasks import Timetable, set_task_alarm, timetable_of
from eightd.usecases.tasks.telling import tell_given

_LONGEST_OWNER = 400
_LONGEST_KEY = 60


@dataclass(slots=True)
class Changes:
    """What became of tasks, as the record keeps it; empty where all were in step."""

    old: list[dict[str, str]] = field(default_factory=list)
    new: list[dict[str, str]] = field(default_factory=list)

    def as_old(self) -> dict[str, Any]:
        """Return what the record says was before."""
        return {"tasks": self.old} if self.old else {}

    def as_new(self) -> dict[str, Any]:
        """Return what the record says is now."""
        return {"tasks": self.new} if self.new else {}


def keep_in_step(
    work: Work,
    row: ComplaintRow,
    code: DisciplineCode,
    document: Mapping[str, Any],
    *,
    by: int | None = None,
    accepted_by: int | None = None,
) -> Changes:
    """Bring the tasks in step with an answer as it is submitted or judged; D6 tells which of D5 were carried out.

    ``document`` is the answer as it is stored, ``by`` who says it, by default whoever gave the order. What it says
    was done is verified with it: by ``accepted_by``, unless that is who did it. Other disciplines have no tasks, and
    a complaint that was cancelled or is not ours gets none. Owners are told of what they are given anew, but for
    silent orders.
    """
    if code not in TASKED and code is not DisciplineCode.D6:
        return Changes()
    answer = answer_from(code, dict(document))
    step = _Step(work, row, work.actor.id if by is None else by, accepted_by)
    if row.stage is Stage.CANCELLED or row.ours is False:
        return step.changes
    if code in TASKED:
        step.follow(code, wanted_of(answer, step.today))
    elif isinstance(answer, ValidationAnswer):
        step.carry_out(answer)
    tell_given(work, row, step.given)
    return step.changes


def bring_all_in_step(work: Work, row: ComplaintRow) -> Changes:
    """Bring every task of a complaint in step with its newest submissions, D6 last."""
    changes = Changes()
    for code in (*TASKED, DisciplineCode.D6):
        submission = newest_submission(work, row, code)
        if submission is not None:
            accepted_by = submission.verdict_by if submission.verdict == "accepted" else None
            made = keep_in_step(work, row, code, submission.answer, by=submission.by, accepted_by=accepted_by)
            changes.old += made.old
            changes.new += made.new
    return changes


def cancel_open(work: Work, row: ComplaintRow) -> Changes:
    """Cancel what is still open of a complaint that ends without it."""
    step = _Step(work, row, work.actor.id)
    for task in step.kept.values():
        if task.state.is_owed:
            step.cancel(task)
    return step.changes


def newest_submission(work: Work, row: ComplaintRow, code: DisciplineCode) -> SubmissionRow | None:
    """Return the newest submission of a discipline, None where there is none."""
    return work.session.execute(
        sa.select(SubmissionRow)
        .where(SubmissionRow.complaint_id == row.id, SubmissionRow.code == code)
        .order_by(SubmissionRow.number.desc())
        .limit(1)
    ).scalar_one_or_none()


class _Step:
    """One complaint's tasks while they are brought in step; remembers what was looked up."""

    def __init__(self, work: Work, row: ComplaintRow, by: int, accepted_by: int | None = None) -> None:
        """Read the tasks there are; ``by`` says what was done, ``accepted_by`` accepts that."""
        self.work, self.row, self.by, self.accepted_by = work, row, by, accepted_by
        work.session.flush()
        found = work.session.execute(
            sa.select(TaskRow).where(TaskRow.complaint_id == row.id).order_by(TaskRow.id)
        ).scalars()
        self.kept: dict[tuple[DisciplineCode, str], TaskRow] = {
            (task.code, task.row_key): task for task in found
        }
        plant = work.session.get_one(PlantRow, row.plant_id)
        self.zone = ZoneInfo(plant.zone)
        self.today = work.now.astimezone(self.zone).date()
        self.changes = Changes()
        self.given: list[TaskRow] = []
        self._timetable: Timetable | None = None
        self._candidates: tuple[Candidate, ...] | None = None
        self._assigned: Mapping[Role, int] = {}

    def follow(self, code: DisciplineCode, wanted: Iterable[Wanted]) -> None:
        """Follow the rows of one answer."""
        by_key = {one.row_key[:_LONGEST_KEY]: one for one in wanted}
        for (_, key), task in [item for item in self.kept.items() if item[0][0] is code]:
            if key in by_key:
                self._change(task, by_key.pop(key))
            elif task.state.is_owed:
                self.cancel(task)
        for key, one in by_key.items():
            self._make(code, key, one)

    def carry_out(self, answer: ValidationAnswer) -> None:
        """Take as done what D6 says was carried out: actions of D5, and interim ones that were ended."""
        actions = newest_submission(self.work, self.row, DisciplineCode.D5)
        chosen = answer_from(DisciplineCode.D5, actions.answer) if actions is not None else None
        done: dict[tuple[DisciplineCode, str], date] = {}
        if isinstance(chosen, ActionAnswer):
            found = carried_out(answer, chosen, self.today)
            done = {(DisciplineCode.D5, key[:_LONGEST_KEY]): on for key, on in found.items()}
        ended_on = answer.interim_ended_on
        if ended_on is not None and ended_on <= self.today:
            done |= {at: ended_on for at, task in self.kept.items() if task.kind is TaskKind.INTERIM}
        for at, on in done.items():
            task = self.kept.get(at)
            if task is not None:
                before = said(task)
                self._finish(task, on)
                if said(task) != before:
                    self._note(task, before)

    def cancel(self, task: TaskRow) -> None:
        """Cancel a task nobody wants any more."""
        before = said(task)
        task.state, task.next_alarm_at = TaskState.CANCELLED, None
        self._note(task, before)

    def _make(self, code: DisciplineCode, key: str, wanted: Wanted) -> None:
        task = TaskRow(
            complaint_id=self.row.id,
            plant_id=self.row.plant_id,
            customer_id=self.row.customer_id,
            kind=wanted.kind,
            code=code,
            row_key=key,
            what=wanted.what,
            owner_name=wanted.owner[:_LONGEST_OWNER],
            owner_id=self._meant(wanted.owner),
            due_on=wanted.due_on,
            said_due_on=wanted.due_on,
            state=TaskState.OPEN,
            version=1,
        )
        self.work.session.add(task)
        if wanted.done_on is not None:
            self._finish(task, wanted.done_on)
        self._set_alarm(task)
        self.work.session.flush()
        self.changes.new.append(said(task))
        if task.state.is_owed:
            self.given.append(task)

    def _change(self, task: TaskRow, wanted: Wanted) -> None:
        """Follow one row; only what the answer itself says anew outdoes what a person chose."""
        before, former = said(task), (task.owner_id, task.due_on, task.state)
        task.what = wanted.what
        if task.owner_name != wanted.owner[:_LONGEST_OWNER]:
            task.owner_name = wanted.owner[:_LONGEST_OWNER]
            task.owner_id = self._meant(wanted.owner)
        if task.said_due_on != wanted.due_on:
            task.said_due_on = task.due_on = wanted.due_on
        if task.state is TaskState.CANCELLED:
            task.state = TaskState.OPEN
        if wanted.done_on is not None:
            self._finish(task, wanted.done_on)
        if (task.due_on, task.state) != former[1:]:
            self._set_alarm(task)
        if said(task) == before:
            return
        self._note(task, before)
        if task.state.is_owed and (former[2] is TaskState.CANCELLED or task.owner_id != former[0]):
            self.given.append(task)

    def _note(self, task: TaskRow, before: dict[str, str]) -> None:
        task.version += 1
        self.changes.old.append(before)
        self.changes.new.append(said(task))

    def _finish(self, task: TaskRow, on: date) -> None:
        """Take an open task as done on a day, by its owner; one found not to work only by what was done since.

        Where the answer that says so is accepted, that verifies it too, but for the acceptor's own work.
        """
        if task.state.is_owed:
            if task.verified_at is not None and on <= task.verified_at.astimezone(self.zone).date():
                return
            task.state, task.next_alarm_at = TaskState.DONE, None
            task.done_on, task.done_by, task.done_at = on, task.owner_id or self.by, self.work.now
        if task.state is TaskState.DONE and self.accepted_by not in (None, task.done_by):
            task.state, task.verdict_note = TaskState.VERIFIED, ""
            task.verified_by, task.verified_at = self.accepted_by, self.work.now

    def _set_alarm(self, task: TaskRow) -> None:
        if self._timetable is None:
            self._timetable = timetable_of(self.work.session, self.row)
        set_task_alarm(task, self._timetable, now=self.work.now, silent=self.work.order.silent)

    def _meant(self, owner: str) -> int | None:
        """Return whom a typed owner means among the people who work complaints of this plant and customer."""
        if not owner:
            return None
        if self._candidates is None:
            self._candidates = self._people()
            found = self.work.session.execute(
                sa.select(AssignmentRow.role, AssignmentRow.user_id).where(
                    AssignmentRow.complaint_id == self.row.id, AssignmentRow.until_at.is_(None)
                )
            ).all()
            self._assigned = dict(found)
        return meant_by(owner, self._candidates, self._assigned)

    def _people(self) -> tuple[Candidate, ...]:
        found = self.work.session.execute(
            sa.select(UserRow)
            .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
            .where(UserPlantRow.plant_id == self.row.plant_id, UserRow.active)
            .options(selectinload(UserRow.roles), selectinload(UserRow.customers))
            .order_by(UserRow.id)
        ).scalars()
        people = []
        for user in found:
            roles = frozenset(held.role for held in user.roles)
            limits = {limit.customer_id for limit in user.customers}
            if roles & WORKING and (not limits or self.row.customer_id in limits):
                people.append(Candidate(user.id, user.name, user.login, roles))
        return tuple(people)


def said(task: TaskRow) -> dict[str, str]:
    """Return a task as the record keeps it."""
    values = {
        "what": task.what,
        "owner": task.owner_name,
        "due_on": task.due_on.isoformat() if task.due_on else "",
        "state": task.state.value,
    }
    if task.owner_id is not None:
        values["owner_id"] = str(task.owner_id)
    return values
