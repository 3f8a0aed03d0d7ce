"""Add what the workbench needs: saved drafts, presence, phrases, tasks, the reviewer, documents, marks on pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the new tables and columns; revisions and evidence of before keep looking as they did."""
    op.create_table(
        "document_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_document_batch_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_batch"),
    )
    op.create_index("ix_document_batch_finished_at_id", "document_batch", ["finished_at", "id"])
    op.create_index("ix_document_batch_user_id_id", "document_batch", ["user_id", "id"])
    op.create_table(
        "review_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_review_setting_customer_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_review_setting_plant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_setting"),
    )
    op.create_index("ix_review_setting_plant_id_customer_id", "review_setting", ["plant_id", "customer_id"])
    op.create_table(
        "saved_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_saved_phrase_plant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_phrase"),
    )
    op.create_index("ix_saved_phrase_code_plant_id", "saved_phrase", ["code", "plant_id"])
    op.create_table(
        "accepted_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_accepted_finding_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_accepted_finding_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_accepted_finding"),
    )
    op.create_index("ix_accepted_finding_complaint_id", "accepted_finding", ["complaint_id"])
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("assessor", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_assessment_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_assessment_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
    op.create_index(
        "ix_assessment_complaint_id_code_assessor", "assessment", ["complaint_id", "code", "assessor"]
    )
    op.create_table(
        "draft_save",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_draft_save_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_draft_save_complaint_id"),
        sa.PrimaryKeyConstraint("complaint_id", "code", "version", name="pk_draft_save"),
    )
    op.create_table(
        "issued_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_issued_document_complaint_id"),
        sa.ForeignKeyConstraint(["issued_by"], ["user_account.id"], name="fk_issued_document_issued_by"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_document"),
        sa.UniqueConstraint(
            "complaint_id", "kind", "number", name="uq_issued_document_complaint_id_kind_number"
        ),
    )
    op.create_table(
        "presence",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_presence_complaint_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_presence_user_id"),
        sa.PrimaryKeyConstraint("complaint_id", "code", "user_id", name="pk_presence"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("row_key", sa.String(length=60), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_name", sa.String(length=400), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("said_due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict_note", sa.Text(), nullable=False),
        sa.Column("alarm_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_task_complaint_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_task_customer_id"),
        sa.ForeignKeyConstraint(["done_by"], ["user_account.id"], name="fk_task_done_by"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_task_evidence_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name="fk_task_owner_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_task_plant_id"),
        sa.ForeignKeyConstraint(["verified_by"], ["user_account.id"], name="fk_task_verified_by"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint("complaint_id", "code", "row_key", name="uq_task_complaint_id_code_row_key"),
    )
    op.create_index("ix_task_mine", "task", ["owner_id", "state", "due_at", "id"])
    op.create_index("ix_task_next_alarm_at", "task", ["next_alarm_at"])
    op.create_index("ix_task_of_plant", "task", ["plant_id", "state", "due_at", "id"])
    op.add_column(
        "evidence", sa.Column("caption_other", sa.String(length=400), nullable=False, server_default="")
    )
    op.add_column("evidence", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("evidence", sa.Column("pair", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("internal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("evidence", sa.Column("goes_along", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("marks", sa.JSON(), nullable=True))
    op.add_column("evidence", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    _add_reference("evidence", "original_id", "evidence")
    op.add_column(
        "revision", sa.Column("arrangement", sa.String(length=10), nullable=False, server_default="stacked")
    )
    op.add_column("revision", sa.Column("check_code", sa.String(length=40), nullable=True))
    op.create_index("ix_revision_check_code", "revision", ["check_code"], unique=True)
    op.add_column("revision", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    _add_reference("revision", "withdrawn_by", "user_account")
    op.add_column("revision", sa.Column("withdrawn_because", sa.Text(), nullable=False, server_default=""))


def _add_reference(table: str, column: str, to: str) -> None:
    """Add a column that refers to another table, as both stores can without copying the table."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)"
    )


def downgrade() -> None:
    """Refuse: work done since would be lost; the backup taken before the upgrade is the way back."""
    raise NotImplementedError("restore the backup that was taken before the upgrade")
