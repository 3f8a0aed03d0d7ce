"""What follows an answer: the customer's satisfaction, the watch after closure, matches, what was wrong before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.afterwards import ReopeningWhy
from eightd.domain.satisfaction import SurveyState
from eightd.domain.words import Language
from eightd.persistence.tables.base import Base, UtcInstant, Word

_User = "user_account.id"
_Complaint = "complaint.id"


class SurveyRow(Base):
    """The customer asked once how satisfied it is with one complaint's handling, by a signed link to one page.

    ``answers`` maps each question to 1–5. The reminder is sent once, at ``remind_at``.
    """

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    state: Mapped[SurveyState] = mapped_column(Word(SurveyState))
    language: Mapped[Language] = mapped_column(Word(Language))
    recipients: Mapped[list[str]] = mapped_column(sa.JSON)
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    remind_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    answers: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str] = mapped_column(sa.String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))  # told by phone and entered by us
    is_dissatisfied: Mapped[bool] = mapped_column(default=False)
    follow_up_due_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # sales calls within a working day
    follow_up_done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    follow_up_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    follow_up_note: Mapped[str] = mapped_column(sa.Text, default="")
    reopen_declined_because: Mapped[str] = mapped_column(
        sa.Text, default=""
    )  # the proposal to reopen was turned down
    next_alarm_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.Index("ix_survey_of_plant", "plant_id", "answered_at", "id"),)


class AfterWatchRow(Base):
    """A closed case whose part and phenomena are watched for, until a day or for so many lots."""

    __tablename__ = "after_watch"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), primary_key=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    lots: Mapped[int | None]
    lots_seen: Mapped[list[str]] = mapped_column(sa.JSON)
    ended_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.Index("ix_after_watch_part", "part_id", "ended_on"),)


class MatchRow(Base):
    """A new complaint that looks like one under watch, or like an earlier one, and what the CQE says to it."""

    __tablename__ = "complaint_match"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint))
    earlier_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    found_at: Mapped[datetime] = mapped_column(UtcInstant)
    under_watch: Mapped[bool] = mapped_column(default=False)
    same_cause: Mapped[bool | None]  # None: not judged yet
    because: Mapped[str] = mapped_column(sa.Text, default="")
    judged_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    judged_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (sa.UniqueConstraint("complaint_id", "earlier_id"),)


class ReopeningRow(Base):
    """Why a case was opened again and what was wrong before: which disciplines, what about them.

    ``recurred_as_id`` is the later complaint as which it came back, where that is known.
    """

    __tablename__ = "reopening"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    why: Mapped[ReopeningWhy] = mapped_column(Word(ReopeningWhy))
    reason: Mapped[str] = mapped_column(sa.Text)
    was_wrong: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)  # code, text
    recurred_as_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Complaint))
