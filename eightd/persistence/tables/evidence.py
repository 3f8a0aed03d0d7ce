"""Evidence files by hash, issued report revisions and what was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.base import Base, UtcInstant, Word


class EvidenceRow(Base):
    """A file filed under a complaint; its bytes lie in the file store under ``sha256``."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    discipline: Mapped[DisciplineCode | None] = mapped_column(Word(DisciplineCode))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    filename: Mapped[str] = mapped_column(sa.String(255))
    media_type: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    caption: Mapped[str] = mapped_column(sa.String(400), default="")
    marker: Mapped[str] = mapped_column(sa.String(8), default="")  # ok, nok or empty
    caption_other: Mapped[str] = mapped_column(sa.String(400), default="")  # in the other language
    position: Mapped[int] = mapped_column(default=0)  # among those of its discipline; 0: in order of arrival
    pair: Mapped[str] = mapped_column(
        sa.String(40), default=""
    )  # shared by an OK and a NOK picture shown together
    internal: Mapped[bool] = mapped_column(default=False)  # stays out of everything a customer gets
    goes_along: Mapped[str] = mapped_column(sa.String(8), default="")  # with the report: embed, pages or not
    original_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))  # of a marked-up picture
    marks: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON)  # what was drawn on the original
    version: Mapped[int] = mapped_column(default=1)  # of what is said of it; the bytes never change
    sender: Mapped[str] = mapped_column(sa.String(320), default="")  # whose mail brought it, if one did
    by: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))  # of a mail: who is in charge
    at: Mapped[datetime] = mapped_column(UtcInstant)


class RevisionRow(Base):
    """A report revision, frozen at issue: ``content`` is the canonical JSON, ``content_hash`` its SHA-256.

    ``arrangement`` says how two languages stand: stacked, or in two columns. ``check_code`` is what the QR code
    in its footer carries; revisions of before there were such codes have none. One that was withdrawn stays.
    """

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"))
    number: Mapped[int]
    kind: Mapped[ReportKind] = mapped_column(Word(ReportKind))
    language: Mapped[str] = mapped_column(sa.String(8))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcInstant)
    issued_by: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    arrangement: Mapped[str] = mapped_column(sa.String(10), default="stacked")
    check_code: Mapped[str | None] = mapped_column(sa.String(40))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    withdrawn_because: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (
        sa.UniqueConstraint("complaint_id", "number"),
        sa.Index("ix_revision_check_code", "check_code", unique=True),
    )


class RenderedReportRow(Base):
    """One PDF made from a revision, kept for ever under its own hash."""

    __tablename__ = "rendered_report"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    audience: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcInstant)


class SendingRow(Base):
    """A reply recorded as sent to the customer: which milestone it met, how, to whom, with what.

    What this program sent has ``reply_id``; what was sent elsewhere has evidence or, in ``proof``, how it is known.
    A mail that came back (``bounced_at``) reached nobody: it is kept, but meets nothing.
    """

    __tablename__ = "sending"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    milestone: Mapped[str] = mapped_column(sa.String(60))
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)
    means: Mapped[str] = mapped_column(sa.String(20))  # a Channel value
    recipient: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    reply_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reply.id"))  # sent by this program
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))  # sent elsewhere
    proof: Mapped[str] = mapped_column(sa.Text, default="")
    bounced_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    by: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
