"""A complaint with its defect lines, classifications, assignments and notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Role, Stage, Tier
from eightd.domain.workflow.snapshot import Origin, ReportForm, VerdictResult
from eightd.persistence.tables.base import Base, UtcInstant, Word

_User = "user_account.id"
_Complaint = "complaint.id"
_FILTERS = ("tier", "stage", "awaits_sample", "clock_paused")


class NumberRow(Base):
    """The last number given out per plant and year; numbers are never reused."""

    __tablename__ = "complaint_number"

    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class ComplaintRow(Base):
    """The header of a complaint and where it stands.

    ``sort_due_at`` is the earliest open due instant that is judged, or a far future one while every open
    milestone waits or is paused, so that the board pages by (``sort_due_at``, ``id``) on one index.
    ``awaits_sample`` and ``clock_paused`` say that an open milestone waits for the sample or is held by a
    stop. The board's indexes end in the columns it filters by, so that a filter few complaints pass is
    answered from the index alone.
    """

    __tablename__ = "complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"))
    version: Mapped[int] = mapped_column(default=1)

    customer_number: Mapped[str] = mapped_column(sa.String(120), default="")
    customer_plant: Mapped[str] = mapped_column(sa.String(120), default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    end_customer: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[ComplaintKind] = mapped_column(Word(ComplaintKind))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    registered_at: Mapped[datetime] = mapped_column(UtcInstant)
    registered_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    part_customer_number: Mapped[str] = mapped_column(sa.String(80), default="")
    drawing_revision: Mapped[str] = mapped_column(sa.String(40), default="")
    lots: Mapped[list[str]] = mapped_column(sa.JSON)
    date_codes: Mapped[list[str]] = mapped_column(sa.JSON)
    serials: Mapped[list[str]] = mapped_column(sa.JSON)
    order_number: Mapped[str] = mapped_column(sa.String(80), default="")
    delivery_number: Mapped[str] = mapped_column(sa.String(80), default="")
    quantity_delivered: Mapped[int | None]
    quantity_inspected: Mapped[int | None]
    quantity_complained: Mapped[int | None]
    quantity_confirmed_ng: Mapped[int | None]
    quantity_returned: Mapped[int | None]
    demands: Mapped[list[str]] = mapped_column(sa.JSON)
    report_language: Mapped[str] = mapped_column(sa.String(8), default="both")  # zh, en or both
    penalty_triggered: Mapped[bool] = mapped_column(default=False)
    ppm_exceeded: Mapped[bool] = mapped_column(default=False)
    safety: Mapped[bool] = mapped_column(default=False)
    line_stop: Mapped[bool] = mapped_column(default=False)

    stage: Mapped[Stage] = mapped_column(Word(Stage))
    is_open: Mapped[bool] = mapped_column(default=True)
    tier: Mapped[Tier] = mapped_column(Word(Tier))
    weight: Mapped[int]
    tier_overridden: Mapped[bool] = mapped_column(default=False)
    form: Mapped[ReportForm] = mapped_column(Word(ReportForm), default=ReportForm.FULL)
    origin: Mapped[Origin | None] = mapped_column(Word(Origin))
    ours: Mapped[bool | None]
    visit_needed: Mapped[bool | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    confirmation_note: Mapped[str] = mapped_column(sa.Text, default="")
    repeat_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Complaint))
    cqe_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    answered_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(_Complaint)
    )  # merged: whose 8D answers it
    answered_from_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # since when it does
    split_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Complaint))
    duplicate_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Complaint))  # cancelled as its double
    imported_from: Mapped[str] = mapped_column(
        sa.String(80), default=""
    )  # the old log's row; empty: lived here

    sample_needed: Mapped[bool | None]
    sample_wanted_from_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # since when it is awaited
    sample_wanted_until_at: Mapped[datetime | None] = mapped_column(
        UtcInstant
    )  # it came, or was not needed after all
    sample_due_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # awaited: overdue from then on
    sample_chase_at: Mapped[datetime | None] = mapped_column(
        UtcInstant
    )  # when sales hears that it is overdue
    sample_chased_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # the customer was asked last
    sample_announced_quantity: Mapped[int | None]
    sample_received_quantity: Mapped[int | None]
    sample_received_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sample_note: Mapped[str] = mapped_column(sa.Text, default="")

    profile: Mapped[str] = mapped_column(sa.String(80))  # name@number in force for this complaint
    calendar: Mapped[str] = mapped_column(sa.String(80))  # name@number last computed with
    initial_reply_sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    preliminary_sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    final_sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    verdict: Mapped[VerdictResult | None] = mapped_column(Word(VerdictResult))
    verdict_by: Mapped[str] = mapped_column(sa.String(200), default="")
    verdict_on: Mapped[date | None]
    verdict_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # when it was recorded
    rejected_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # reports before this no longer count
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_on: Mapped[date | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    outcome_reason: Mapped[str] = mapped_column(sa.Text, default="")  # cancelled or reopened because

    next_milestone: Mapped[str | None] = mapped_column(sa.String(60))
    sort_due_at: Mapped[datetime] = mapped_column(UtcInstant)
    awaits_sample: Mapped[bool] = mapped_column(default=False)
    clock_paused: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.Index("ix_complaint_board", "plant_id", "is_open", "sort_due_at", "id", *_FILTERS, "customer_id"),
        sa.Index(
            "ix_complaint_customer", "customer_id", "is_open", "sort_due_at", "id", *_FILTERS, "plant_id"
        ),
        sa.Index("ix_complaint_newest", "plant_id", "id", "is_open", *_FILTERS, "customer_id"),
        sa.Index("ix_complaint_customer_newest", "customer_id", "id", "is_open", *_FILTERS, "plant_id"),
        sa.Index("ix_complaint_awaiting", "plant_id", "awaits_sample", "customer_id"),
        sa.Index("ix_complaint_cqe", "cqe_id", "is_open", "sort_due_at", "id"),
        sa.Index("ix_complaint_received", "plant_id", "received_at"),
        sa.Index("ix_complaint_customer_number", "customer_number"),
        sa.Index("ix_complaint_repeat", "repeat_of_id"),
        sa.Index("ix_complaint_answered_by", "answered_by_id"),
        sa.Index("ix_complaint_part", "part_id"),
        sa.Index("ix_complaint_sample_chase", "sample_chase_at"),
        sa.Index("ix_complaint_sample_due", "plant_id", "sample_due_at", "customer_id"),
    )


class DefectLineRow(Base):
    """One counted phenomenon of a complaint."""

    __tablename__ = "defect_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    position: Mapped[int]
    kind: Mapped[DefectKind] = mapped_column(Word(DefectKind))
    phenomenon: Mapped[str] = mapped_column(sa.String(200))
    phenomenon_en: Mapped[str] = mapped_column(sa.String(200), default="")
    quantity: Mapped[int]
    inspected: Mapped[int | None]

    __table_args__ = (sa.Index(None, "phenomenon", "complaint_id"),)  # similar earlier cases


class ClassificationRow(Base):
    """One classification; the newest row holds, earlier ones are history (procedure 3)."""

    __tablename__ = "classification"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    tier: Mapped[Tier] = mapped_column(Word(Tier))
    weight: Mapped[int]
    criteria: Mapped[str] = mapped_column(sa.String(80))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)  # rule, matched, text_zh, text_en, numbers
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    is_override: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class AssignmentRow(Base):
    """Who holds a role on a complaint, from when; ``until_at`` None marks the present holder."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint))
    role: Mapped[Role] = mapped_column(Word(Role))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    until_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (
        sa.Index(None, "complaint_id", "until_at"),
        sa.Index(None, "user_id", "until_at", "complaint_id"),
    )


class DeskRow(Base):
    """An open complaint on somebody's desk; ``role`` is empty in the one row that stands for all of them.

    Derived from assignments, owners of disciplines and who registered it, see ``repositories.desk``.
    """

    __tablename__ = "desk"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    sort_due_at: Mapped[datetime] = mapped_column(UtcInstant)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))

    __table_args__ = (
        sa.Index("ix_desk_due", "user_id", "role", "sort_due_at", "complaint_id", "plant_id", "customer_id"),
    )


class NoteRow(Base):
    """Something written down on a complaint: a comment, the not-ours explanation, a negotiation.

    ``evidence`` holds the ids of the complaint's files that prove an explanation; ``unproven_because`` why there is
    none.
    """

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # comment, explanation, negotiation
    text: Mapped[str] = mapped_column(sa.Text)
    evidence: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    unproven_because: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
