"""Add what alarms, messages and correspondence with customers need; open deadlines are looked at by the first sweep."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_NOTHING_DUE_AT = datetime(9000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Create the new tables and columns; every open deadline's next alarm is to be found at once."""
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "wording_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("advice", sa.String(length=400), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wording_rule"),
    )
    op.create_table(
        "customer_tier_profile",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("profile", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_customer_tier_profile_customer_id"
        ),
        sa.PrimaryKeyConstraint("customer_id", "tier", name="pk_customer_tier_profile"),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_mailbox_plant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
    )
    op.create_table(
        "message_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_message_choice_user_id"),
        sa.PrimaryKeyConstraint("user_id", "kind", "way", name="pk_message_choice"),
    )
    op.create_table(
        "relay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("cap_per_hour", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_relay_plant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_relay"),
    )
    op.create_table(
        "reply_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_reply_template_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reply_template"),
    )
    op.create_table(
        "user_messaging",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("digest_time", sa.Time(), nullable=True),
        sa.Column("next_digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chat_names", sa.JSON(), nullable=False),
        sa.Column("feed_epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_user_messaging_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_user_messaging"),
    )
    op.create_index("ix_user_messaging_next_digest_at", "user_messaging", ["next_digest_at"], unique=False)
    op.create_table(
        "alarm",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_alarm_complaint_id"),
        sa.PrimaryKeyConstraint("complaint_id", "milestone", "due_at", "at", name="pk_alarm"),
    )
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("message_uid", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("from_address", sa.String(length=320), nullable=False),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("handled_by", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_incoming_mail_complaint_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_incoming_mail_customer_id"),
        sa.ForeignKeyConstraint(["handled_by"], ["user_account.id"], name="fk_incoming_mail_handled_by"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_incoming_mail_mailbox_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_incoming_mail_plant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_mail"),
        sa.UniqueConstraint("sha256", name="uq_incoming_mail_sha256"),
    )
    op.create_index("ix_incoming_mail_complaint_id", "incoming_mail", ["complaint_id"])
    op.create_index("ix_incoming_mail_inbox", "incoming_mail", ["plant_id", "state", "id"])
    op.create_index("ix_incoming_mail_uid", "incoming_mail", ["mailbox_id", "message_uid"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_message_complaint_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_message_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_complaint_id", "message", ["complaint_id"])
    op.create_index("ix_message_newest", "message", ["user_id", "id"])
    op.create_index("ix_message_user_id_read_at", "message", ["user_id", "read_at"])
    op.create_table(
        "status_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_status_link_complaint_id"),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name="fk_status_link_made_by"),
        sa.ForeignKeyConstraint(["revoked_by"], ["user_account.id"], name="fk_status_link_revoked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_status_link"),
    )
    op.create_index("ix_status_link_complaint_id", "status_link", ["complaint_id"])
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("copies", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("attached_language", sa.String(length=8), nullable=False),
        sa.Column("accepted_findings", sa.JSON(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_uid", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_reply_complaint_id"),
        sa.ForeignKeyConstraint(["drafted_by"], ["user_account.id"], name="fk_reply_drafted_by"),
        sa.ForeignKeyConstraint(["reviewed_by"], ["user_account.id"], name="fk_reply_reviewed_by"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_reply_revision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reply"),
    )
    op.create_index("ix_reply_complaint_id", "reply", ["complaint_id"])
    op.create_index("ix_reply_message_uid", "reply", ["message_uid"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relay_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("message_uid", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=400), nullable=False),
        sa.Column("is_alarm", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["relay_id"], ["relay.id"], name="fk_delivery_relay_id"),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name="fk_delivery_reply_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_delivery_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("message_uid", name="uq_delivery_message_uid"),
    )
    op.create_index("ix_delivery_next", "delivery", ["state", "not_before_at", "id"])
    op.create_index("ix_delivery_recipient", "delivery", ["user_id", "relay_id", "made_at"])
    op.create_index("ix_delivery_reply", "delivery", ["reply_id"])
    op.create_table(
        "delivery_message",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_delivery_message_delivery_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_message_message_id"),
        sa.PrimaryKeyConstraint("delivery_id", "message_id", name="pk_delivery_message"),
    )
    op.create_index("ix_delivery_message_message_id", "delivery_message", ["message_id"])
    op.add_column("calendar", sa.Column("official", sa.String(length=80), nullable=False, server_default=""))
    op.add_column(
        "calendar", sa.Column("final_years", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    _add_reference("clock_stop", "evidence_id", "evidence")
    op.add_column("clock_stop", sa.Column("end_alarm_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_clock_stop_end_alarm_at", "clock_stop", ["end_alarm_at"])
    op.add_column("complaint", sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("customer", sa.Column("emails", sa.String(length=400), nullable=False, server_default=""))
    op.add_column("deadline", sa.Column("wants", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("deadline", sa.Column("title_en", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("deadline", sa.Column("title_zh", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("deadline", sa.Column("alarm_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadline", sa.Column("alarm_told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadline", sa.Column("next_alarm_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadline", sa.Column("late_reason", sa.Text(), nullable=False, server_default=""))
    _add_reference("deadline", "late_reason_by", "user_account")
    op.add_column("deadline", sa.Column("late_reason_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_deadline_next_alarm_at", "deadline", ["next_alarm_at"])
    op.add_column("clock_stop", sa.Column("withdrawn_because", sa.Text(), nullable=False, server_default=""))
    _keep_the_register()
    op.add_column("evidence", sa.Column("sender", sa.String(length=320), nullable=False, server_default=""))
    _add_reference("sending", "reply_id", "reply")
    _add_reference("sending", "evidence_id", "evidence")
    op.add_column("sending", sa.Column("proof", sa.Text(), nullable=False, server_default=""))
    op.add_column("sending", sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    _add_reference("user_account", "lead_id", "user_account")
    _look_at_open_deadlines()
    _remember_verdicts()


def _add_reference(table: str, column: str, to: str) -> None:
    """Add a column that refers to another table, as both stores can without copying the table."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)"
    )


def _keep_the_register() -> None:
    """Let each deadline repeat what the register of deadlines is read by: whose it is, what is judged, if owed."""
    never = _stored(_NOTHING_DUE_AT)
    op.add_column("deadline", sa.Column("plant_id", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("deadline", sa.Column("customer_id", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "deadline",
        sa.Column(
            "judged_due_at", sa.DateTime(timezone=True), nullable=False, server_default=f"{never:%Y-%m-%d}"
        ),
    )
    op.add_column("deadline", sa.Column("owed", sa.Boolean(), nullable=False, server_default=sa.false()))
    names = ("complaint_id", "plant_id", "customer_id", "judged_due_at", "owed", "met_at", "paused")
    deadline = sa.table(
        "deadline", *map(sa.column, names), sa.column("due_at"), sa.column("contractual_due_at")
    )
    complaint = sa.table("complaint", *map(sa.column, ("id", "plant_id", "customer_id", "is_open")))
    customer = sa.table("customer", *map(sa.column, ("id", "accepts_stops")))

    def of_complaint(*columns: sa.ColumnElement[Any]) -> Any:
        its = complaint.join(customer, customer.c.id == complaint.c.customer_id)
        wanted = sa.select(*columns).select_from(its).where(complaint.c.id == deadline.c.complaint_id)
        return wanted.scalar_subquery()

    held = sa.and_(deadline.c.paused.is_(sa.true()), deadline.c.met_at.is_(None))
    agreed = sa.case((held, sa.null()), else_=deadline.c.due_at)
    judged = sa.case(
        (of_complaint(customer.c.accepts_stops).is_(sa.true()), agreed), else_=deadline.c.contractual_due_at
    )
    op.execute(
        deadline.update().values(
            plant_id=of_complaint(complaint.c.plant_id),
            customer_id=of_complaint(complaint.c.customer_id),
            judged_due_at=sa.func.coalesce(judged, sa.literal(never, sa.DateTime(timezone=True))),
            owed=sa.and_(deadline.c.met_at.is_(None), of_complaint(complaint.c.is_open).is_(sa.true())),
        )
    )
    walked = ["judged_due_at", "complaint_id", "milestone", "owed", "met_at"]
    of_plant = ["plant_id", *walked, "customer_id", "contractual_due_at", "due_at", "paused"]
    op.create_index("ix_deadline_of_plant", "deadline", of_plant)
    op.create_index("ix_deadline_of_customer", "deadline", ["customer_id", *walked, "plant_id"])


def _stored(at: datetime) -> datetime:
    """Return the instant as the store keeps it."""
    return at if op.get_bind().dialect.name == "postgresql" else at.replace(tzinfo=None)


def _look_at_open_deadlines() -> None:
    deadline = sa.table(
        "deadline",
        sa.column("complaint_id"),
        sa.column("met_at"),
        sa.column("next_alarm_at", sa.DateTime(timezone=True)),
    )
    complaint = sa.table("complaint", sa.column("id"), sa.column("is_open", sa.Boolean))
    still_open = sa.select(complaint.c.id).where(complaint.c.is_open)
    op.execute(
        deadline.update()
        .where(deadline.c.met_at.is_(None), deadline.c.complaint_id.in_(still_open))
        .values(next_alarm_at=_stored(_LONG_AGO))
    )


def _remember_verdicts() -> None:
    """Fill in when the present verdict was recorded, as the record says."""
    op.execute(
        "UPDATE complaint SET verdict_at = (SELECT max(audit_entry.at) FROM audit_entry WHERE audit_entry.chain = "
        "'complaint:' || complaint.id AND audit_entry.tag IN ('verdict.accepted', 'verdict.rejected')) "
        "WHERE verdict IS NOT NULL"
    )


def downgrade() -> None:
    """Refuse: what was told and sent since would be lost; the backup taken before the upgrade is the way back."""
    raise NotImplementedError("restore the backup that was taken before the upgrade")
