"""What a complaint costs: the customer's claim with our position, cost lines, exchange rates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import Role
from eightd.domain.cost.kinds import ClaimPosition, ClaimState, CostKind, CostPhase, CostSide
from eightd.persistence.tables.base import Base, Money, Rate, UtcInstant, Word

_User = "user_account.id"
_Complaint = "complaint.id"


class ClaimRow(Base):
    """What a customer claims for a complaint and what we answer.

    Amounts in ``currency`` (ISO 4217); ``rate`` is how much of the plant's currency one of it was worth on ``rate_on``.
    ``share`` is the part we bear in percent where the position is to share. ``approver_role`` says whose approval the
    amount takes.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_number: Mapped[str] = mapped_column(sa.String(120), default="")  # the customer's debit note
    claimed_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(sa.String(3))
    rate: Mapped[Decimal] = mapped_column(Rate)
    rate_on: Mapped[date]
    for_what: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[ClaimState] = mapped_column(Word(ClaimState))
    position: Mapped[ClaimPosition | None] = mapped_column(Word(ClaimPosition))
    accepted_amount: Mapped[Decimal | None] = mapped_column(Money)
    share: Mapped[Decimal | None] = mapped_column(Rate)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    approver_role: Mapped[Role | None] = mapped_column(Word(Role))
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    approved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    returned_because: Mapped[str] = mapped_column(sa.Text, default="")
    settled_on: Mapped[date | None]
    settlement: Mapped[str] = mapped_column(sa.String(200), default="")  # credit note, payment
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.Index("ix_claim_of_plant", "plant_id", "state", "id"),)


class ApprovalLimitRow(Base):
    """Up to which amount, in the plant's currency and inclusive, a role approves a position on a claim."""

    __tablename__ = "approval_limit"

    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True)
    up_to: Mapped[Decimal | None] = mapped_column(Money)  # None: any amount
    version: Mapped[int] = mapped_column(default=1)


class CostRow(Base):
    """One cost of a complaint, planned or actual, ours or recovered from the supplier.

    Amounts are positive, in ``currency`` with the ``rate`` to the plant's currency of ``rate_on`` kept on the line;
    ``in_plant`` is the amount in the plant's currency, rounded to two places half even. Plant, customer and part
    repeat the complaint's for the sums.
    """

    __tablename__ = "cost"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"))
    kind: Mapped[CostKind] = mapped_column(Word(CostKind))
    phase: Mapped[CostPhase] = mapped_column(Word(CostPhase))
    side: Mapped[CostSide] = mapped_column(Word(CostSide))
    department: Mapped[str] = mapped_column(sa.String(120), default="")
    spent_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(sa.String(3))
    rate: Mapped[Decimal] = mapped_column(Rate)
    rate_on: Mapped[date]
    in_plant: Mapped[Decimal] = mapped_column(Money)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    claim_id: Mapped[int | None] = mapped_column(sa.ForeignKey("claim.id"))
    return_id: Mapped[int | None] = mapped_column(sa.ForeignKey("goods_return.id"))
    supplier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("supplier.id"))
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # entered by mistake: counts no more
    removed_because: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.Index("ix_cost_of_plant", "plant_id", "spent_on", "id"),)


class ExchangeRateRow(Base):
    """How much of the base currency one unit of a currency is worth from a day on."""

    __tablename__ = "exchange_rate"

    base: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[Decimal] = mapped_column(Rate)
