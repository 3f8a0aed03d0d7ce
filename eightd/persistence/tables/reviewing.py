"""What the sceptical reviewer is told to mind, which findings were let stand, and who scored what."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.scores import Assessor
from eightd.domain.reviewer.findings import Level
from eightd.persistence.tables.base import Base, UtcInstant, Word

_User = "user_account.id"
_Complaint = "complaint.id"


class ReviewSettingRow(Base):
    """How much one rule weighs at a plant, or for one customer of it, where that differs from the rule's own level."""

    __tablename__ = "review_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    rule: Mapped[str] = mapped_column(sa.String(60))
    level: Mapped[Level] = mapped_column(Word(Level))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.Index(None, "plant_id", "customer_id"),)


class AcceptedFindingRow(Base):
    """A finding that a person let stand, with the reason; ``digest`` is of the words it was about.

    When those words change it no longer holds.
    """

    __tablename__ = "accepted_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    rule: Mapped[str] = mapped_column(sa.String(60))
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode))
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class AssessmentRow(Base):
    """One score of one discipline by one assessor; the newest of each holds, earlier ones are history."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint))
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode))
    assessor: Mapped[Assessor] = mapped_column(Word(Assessor))
    score: Mapped[int]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (sa.Index(None, "complaint_id", "code", "assessor"),)
