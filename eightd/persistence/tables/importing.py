"""Old complaint logs and master data brought in from Excel: mappings that are kept, runs with their progress."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.persistence.tables.base import Base, UtcInstant

_User = "user_account.id"


class ImportMappingRow(Base):
    """How the columns of a sheet are read; ``fingerprint`` is of its headings, so that the next file finds it."""

    __tablename__ = "import_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    target: Mapped[str] = mapped_column(sa.String(40))  # log, customers, parts, suppliers, users, phenomena
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (sa.UniqueConstraint("plant_id", "target", "fingerprint"),)


class ImportRunRow(Base):
    """One file being brought in: uploaded, mapped, tried, carried out.

    The file lies in the evidence store under ``sha256``. ``state`` is uploaded, checking, checked, carrying_out,
    finished or failed; ``findings`` the problems by cell, the first few thousand of each kind, ``counts`` how many
    records are new, known, problematic and skipped. ``done`` of ``total`` rows are read.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    target: Mapped[str] = mapped_column(sa.String(40))
    filename: Mapped[str] = mapped_column(sa.String(255))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(20))
    mapping: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    names: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)  # new customers by their cases
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.String(400), default="")
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.Index(None, "plant_id", "id"), sa.Index(None, "state", "id"))


class ImportedRecordRow(Base):
    """A row that was brought in, by its fingerprint within the plant, so that a second run doubles nothing."""

    __tablename__ = "imported_record"

    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"), primary_key=True)
    target: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[str] = mapped_column(sa.String(64))  # a hash of all the row said
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("import_run.id"))
    record_id: Mapped[int]  # of the complaint, customer, part … it became
