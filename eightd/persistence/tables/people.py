"""Plants, users, what a user may see, and when a user is away."""

from __future__ import annotations

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.persistence.tables.base import Base, UtcInstant, Word


class PlantRow(Base):
    """A factory: its zone, language, close of business and working calendar."""

    __tablename__ = "plant"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    zone: Mapped[str] = mapped_column(sa.String(64))
    language: Mapped[Language] = mapped_column(Word(Language))
    close_of_business: Mapped[time]
    calendar: Mapped[str] = mapped_column(sa.String(40))
    number_prefix: Mapped[str] = mapped_column(sa.String(10), unique=True)  # numbers carry no plant
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")  # in which costs are added up
    address: Mapped[str] = mapped_column(sa.Text, default="")  # where returned goods are sent
    address_en: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class UserRow(Base):
    """A person with an account. ``session_epoch`` ends older sessions when it grows."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(sa.String(80), unique=True)  # casefolded
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    department: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    password_hash: Mapped[str] = mapped_column(sa.String(300))
    language: Mapped[Language] = mapped_column(Word(Language))
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    lead_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user_account.id")
    )  # hears of overdue milestones
    version: Mapped[int] = mapped_column(default=1)

    roles: Mapped[list[UserRoleRow]] = relationship(cascade="all, delete-orphan", lazy="raise")
    plants: Mapped[list[UserPlantRow]] = relationship(cascade="all, delete-orphan", lazy="raise")
    customers: Mapped[list[UserCustomerRow]] = relationship(cascade="all, delete-orphan", lazy="raise")


class UserRoleRow(Base):
    """One role of a user."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True)


class UserPlantRow(Base):
    """One plant a user belongs to."""

    __tablename__ = "user_plant"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"), primary_key=True)


class UserCustomerRow(Base):
    """One customer a user is limited to; a user without such rows sees every customer of the plants."""

    __tablename__ = "user_customer"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), primary_key=True)


class AbsenceRow(Base):
    """Days away, both ends included, plant-local dates, with the deputy who stands in."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]


class SignInAttemptRow(Base):
    """A failed sign-in, counted by login and by address to slow guessing down."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(sa.String(80))
    address: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (sa.Index(None, "login", "at"), sa.Index(None, "address", "at"))
