"""What passes between the plant and its customers: replies, their templates, mail received, status links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.correspondence import (
    MailKind,
    MailState,
    ReplyKind,
    ReplyState,
    TemplateKind,
    WordingKind,
)
from eightd.domain.words import Language
from eightd.persistence.tables.base import Base, UtcInstant, Word

_User = "user_account.id"
_Complaint = "complaint.id"


class ReplyRow(Base):
    """A reply to the customer from draft to sent; what was sent lies in the file store under ``sha256``.

    Its milestone is met by the ``SendingRow`` made when the mail server has taken it.
    """

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    kind: Mapped[ReplyKind] = mapped_column(Word(ReplyKind))
    state: Mapped[ReplyState] = mapped_column(Word(ReplyState))
    language: Mapped[Language] = mapped_column(Word(Language))
    recipients: Mapped[list[str]] = mapped_column(sa.JSON)
    copies: Mapped[list[str]] = mapped_column(sa.JSON)
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))
    attached_language: Mapped[str] = mapped_column(sa.String(8), default="")  # of the PDF: zh, en, both
    accepted_findings: Mapped[list[dict[str, Any]]] = mapped_column(
        sa.JSON
    )  # of the wording guard, with reasons
    drafted_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    drafted_at: Mapped[datetime] = mapped_column(UtcInstant)
    reviewed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    message_uid: Mapped[str] = mapped_column(sa.String(200), default="", index=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    fault: Mapped[str] = mapped_column(sa.String(400), default="")
    version: Mapped[int] = mapped_column(default=1)


class ReplyTemplateRow(Base):
    """A plant's own text for a kind of reply, for one customer or for all; else the shipped one holds."""

    __tablename__ = "reply_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TemplateKind] = mapped_column(Word(TemplateKind))
    language: Mapped[Language] = mapped_column(Word(Language))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class WordingRuleRow(Base):
    """A phrase the plant does not want to write to customers, beside the shipped ones."""

    __tablename__ = "wording_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WordingKind] = mapped_column(Word(WordingKind))
    language: Mapped[Language] = mapped_column(Word(Language))
    phrase: Mapped[str] = mapped_column(sa.String(200))
    advice: Mapped[str] = mapped_column(sa.String(400), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class MailboxRow(Base):
    """A mailbox that is read by IMAP for a plant; ``secret`` is encrypted like a relay's."""

    __tablename__ = "mailbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # host, port, security, username, folder
    secret: Mapped[str] = mapped_column(sa.Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    uid_validity: Mapped[int | None] = mapped_column(sa.BigInteger)
    last_uid: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    last_read_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_error_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_error: Mapped[str] = mapped_column(sa.String(400), default="")
    version: Mapped[int] = mapped_column(default=1)


class IncomingMailRow(Base):
    """A mail that was read, once; the mail as it came lies in the evidence store under ``sha256``."""

    __tablename__ = "incoming_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(sa.ForeignKey("mailbox.id"))
    plant_id: Mapped[int] = mapped_column(sa.ForeignKey("plant.id"))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    complaint_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    state: Mapped[MailState] = mapped_column(Word(MailState))
    message_uid: Mapped[str] = mapped_column(sa.String(400))
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    from_address: Mapped[str] = mapped_column(sa.String(320))
    from_name: Mapped[str] = mapped_column(sa.String(200), default="")
    subject: Mapped[str] = mapped_column(sa.String(400), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    quoted: Mapped[str] = mapped_column(sa.Text, default="")  # earlier mails below the text
    hints: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)  # what was noticed, each in zh and en
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(
        sa.JSON
    )  # sha256, filename, media_type, size, note (zh, en), evidence_id
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # as the mail says
    received_at: Mapped[datetime] = mapped_column(UtcInstant)  # as the mailbox says
    read_at: Mapped[datetime] = mapped_column(UtcInstant)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    handled_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    handled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        sa.Index("ix_incoming_mail_inbox", "plant_id", "state", "id"),
        sa.Index("ix_incoming_mail_uid", "mailbox_id", "message_uid"),
    )


class StatusLinkRow(Base):
    """A signed link by which a customer sees what was released of one complaint, until it expires or is revoked."""

    __tablename__ = "status_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    language: Mapped[Language] = mapped_column(Word(Language))
    recipient: Mapped[str] = mapped_column(sa.String(200), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None] = mapped_column(UtcInstant)
