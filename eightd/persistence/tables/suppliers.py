"""Suppliers, their own 8D for one of our complaints, and the links by which they work on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.words import Language
from eightd.persistence.tables.base import Base, UtcInstant, Word
from eightd.persistence.tables.deadline import NOTHING_DUE_AT

_User = "user_account.id"
_Case = "supplier_case.id"


class SupplierRow(Base):
    """A supplier of parts or material."""

    __tablename__ = "supplier"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    emails: Mapped[str] = mapped_column(sa.String(400), default="")  # parted by commas
    language: Mapped[Language] = mapped_column(Word(Language))
    lead_analysis: Mapped[int] = mapped_column(default=1)  # working days before our own analysis
    lead_whole: Mapped[int] = mapped_column(default=2)  # and before our final report
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class SupplierCaseRow(Base):
    """What one supplier is asked to answer for one complaint; ``parent_id`` set where a supplier asks its own.

    ``shared`` holds the facts and texts that were chosen for the supplier, frozen when sent; ``due_at`` is the
    instant until which the whole answer is wanted, ``due_because`` how it was derived from the customer's clock.
    Scores are 0–3 like our own. Plant repeats the complaint's.
    """

    __tablename__ = "supplier_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        sa.String(50), unique=True
    )  # CC-2026-00001-S1, -S1.1 for its supplier
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Case))
    state: Mapped[SupplierCaseState] = mapped_column(Word(SupplierCaseState))
    is_open: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[Language] = mapped_column(Word(Language))
    part: Mapped[str] = mapped_column(sa.String(200), default="")  # the supplied part or material
    phenomenon: Mapped[str] = mapped_column(sa.String(200), default="")
    message: Mapped[str] = mapped_column(sa.Text, default="")
    shared: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    asked: Mapped[list[str]] = mapped_column(sa.JSON)  # codes of the disciplines
    due_at: Mapped[datetime] = mapped_column(UtcInstant, default=NOTHING_DUE_AT)
    due_because: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # the whole answer, for the first time
    accepted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    accepted_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    taken_over: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # place in our answer to place in theirs
    score: Mapped[int | None]
    score_note: Mapped[str] = mapped_column(sa.Text, default="")
    outcome_reason: Mapped[str] = mapped_column(sa.Text, default="")
    alarm_told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    next_alarm_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)

    __table_args__ = (
        sa.Index("ix_supplier_case_supplier", "supplier_id", "id", "plant_id"),
        sa.Index("ix_supplier_case_open", "plant_id", "is_open", "due_at", "id"),
    )


class SupplierDisciplineRow(Base):
    """Where one discipline of a supplier's 8D stands; its states are those of our own."""

    __tablename__ = "supplier_discipline"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey(_Case), primary_key=True)
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode), primary_key=True)
    state: Mapped[DisciplineState] = mapped_column(Word(DisciplineState))
    draft: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    draft_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    version: Mapped[int] = mapped_column(default=1)


class SupplierSubmissionRow(Base):
    """An answer a supplier submitted; every one is kept. ``by_name`` is who the supplier says it was."""

    __tablename__ = "supplier_submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey(_Case))
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode))
    number: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    by_name: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    verdict: Mapped[str] = mapped_column(sa.String(20), default="")  # accepted, returned or empty
    verdict_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    verdict_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    verdict_reason: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.UniqueConstraint("case_id", "code", "number"),)


class SupplierLinkRow(Base):
    """A signed link to exactly one supplier's 8D, until it expires or is revoked."""

    __tablename__ = "supplier_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey(_Case), index=True)
    recipient: Mapped[str] = mapped_column(sa.String(320), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class SupplierEvidenceRow(Base):
    """A file of the complaint that a supplier may see, or that the supplier sent."""

    __tablename__ = "supplier_evidence"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey(_Case), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), primary_key=True)
    code: Mapped[DisciplineCode | None] = mapped_column(Word(DisciplineCode))
    from_supplier: Mapped[bool] = mapped_column(default=False)


class PartSupplierRow(Base):
    """Which supplier supplies which part."""

    __tablename__ = "part_supplier"

    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"), primary_key=True)


class SupplierPromiseRow(Base):
    """When a supplier was asked for and when it answered one milestone; its on-time rate is made of these."""

    __tablename__ = "supplier_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey(_Case), index=True)
    milestone: Mapped[str] = mapped_column(sa.String(40))  # containment, analysis, whole
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    met_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (sa.UniqueConstraint("case_id", "milestone"),)
