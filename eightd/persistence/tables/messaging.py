"""What people are told: messages in the inbox, their way out through relays, alarms raised, personal choices."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.clock.chain import AlarmKind
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind, Way
from eightd.domain.words import Language
from eightd.persistence.tables.base import Base, UtcInstant, Word

ALARMS_JOB = "alarms"
"""The job whose lease tells when alarms were last looked for."""

_User = "user_account.id"
_Complaint = "complaint.id"


class MessageRow(Base):
    """Something one person is told; it stands in the inbox from the transaction that caused it.

    ``facts`` is all that the texts need, frozen, so that either language can be written at any time.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    kind: Mapped[MessageKind] = mapped_column(Word(MessageKind))
    complaint_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    read_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (sa.Index(None, "user_id", "read_at"), sa.Index("ix_message_newest", "user_id", "id"))


class DeliveryRow(Base):
    """The outbox: messages on their way to one address through one relay (pretix's mail rows are the model).

    ``message_uid`` is the Message-ID of every try. ``not_before_at`` holds quiet hours, caps and leases; while it
    lies ahead further messages may join, and all leave as one. A reply to the customer has ``reply_id``, any other
    mail to somebody without an account ``outside_mail_id``.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    relay_id: Mapped[int] = mapped_column(sa.ForeignKey("relay.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    reply_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reply.id"))
    outside_mail_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outside_mail.id"))
    address: Mapped[str] = mapped_column(sa.String(400))
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState))
    message_uid: Mapped[str] = mapped_column(sa.String(200), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    not_before_at: Mapped[datetime] = mapped_column(UtcInstant)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str] = mapped_column(sa.String(40), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_error: Mapped[str] = mapped_column(sa.String(400), default="")
    is_alarm: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.Index("ix_delivery_next", "state", "not_before_at", "id"),
        sa.Index("ix_delivery_recipient", "user_id", "relay_id", "made_at"),
        sa.Index("ix_delivery_reply", "reply_id"),
        sa.Index("ix_delivery_outside_mail", "outside_mail_id"),
    )


class OutsideMailRow(Base):
    """A mail to a supplier or a customer that is no reply to a complaint: what it asks for, in its own words.

    ``subject_id`` is the row that the purpose is about. ``{link}`` in the body stands for the signed address of
    ``link_id``, which is made when the mail leaves, so that the store holds nothing to steal. ``by`` is None where
    the program wrote by itself.
    """

    __tablename__ = "outside_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), index=True)
    purpose: Mapped[OutsidePurpose] = mapped_column(Word(OutsidePurpose))
    subject_id: Mapped[int]
    link_id: Mapped[int | None]
    language: Mapped[Language] = mapped_column(Word(Language))
    recipients: Mapped[list[str]] = mapped_column(sa.JSON)
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[int | None] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (sa.Index(None, "purpose", "subject_id"),)


class DeliveryMessageRow(Base):
    """One message of a delivery; several where they leave as one."""

    __tablename__ = "delivery_message"

    delivery_id: Mapped[int] = mapped_column(sa.ForeignKey("delivery.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True, index=True)


class RelayRow(Base):
    """A way out of the program; ``plant_id`` None serves every plant that has none of its own.

    ``settings`` holds what may be shown; ``secret`` is encrypted with a key derived from the installation's.
    """

    __tablename__ = "relay"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RelayKind] = mapped_column(Word(RelayKind))
    name: Mapped[str] = mapped_column(sa.String(120))
    plant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plant.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    secret: Mapped[str] = mapped_column(sa.Text, default="")
    cap_per_hour: Mapped[int] = mapped_column(default=30)  # deliveries to one recipient, alarms apart
    active: Mapped[bool] = mapped_column(default=True)
    last_sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_error_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_error: Mapped[str] = mapped_column(sa.String(400), default="")
    version: Mapped[int] = mapped_column(default=1)


class MessageChoiceRow(Base):
    """What a person wants to be told by which way, where it differs from the default."""

    __tablename__ = "message_choice"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User), primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(Word(MessageKind), primary_key=True)
    way: Mapped[Way] = mapped_column(Word(Way), primary_key=True)
    wanted: Mapped[bool]


class UserMessagingRow(Base):
    """How a person is reached: quiet hours and digest in the person's zone, chat names, the feed's epoch.

    ``next_digest_at`` is the instant of the next morning's digest, None where none is wanted.
    """

    __tablename__ = "user_messaging"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User), primary_key=True)
    zone: Mapped[str] = mapped_column(sa.String(64))
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    digest_time: Mapped[time | None]
    next_digest_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    chat_names: Mapped[dict[str, str]] = mapped_column(sa.JSON)  # RelayKind to the name to mention
    feed_epoch: Mapped[int] = mapped_column(default=0)  # grows with each renewal; below 0: taken away
    version: Mapped[int] = mapped_column(default=1)


class AlarmRow(Base):
    """An alarm that was raised: for which due instant, at which computed instant, to whom.

    The key makes it impossible to raise the same one twice, whatever chain it stood in; ``step`` is its place
    in the chain of then.
    """

    __tablename__ = "alarm"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), primary_key=True)
    milestone: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcInstant, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant, primary_key=True)  # as computed, not when it was raised
    step: Mapped[int]
    kind: Mapped[AlarmKind] = mapped_column(Word(AlarmKind))
    raised_at: Mapped[datetime] = mapped_column(UtcInstant)
    recipients: Mapped[list[int]] = mapped_column(sa.JSON)


class LeaseRow(Base):
    """Who does a job that one at a time should do, such as reading a mailbox, and until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(80))
    until_at: Mapped[datetime] = mapped_column(UtcInstant)
