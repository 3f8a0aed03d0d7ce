"""Disciplines with their running draft, and every submission ever made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.persistence.tables.base import Base, UtcInstant, Word


class DisciplineRow(Base):
    """One discipline of a complaint; ``version`` grows with every save of it."""

    __tablename__ = "discipline"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), primary_key=True)
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode), primary_key=True)
    state: Mapped[DisciplineState] = mapped_column(Word(DisciplineState), default=DisciplineState.OPEN)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    draft: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    draft_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    draft_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (
        sa.Index("ix_discipline_states", "complaint_id", "code", "state"),
    )  # lists read no draft


class SubmissionRow(Base):
    """One submission of a discipline, never changed but for the verdict on it (procedure 6)."""

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"))
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode))
    number: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    by: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    verdict: Mapped[str | None] = mapped_column(sa.String(20))  # accepted or returned
    verdict_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    verdict_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    verdict_reason: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.UniqueConstraint("complaint_id", "code", "number"),)
