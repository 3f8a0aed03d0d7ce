"""Deadlines as last computed, and the stops of their clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.clock.stops import StopReason
from eightd.persistence.tables.base import Base, UtcInstant, Word

NOTHING_DUE_AT = datetime(9000, 1, 1, tzinfo=UTC)
"""What lists sort by while nothing is due: after every real date."""

_OF_RATES = ("contractual_due_at", "due_at", "paused")
_WALKED = ("judged_due_at", "complaint_id", "milestone", "owed", "met_at")


class DeadlineRow(Base):
    """One milestone of a complaint: both dates, what it waits for, when it was met.

    ``ledger`` is kept from the moment the deadline is met, so that it can be explained with the
    calendar version it was met under; before that the ledger is computed on demand. The alarms of
    ``alarm_due_at`` up to ``alarm_told_at`` have been raised or need not be; the next one stands at
    ``next_alarm_at``, None while nothing can fall due. The title is the profile's own, empty for a standard milestone.

    The register's pages and rates are read from two indexes alone, so the row repeats the complaint's plant and
    customer, keeps the date that is judged (``NOTHING_DUE_AT`` while it waits or is held by a stop that counts)
    and says whether it is ``owed``: not met, and the complaint open.
    """

    __tablename__ = "deadline"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), primary_key=True)
    milestone: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    position: Mapped[int]
    started_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    contractual_due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    paused: Mapped[bool] = mapped_column(default=False)
    provisional: Mapped[bool] = mapped_column(default=False)
    met_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    calendar: Mapped[str] = mapped_column(sa.String(80))
    ledger: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON)
    wants: Mapped[str] = mapped_column(sa.String(40), default="")  # what meets it; empty: what its name says
    title_en: Mapped[str] = mapped_column(sa.String(120), default="")
    title_zh: Mapped[str] = mapped_column(sa.String(120), default="")
    alarm_due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    alarm_told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    next_alarm_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    late_reason: Mapped[str] = mapped_column(sa.Text, default="")
    late_reason_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    late_reason_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    plant_id: Mapped[int] = mapped_column(default=0)
    customer_id: Mapped[int] = mapped_column(default=0)
    judged_due_at: Mapped[datetime] = mapped_column(UtcInstant, default=NOTHING_DUE_AT)
    owed: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.Index("ix_deadline_of_plant", "plant_id", *_WALKED, "customer_id", *_OF_RATES),
        sa.Index("ix_deadline_of_customer", "customer_id", *_WALKED, "plant_id"),
    )


class ClockStopRow(Base):
    """A stop of the stoppable clocks: its beginning included, its end not (procedure 4).

    One entered by mistake stays, with the reason why it was withdrawn, and moves nothing.
    """

    __tablename__ = "clock_stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UtcInstant)
    to_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    agreed_until_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reason: Mapped[StopReason] = mapped_column(Word(StopReason))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    resumed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))
    end_alarm_at: Mapped[datetime | None] = mapped_column(
        UtcInstant, index=True
    )  # the agreed end, until told
    withdrawn_because: Mapped[str] = mapped_column(sa.Text, default="")
