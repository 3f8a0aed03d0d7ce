"""The record of everything that happened, and what keeps writes from happening twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.persistence.tables.base import Base, UtcInstant


class AuditRow(Base):
    """One entry of a chain: append-only, each holding the hash of the one before.

    ``chain`` is ``complaint:<id>`` or ``system`` for administration. ``actor_name`` is kept as it
    was at that moment.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(sa.String(40))
    sequence: Mapped[int]
    complaint_id: Mapped[int | None] = mapped_column(sa.ForeignKey("complaint.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(sa.String(120))
    tag: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(120), default="")  # e.g. D4, a login, a part number
    old: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    new: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.UniqueConstraint("chain", "sequence"),)


class AuditHeadRow(Base):
    """The newest entry of each chain with a signature, so that a cut-off tail is noticed."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
    signature: Mapped[str] = mapped_column(sa.String(64))


class IdempotencyRow(Base):
    """A request already carried out, with where it led, so that sending it again does nothing twice."""

    __tablename__ = "idempotency_key"

    user_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    verb: Mapped[str] = mapped_column(sa.String(60))
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(UtcInstant, index=True)


class LoadedRow(Base):
    """A record taken in by ``eightd load``, by its fingerprint, so that a second run doubles nothing."""

    __tablename__ = "loaded_record"

    fingerprint: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
