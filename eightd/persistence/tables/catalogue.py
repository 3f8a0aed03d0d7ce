"""What an administrator keeps: customers, parts, phenomena, rules, criteria, profiles, calendars."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DefectKind, Role, Tier
from eightd.domain.words import Language
from eightd.persistence.tables.base import Base, UtcInstant, Word


class CustomerRow(Base):
    """A customer and how it wants to be served; None means what the plant does by default."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    emails: Mapped[str] = mapped_column(sa.String(400), default="")  # where replies go, parted by commas
    language: Mapped[Language] = mapped_column(Word(Language))
    calendar: Mapped[str | None] = mapped_column(sa.String(40))
    profile: Mapped[str] = mapped_column(sa.String(60), default="standard")
    criteria: Mapped[str] = mapped_column(sa.String(60), default="standard")
    accepts_stops: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class CustomerTierProfileRow(Base):
    """The profile of a customer's complaints of one tier, where it is not the customer's usual one."""

    __tablename__ = "customer_tier_profile"

    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), primary_key=True)
    tier: Mapped[Tier] = mapped_column(Word(Tier), primary_key=True)
    profile: Mapped[str] = mapped_column(sa.String(60))


class PartRow(Base):
    """A part as we name it."""

    __tablename__ = "part"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    customer_number: Mapped[str] = mapped_column(sa.String(80), default="")
    drawing_revision: Mapped[str] = mapped_column(sa.String(40), default="")
    product_line: Mapped[str] = mapped_column(sa.String(80), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class PhenomenonRow(Base):
    """A phenomenon of the catalogue, which users extend by reporting new ones."""

    __tablename__ = "phenomenon"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DefectKind] = mapped_column(Word(DefectKind))
    text: Mapped[str] = mapped_column(sa.String(200))
    text_en: Mapped[str] = mapped_column(sa.String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.UniqueConstraint("kind", "text"),)


class AssignmentRuleRow(Base):
    """Who takes which role, for a customer or product line or for all (procedure 5); lower rank first."""

    __tablename__ = "assignment_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    product_line: Mapped[str | None] = mapped_column(sa.String(80))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    rank: Mapped[int] = mapped_column(default=1)


class CriteriaRow(Base):
    """One version of classification criteria; never edited, a change is the next version (procedure 3)."""

    __tablename__ = "criteria"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    number: Mapped[int]
    valid_from_on: Mapped[date]
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    __table_args__ = (sa.UniqueConstraint("name", "number"),)


class ProfileRow(Base):
    """One version of a deadline profile; never edited (procedure 4)."""

    __tablename__ = "profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    __table_args__ = (sa.UniqueConstraint("name", "number"),)


DayValue: TypeAlias = str | dict[str, Any]
"""What is kept of a day of a calendar: a text, or ``{"zh": …, "en": …, "official": true}``."""


class CalendarRow(Base):
    """One version of a working calendar: a country's official days plus the plant's own (procedure 4).

    ``days_off`` and ``days_on`` map ISO dates to the reason shown to users; where that is a document, ``official``
    in it says that the day was taken from an official table. ``official`` is the version of the country's table
    it was made with; the days of ``final_years`` are complete although that table lacks them.
    """

    __tablename__ = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    country: Mapped[str] = mapped_column(sa.String(8))
    days_off: Mapped[dict[str, DayValue]] = mapped_column(sa.JSON)
    days_on: Mapped[dict[str, DayValue]] = mapped_column(sa.JSON)
    official: Mapped[str] = mapped_column(sa.String(80), default="")
    final_years: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    __table_args__ = (sa.UniqueConstraint("name", "number"),)
