"""Add returned goods, suppliers and their 8Ds, claims and cost, what follows an answer, and bringing in old logs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the new tables and columns; a complaint that waits for its sample does so since it was confirmed."""
    op.create_table(
        "exchange_rate",
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("base", "currency", "from_on", name="pk_exchange_rate"),
    )
    op.create_table(
        "supplier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("emails", sa.String(length=400), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("lead_analysis", sa.Integer(), nullable=False),
        sa.Column("lead_whole", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_supplier"),
        sa.UniqueConstraint("code", name="uq_supplier_code"),
    )
    op.create_table(
        "approval_limit",
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_approval_limit_plant_id"),
        sa.PrimaryKeyConstraint("plant_id", "role", name="pk_approval_limit"),
    )
    op.create_table(
        "failure_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("meaning", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["failure_category.id"], name="fk_failure_category_parent_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_failure_category_plant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_failure_category"),
        sa.UniqueConstraint("plant_id", "code", name="uq_failure_category_plant_id_code"),
    )
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_import_mapping_plant_id"),
        sa.ForeignKeyConstraint(["saved_by"], ["user_account.id"], name="fk_import_mapping_saved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_import_mapping"),
        sa.UniqueConstraint(
            "plant_id", "target", "fingerprint", name="uq_import_mapping_plant_id_target_fingerprint"
        ),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_import_run_plant_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_import_run_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
    )
    op.create_index("ix_import_run_plant_id_id", "import_run", ["plant_id", "id"], unique=False)
    op.create_index("ix_import_run_state_id", "import_run", ["state", "id"], unique=False)
    op.create_table(
        "part_supplier",
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name="fk_part_supplier_part_id"),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_part_supplier_supplier_id"),
        sa.PrimaryKeyConstraint("part_id", "supplier_id", name="pk_part_supplier"),
    )
    op.create_table(
        "return_number",
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_return_number_plant_id"),
        sa.PrimaryKeyConstraint("plant_id", "year", name="pk_return_number"),
    )
    op.create_table(
        "after_watch",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lots", sa.Integer(), nullable=True),
        sa.Column("lots_seen", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_after_watch_complaint_id"),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name="fk_after_watch_part_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_after_watch_plant_id"),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_after_watch"),
    )
    op.create_index("ix_after_watch_part", "after_watch", ["part_id", "ended_on"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("customer_number", sa.String(length=120), nullable=False),
        sa.Column("claimed_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("for_what", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("position", sa.String(length=40), nullable=True),
        sa.Column("accepted_amount", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver_role", sa.String(length=40), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_because", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settlement", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["user_account.id"], name="fk_claim_approved_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_claim_complaint_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_claim_plant_id"),
        sa.ForeignKeyConstraint(["proposed_by"], ["user_account.id"], name="fk_claim_proposed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
    )
    op.create_index("ix_claim_complaint_id", "claim", ["complaint_id"], unique=False)
    op.create_index("ix_claim_of_plant", "claim", ["plant_id", "state", "id"], unique=False)
    op.create_table(
        "complaint_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("under_watch", sa.Boolean(), nullable=False),
        sa.Column("same_cause", sa.Boolean(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_complaint_match_complaint_id"),
        sa.ForeignKeyConstraint(["earlier_id"], ["complaint.id"], name="fk_complaint_match_earlier_id"),
        sa.ForeignKeyConstraint(["judged_by"], ["user_account.id"], name="fk_complaint_match_judged_by"),
        sa.PrimaryKeyConstraint("id", name="pk_complaint_match"),
        sa.UniqueConstraint("complaint_id", "earlier_id", name="uq_complaint_match_complaint_id_earlier_id"),
    )
    op.create_index("ix_complaint_match_earlier_id", "complaint_match", ["earlier_id"], unique=False)
    op.create_table(
        "goods_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parcel", sa.String(length=40), nullable=False),
        sa.Column("rest_of_id", sa.Integer(), nullable=True),
        sa.Column("quantity_announced", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=120), nullable=False),
        sa.Column("tracking", sa.String(length=120), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("enclose", sa.Text(), nullable=False),
        sa.Column("lots", sa.JSON(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_by", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_part", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=120), nullable=False),
        sa.Column("difference_because", sa.Text(), nullable=False),
        sa.Column("test_note", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Text(), nullable=False),
        sa.Column("ntf_criteria", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("rework_steps", sa.Text(), nullable=False),
        sa.Column("credit_number", sa.String(length=80), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("settle_note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["announced_by"], ["user_account.id"], name="fk_goods_return_announced_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_goods_return_complaint_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_goods_return_customer_id"),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name="fk_goods_return_part_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_goods_return_plant_id"),
        sa.ForeignKeyConstraint(["rest_of_id"], ["goods_return.id"], name="fk_goods_return_rest_of_id"),
        sa.PrimaryKeyConstraint("id", name="pk_goods_return"),
        sa.UniqueConstraint("number", name="uq_goods_return_number"),
    )
    op.create_index(
        "ix_goods_return_board",
        "goods_return",
        ["plant_id", "is_open", "stage", "id", "customer_id"],
        unique=False,
    )
    op.create_index("ix_goods_return_complaint_id", "goods_return", ["complaint_id"], unique=False)
    op.create_index("ix_goods_return_newest", "goods_return", ["plant_id", "id", "customer_id"], unique=False)
    op.create_index("ix_goods_return_parcel", "goods_return", ["parcel"], unique=False)
    op.create_index("ix_goods_return_rest_of_id", "goods_return", ["rest_of_id"], unique=False)
    op.create_index("ix_goods_return_tracking", "goods_return", ["tracking"], unique=False)
    op.create_table(
        "imported_record",
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_imported_record_plant_id"),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name="fk_imported_record_run_id"),
        sa.PrimaryKeyConstraint("plant_id", "target", "fingerprint", name="pk_imported_record"),
    )
    op.create_table(
        "outside_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_outside_mail_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_outside_mail_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outside_mail"),
    )
    op.create_index("ix_outside_mail_complaint_id", "outside_mail", ["complaint_id"], unique=False)
    op.create_index(
        "ix_outside_mail_purpose_subject_id", "outside_mail", ["purpose", "subject_id"], unique=False
    )
    op.create_table(
        "reopening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("was_wrong", sa.JSON(), nullable=False),
        sa.Column("recurred_as_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_reopening_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_reopening_complaint_id"),
        sa.ForeignKeyConstraint(["recurred_as_id"], ["complaint.id"], name="fk_reopening_recurred_as_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reopening"),
    )
    op.create_index("ix_reopening_complaint_id", "reopening", ["complaint_id"], unique=False)
    op.create_table(
        "supplier_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("phenomenon", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("shared", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_because", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("taken_over", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("score_note", sa.Text(), nullable=False),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.Column("alarm_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["user_account.id"], name="fk_supplier_case_accepted_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_supplier_case_complaint_id"),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name="fk_supplier_case_made_by"),
        sa.ForeignKeyConstraint(["parent_id"], ["supplier_case.id"], name="fk_supplier_case_parent_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_supplier_case_plant_id"),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_supplier_case_supplier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_case"),
        sa.UniqueConstraint("number", name="uq_supplier_case_number"),
    )
    op.create_index("ix_supplier_case_complaint_id", "supplier_case", ["complaint_id"], unique=False)
    op.create_index("ix_supplier_case_next_alarm_at", "supplier_case", ["next_alarm_at"], unique=False)
    op.create_index(
        "ix_supplier_case_open", "supplier_case", ["plant_id", "is_open", "due_at", "id"], unique=False
    )
    op.create_index(
        "ix_supplier_case_supplier", "supplier_case", ["supplier_id", "id", "plant_id"], unique=False
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("is_dissatisfied", sa.Boolean(), nullable=False),
        sa.Column("follow_up_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_by", sa.Integer(), nullable=True),
        sa.Column("follow_up_note", sa.Text(), nullable=False),
        sa.Column("reopen_declined_because", sa.Text(), nullable=False),
        sa.Column("next_alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name="fk_survey_asked_by"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_survey_complaint_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_survey_customer_id"),
        sa.ForeignKeyConstraint(["follow_up_by"], ["user_account.id"], name="fk_survey_follow_up_by"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_survey_plant_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name="fk_survey_recorded_by"),
        sa.ForeignKeyConstraint(["revoked_by"], ["user_account.id"], name="fk_survey_revoked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
    )
    op.create_index("ix_survey_complaint_id", "survey", ["complaint_id"], unique=False)
    op.create_index("ix_survey_next_alarm_at", "survey", ["next_alarm_at"], unique=False)
    op.create_index("ix_survey_of_plant", "survey", ["plant_id", "answered_at", "id"], unique=False)
    op.create_index("ix_survey_remind_at", "survey", ["remind_at"], unique=False)
    op.create_table(
        "cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("in_plant", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("return_id", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_cost_by"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_cost_claim_id"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_cost_complaint_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_cost_customer_id"),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name="fk_cost_part_id"),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], name="fk_cost_plant_id"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name="fk_cost_return_id"),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_cost_supplier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cost"),
    )
    op.create_index("ix_cost_complaint_id", "cost", ["complaint_id"], unique=False)
    op.create_index("ix_cost_of_plant", "cost", ["plant_id", "spent_on", "id"], unique=False)
    op.create_table(
        "return_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("phenomenon", sa.String(length=200), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["category_id"], ["failure_category.id"], name="fk_return_count_category_id"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name="fk_return_count_return_id"),
        sa.PrimaryKeyConstraint("id", name="pk_return_count"),
    )
    op.create_index("ix_return_count_return_id", "return_count", ["return_id"], unique=False)
    op.create_table(
        "return_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("from_place", sa.String(length=40), nullable=False),
        sa.Column("to_place", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_return_movement_by"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name="fk_return_movement_return_id"),
        sa.PrimaryKeyConstraint("id", name="pk_return_movement"),
    )
    op.create_index("ix_return_movement_return_id", "return_movement", ["return_id"], unique=False)
    op.create_table(
        "return_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=120), nullable=False),
        sa.Column("date_code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("phenomenon", sa.String(length=200), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("ntf_criteria", sa.String(length=400), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["failure_category.id"], name="fk_return_piece_category_id"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name="fk_return_piece_return_id"),
        sa.PrimaryKeyConstraint("id", name="pk_return_piece"),
        sa.UniqueConstraint("return_id", "position", name="uq_return_piece_return_id_position"),
    )
    op.create_index("ix_return_piece_serial", "return_piece", ["serial"], unique=False)
    op.create_table(
        "return_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("cartons", sa.Integer(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_return_receipt_by"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_return_receipt_evidence_id"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name="fk_return_receipt_return_id"),
        sa.PrimaryKeyConstraint("id", name="pk_return_receipt"),
    )
    op.create_index("ix_return_receipt_return_id", "return_receipt", ["return_id"], unique=False)
    op.create_table(
        "return_shipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=120), nullable=False),
        sa.Column("tracking", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name="fk_return_shipment_by"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name="fk_return_shipment_return_id"),
        sa.PrimaryKeyConstraint("id", name="pk_return_shipment"),
    )
    op.create_index("ix_return_shipment_return_id", "return_shipment", ["return_id"], unique=False)
    op.create_table(
        "supplier_discipline",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supplier_case.id"], name="fk_supplier_discipline_case_id"),
        sa.PrimaryKeyConstraint("case_id", "code", name="pk_supplier_discipline"),
    )
    op.create_table(
        "supplier_evidence",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("from_supplier", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supplier_case.id"], name="fk_supplier_evidence_case_id"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_supplier_evidence_evidence_id"),
        sa.PrimaryKeyConstraint("case_id", "evidence_id", name="pk_supplier_evidence"),
    )
    op.create_table(
        "supplier_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["supplier_case.id"], name="fk_supplier_link_case_id"),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name="fk_supplier_link_made_by"),
        sa.ForeignKeyConstraint(["revoked_by"], ["user_account.id"], name="fk_supplier_link_revoked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_link"),
    )
    op.create_index("ix_supplier_link_case_id", "supplier_link", ["case_id"], unique=False)
    op.create_table(
        "supplier_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["supplier_case.id"], name="fk_supplier_promise_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_promise"),
        sa.UniqueConstraint("case_id", "milestone", name="uq_supplier_promise_case_id_milestone"),
    )
    op.create_index("ix_supplier_promise_case_id", "supplier_promise", ["case_id"], unique=False)
    op.create_table(
        "supplier_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("verdict_by", sa.Integer(), nullable=True),
        sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supplier_case.id"], name="fk_supplier_submission_case_id"),
        sa.ForeignKeyConstraint(
            ["verdict_by"], ["user_account.id"], name="fk_supplier_submission_verdict_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_submission"),
        sa.UniqueConstraint("case_id", "code", "number", name="uq_supplier_submission_case_id_code_number"),
    )
    _add_reference("complaint", "answered_by_id", "complaint")
    op.add_column("complaint", sa.Column("answered_from_at", sa.DateTime(timezone=True), nullable=True))
    _add_reference("complaint", "split_from_id", "complaint")
    _add_reference("complaint", "duplicate_of_id", "complaint")
    op.add_column("note", sa.Column("evidence", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("note", sa.Column("unproven_because", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "complaint", sa.Column("imported_from", sa.String(length=80), nullable=False, server_default="")
    )
    op.add_column("complaint", sa.Column("sample_wanted_from_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("sample_wanted_until_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("sample_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("sample_chase_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("sample_chased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_complaint_sample_chase", "complaint", ["sample_chase_at"])
    op.create_index("ix_complaint_sample_due", "complaint", ["plant_id", "sample_due_at", "customer_id"])
    op.execute(
        "UPDATE complaint SET sample_wanted_from_at = confirmed_at, sample_wanted_until_at = sample_received_at "
        "WHERE sample_needed = TRUE"
    )
    op.execute(  # the first sweep looks at those that are awaited
        "UPDATE complaint SET sample_due_at = confirmed_at, sample_chase_at = confirmed_at "
        "WHERE sample_needed = TRUE AND sample_received_at IS NULL AND is_open = TRUE"
    )
    op.create_index("ix_complaint_answered_by", "complaint", ["answered_by_id"])
    _add_reference("delivery", "outside_mail_id", "outside_mail")
    op.create_index("ix_delivery_outside_mail", "delivery", ["outside_mail_id"])
    op.add_column("plant", sa.Column("currency", sa.String(length=3), nullable=False, server_default="CNY"))
    op.add_column("plant", sa.Column("address", sa.Text(), nullable=False, server_default=""))
    op.add_column("plant", sa.Column("address_en", sa.Text(), nullable=False, server_default=""))


def _add_reference(table: str, column: str, to: str) -> None:
    """Add a column that refers to another table, as both stores can without copying the table."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)"
    )


def downgrade() -> None:
    """Refuse: work done since would be lost; the backup taken before the upgrade is the way back."""
    raise NotImplementedError("restore the backup that was taken before the upgrade")
