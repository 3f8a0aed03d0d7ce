"""Returned goods and samples: their course, every movement of their pieces, tests of single pieces."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind, ReturnStage
from eightd.domain.words import Language
from eightd.persistence.tables.base import Base, UtcInstant, Word

_User = "user_account.id"
_Return = "goods_return.id"


class ReturnNumberRow(Base):
    """The last number of a return given out per plant and year; numbers are never reused."""

    __tablename__ = "return_number"

    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class ReturnRow(Base):
    """Pieces of one complaint's part that come back in one parcel (procedure 8).

    Several complaints in one parcel share the ``parcel`` they were announced with; one complaint in several parcels
    has several returns, ``rest_of_id`` naming the return whose missing pieces this one brings. Quantities are in
    pieces. What is where follows from the movements alone. ``expected_on`` and ``promised_on`` are plant-local days,
    ``promised_on`` the last day on which pieces are to leave again. Plant, customer and part repeat the complaint's.
    """

    __tablename__ = "goods_return"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)  # RCC-2026-00001
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"))
    kind: Mapped[ReturnKind] = mapped_column(Word(ReturnKind))
    stage: Mapped[ReturnStage] = mapped_column(Word(ReturnStage))
    is_open: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    parcel: Mapped[str] = mapped_column(
        sa.String(40), index=True
    )  # the number on the label: that of its first return
    rest_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Return), index=True)

    quantity_announced: Mapped[int]
    carrier: Mapped[str] = mapped_column(sa.String(120), default="")
    tracking: Mapped[str] = mapped_column(sa.String(120), default="", index=True)
    sender: Mapped[str] = mapped_column(sa.Text, default="")  # the address it comes from
    enclose: Mapped[str] = mapped_column(sa.Text, default="")  # what the customer is asked to put in
    lots: Mapped[list[str]] = mapped_column(sa.JSON)
    expected_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[Language] = mapped_column(Word(Language))  # of the label
    announced_at: Mapped[datetime] = mapped_column(UtcInstant)
    announced_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))

    received_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # the first receipt
    found_part: Mapped[str] = mapped_column(sa.String(200), default="")  # what the wrong pieces are
    location: Mapped[str] = mapped_column(sa.String(120), default="")
    difference_because: Mapped[str] = mapped_column(sa.Text, default="")
    test_note: Mapped[str] = mapped_column(sa.Text, default="")
    analysis: Mapped[str] = mapped_column(sa.Text, default="")
    ntf_criteria: Mapped[str] = mapped_column(sa.Text, default="")  # as agreed with the customer
    plan: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)  # disposition, quantity, how, owner, due_on
    rework_steps: Mapped[str] = mapped_column(sa.Text, default="")
    credit_number: Mapped[str] = mapped_column(sa.String(80), default="")  # of finance
    booked_on: Mapped[date | None]
    settle_note: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    outcome_reason: Mapped[str] = mapped_column(sa.Text, default="")
    stage_at: Mapped[datetime] = mapped_column(UtcInstant)  # since when it stands where it stands

    __table_args__ = (
        sa.Index("ix_goods_return_board", "plant_id", "is_open", "stage", "id", "customer_id"),
        sa.Index("ix_goods_return_newest", "plant_id", "id", "customer_id"),
    )


class ReturnMovementRow(Base):
    """So many pieces moved from one place to another; append-only, a mistake is moved back with a reason."""

    __tablename__ = "return_movement"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(sa.ForeignKey(_Return), index=True)
    stage: Mapped[ReturnStage] = mapped_column(Word(ReturnStage))  # the step it belongs to leads there
    from_place: Mapped[Place] = mapped_column(Word(Place))
    to_place: Mapped[Place] = mapped_column(Word(Place))
    quantity: Mapped[int]
    disposition: Mapped[Disposition | None] = mapped_column(Word(Disposition))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class ReturnReceiptRow(Base):
    """What arrived at one time: a parcel, or a part of one."""

    __tablename__ = "return_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(sa.ForeignKey(_Return), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    quantity: Mapped[int]
    cartons: Mapped[int | None]
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))  # the parcel's picture
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class ReturnShipmentRow(Base):
    """What was sent back at one time; ``sent_on`` is a plant-local day."""

    __tablename__ = "return_shipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(sa.ForeignKey(_Return), index=True)
    sent_on: Mapped[date]
    quantity: Mapped[int]
    carrier: Mapped[str] = mapped_column(sa.String(120), default="")
    tracking: Mapped[str] = mapped_column(sa.String(120), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class ReturnCountRow(Base):
    """How many of the drawn pieces show a phenomenon, as counted by production."""

    __tablename__ = "return_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(sa.ForeignKey(_Return), index=True)
    position: Mapped[int]
    kind: Mapped[DefectKind | None] = mapped_column(Word(DefectKind))  # None: no defect found
    phenomenon: Mapped[str] = mapped_column(sa.String(200), default="")
    verdict: Mapped[PieceVerdict] = mapped_column(Word(PieceVerdict))
    quantity: Mapped[int]
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("failure_category.id"))


class ReturnPieceRow(Base):
    """The test of one piece."""

    __tablename__ = "return_piece"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(sa.ForeignKey(_Return))
    position: Mapped[int]
    serial: Mapped[str] = mapped_column(sa.String(120), default="", index=True)
    date_code: Mapped[str] = mapped_column(sa.String(60), default="")
    kind: Mapped[DefectKind | None] = mapped_column(Word(DefectKind))
    phenomenon: Mapped[str] = mapped_column(sa.String(200), default="")
    measured: Mapped[dict[str, str]] = mapped_column(sa.JSON)  # what was measured to the value with its unit
    verdict: Mapped[PieceVerdict] = mapped_column(Word(PieceVerdict))
    ntf_criteria: Mapped[str] = mapped_column(sa.String(400), default="")
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("failure_category.id"))
    note: Mapped[str] = mapped_column(sa.String(400), default="")

    __table_args__ = (sa.UniqueConstraint("return_id", "position"),)


class FailureCategoryRow(Base):
    """A failure category on one of three levels; ``plant_id`` None serves every plant.

    ``meaning`` is set for those the program knows: in_order, in_order_ntf, caused_by_customer, undetermined.
    """

    __tablename__ = "failure_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    plant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plant.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("failure_category.id"))
    level: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    meaning: Mapped[str] = mapped_column(sa.String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.UniqueConstraint("plant_id", "code"),)
