"""Actions of the disciplines as tasks with an owner, a due date and somebody who verifies them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DisciplineCode
from eightd.domain.tasks import TaskKind, TaskState
from eightd.persistence.tables.base import Base, UtcInstant, Word
from eightd.persistence.tables.deadline import NOTHING_DUE_AT

_User = "user_account.id"


class TaskRow(Base):
    """One action, kept in step with the row at the place ``row_key`` of its discipline's submitted answer.

    ``owner_name`` and ``said_due_on`` are what the answer says, ``owner_id`` the user meant, None until somebody
    chose, ``due_on`` the day that holds now. ``due_at`` is its close of business, ``NOTHING_DUE_AT`` without one.
    ``done_by`` reported it as done: the owner where an answer said so. Alarms up to ``alarm_told_at`` have been
    raised, None while nobody has heard any; the next one stands at ``next_alarm_at``, None while none can fall due.
    A verdict stays when the action is open again because it did not work. Plant and customer repeat the
    complaint's, for the lists.
    """

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"))
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    kind: Mapped[TaskKind] = mapped_column(Word(TaskKind))
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode))
    row_key: Mapped[str] = mapped_column(sa.String(60))
    what: Mapped[str] = mapped_column(sa.Text)
    owner_name: Mapped[str] = mapped_column(sa.String(400), default="")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    due_on: Mapped[date | None]
    said_due_on: Mapped[date | None]
    due_at: Mapped[datetime] = mapped_column(UtcInstant, default=NOTHING_DUE_AT)
    state: Mapped[TaskState] = mapped_column(Word(TaskState), default=TaskState.OPEN)
    done_on: Mapped[date | None]
    done_note: Mapped[str] = mapped_column(sa.Text, default="")
    done_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))
    verified_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    verified_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    verdict_note: Mapped[str] = mapped_column(sa.Text, default="")
    alarm_told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    next_alarm_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        sa.UniqueConstraint("complaint_id", "code", "row_key"),
        sa.Index("ix_task_mine", "owner_id", "state", "due_at", "id"),
        sa.Index("ix_task_of_plant", "plant_id", "state", "due_at", "id"),
    )
