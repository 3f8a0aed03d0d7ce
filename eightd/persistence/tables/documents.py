"""Documents beside the 8D report that a complaint gave rise to, and batches of documents made in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.persistence.tables.base import Base, UtcInstant

_User = "user_account.id"


class IssuedDocumentRow(Base):
    """A complaint notice, handling form, short report or letter, frozen at issue like a report's revision.

    ``kind`` is the folder under ``reports/`` it is laid out by; ``content`` the canonical JSON, ``content_hash`` its
    SHA-256; ``sha256`` and ``size`` are of the PDF kept in the store of issued files, empty until it is asked for.
    """

    __tablename__ = "issued_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(8))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    issued_at: Mapped[datetime] = mapped_column(UtcInstant)
    issued_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))

    __table_args__ = (sa.UniqueConstraint("complaint_id", "kind", "number"),)


class DocumentBatchRow(Base):
    """Documents of several complaints packed into one archive by the worker, with its progress.

    ``request`` names the complaints and documents; ``sha256`` is of the archive once it is finished, ``error`` says
    in a sentence why it is not.
    """

    __tablename__ = "document_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    request: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.String(400), default="")

    __table_args__ = (sa.Index(None, "user_id", "id"), sa.Index(None, "finished_at", "id"))
