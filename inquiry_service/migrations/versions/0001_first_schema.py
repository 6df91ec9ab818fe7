"""The first schema: people, intake, literature, answers, signatures, documents, jobs, audit.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from inquiry_service.models import audit_triggers, write_once_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create every table, then the triggers that keep log, questions and sources as they are."""
    op.create_table(
        "audit_entry",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.String(length=200), nullable=False),
        sa.Column("object_label", sa.String(length=200), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("reason_code", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("log", "seq", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_action_audit_entry_seq"), "audit_entry", ["action", "seq"], unique=False)
    op.create_index(op.f("ix_audit_entry_actor_id_audit_entry_seq"), "audit_entry", ["actor_id", "seq"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_inquiry_id_audit_entry_seq"), "audit_entry", ["inquiry_id", "seq"], unique=False
    )
    op.create_index(op.f("ix_audit_entry_object"), "audit_entry", ["object_id", "object_type", "seq"], unique=False)
    op.create_index(op.f("ix_audit_entry_object_label"), "audit_entry", ["object_label", "seq"], unique=False)
    op.create_index(op.f("ix_audit_entry_object_type"), "audit_entry", ["object_type", "seq"], unique=False)
    op.create_index(op.f("ix_audit_entry_reason"), "audit_entry", ["reason_code", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_personal",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("log", "seq", "path", name=op.f("pk_audit_personal")),
    )
    op.create_index(op.f("ix_audit_personal_subject"), "audit_personal", ["subject"], unique=False)
    op.create_table(
        "content_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_item")),
        sa.UniqueConstraint("key", name=op.f("uq_content_item_key")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=200), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("follow_up_contact", sa.String(length=200), nullable=False),
        sa.Column("safety_contact", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "literature_record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("citation_key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pmid", sa.String(length=12), nullable=True),
        sa.Column("doi", sa.String(length=255), nullable=True),
        sa.Column("pmcid", sa.String(length=16), nullable=True),
        sa.Column("identity_key", sa.String(length=255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("authors", JSON, nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("journal_abbrev", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("volume", sa.String(length=200), nullable=False),
        sa.Column("issue", sa.String(length=200), nullable=False),
        sa.Column("pages", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("mesh", JSON, nullable=False),
        sa.Column("publication_types", JSON, nullable=False),
        sa.Column("products", JSON, nullable=False),
        sa.Column("design", sa.String(length=60), nullable=True),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("status_note", sa.Text(), nullable=False),
        sa.Column("is_notice", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_record")),
        sa.UniqueConstraint("citation_key", name=op.f("uq_literature_record_citation_key")),
        sa.UniqueConstraint("doi", name=op.f("uq_literature_record_doi")),
        sa.UniqueConstraint("pmcid", name=op.f("uq_literature_record_pmcid")),
        sa.UniqueConstraint("pmid", name=op.f("uq_literature_record_pmid")),
    )
    op.create_index(op.f("ix_literature_record_identity_key"), "literature_record", ["identity_key"], unique=False)
    op.create_index(op.f("ix_literature_record_status"), "literature_record", ["status"], unique=False)
    op.create_index(op.f("ix_literature_record_year"), "literature_record", ["year"], unique=False)
    op.create_table(
        "login_throttle",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "number_sequence",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_sequence")),
    )
    op.create_table(
        "outbox_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fencing_token", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_job")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_job_dedupe_key")),
    )
    op.create_index(op.f("ix_outbox_job_not_before"), "outbox_job", ["not_before"], unique=False)
    op.create_index(op.f("ix_outbox_job_state"), "outbox_job", ["state"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("qualification", sa.String(length=200), nullable=False),
        sa.Column("affiliation", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("details_refused_reason", sa.Text(), nullable=False),
        sa.Column("verification", sa.String(length=60), nullable=False),
        sa.Column("verification_method", sa.String(length=200), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("generic_name", sa.String(length=200), nullable=False),
        sa.Column("forms", sa.String(length=200), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("key", name=op.f("uq_product_key")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("trained_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_heartbeat")),
    )
    op.create_table(
        "content_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("product_key", sa.String(length=200), nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("label_statuses", JSON, nullable=False),
        sa.Column("label_version", sa.String(length=200), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("change_summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["content_item.id"], name=op.f("fk_content_version_item_id_content_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_version")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_content_version_item_id_version")),
    )
    op.create_index(op.f("ix_content_version_item_id"), "content_version", ["item_id"], unique=False)
    op.create_index(op.f("ix_content_version_state"), "content_version", ["state"], unique=False)
    op.create_table(
        "import_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=True),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["literature_record.id"], name=op.f("fk_import_item_record_id_literature_record")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_item_run_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_item")),
    )
    op.create_index(op.f("ix_import_item_run_id"), "import_item", ["run_id"], unique=False)
    op.create_table(
        "inquiry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resume_state", sa.String(length=60), nullable=True),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("requester_id", sa.String(length=36), nullable=False),
        sa.Column("recipient_id", sa.String(length=36), nullable=True),
        sa.Column("recipient_reason", sa.Text(), nullable=False),
        sa.Column("submitter_id", sa.String(length=36), nullable=False),
        sa.Column("submitter_role", sa.String(length=60), nullable=False),
        sa.Column("assignee_id", sa.String(length=36), nullable=True),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("urgency", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("requester_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complexity", sa.String(length=60), nullable=True),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("sources_consulted", sa.Text(), nullable=False),
        sa.Column("lot", sa.String(length=200), nullable=False),
        sa.Column("lawful_basis", sa.String(length=200), nullable=False),
        sa.Column("retention_class", sa.String(length=200), nullable=False),
        sa.Column("confirmation_received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmation_note", sa.Text(), nullable=False),
        sa.Column("solicitation", JSON, nullable=True),
        sa.Column("solicitation_finding", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["user_account.id"], name=op.f("fk_inquiry_assignee_id_user_account")),
        sa.ForeignKeyConstraint(["parent_id"], ["inquiry.id"], name=op.f("fk_inquiry_parent_id_inquiry")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_inquiry_product_id_product")),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name=op.f("fk_inquiry_recipient_id_person")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_inquiry_requester_id_person")),
        sa.ForeignKeyConstraint(
            ["submitter_id"], ["user_account.id"], name=op.f("fk_inquiry_submitter_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("number", name=op.f("uq_inquiry_number")),
    )
    op.create_index(op.f("ix_inquiry_assignee_id"), "inquiry", ["assignee_id"], unique=False)
    op.create_index(op.f("ix_inquiry_due_at"), "inquiry", ["due_at"], unique=False)
    op.create_index(op.f("ix_inquiry_product_id"), "inquiry", ["product_id"], unique=False)
    op.create_index(op.f("ix_inquiry_requester_id"), "inquiry", ["requester_id"], unique=False)
    op.create_index(op.f("ix_inquiry_state"), "inquiry", ["state"], unique=False)
    op.create_index(op.f("ix_inquiry_submitter_id"), "inquiry", ["submitter_id"], unique=False)
    op.create_table(
        "label_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_label_version_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_version")),
        sa.UniqueConstraint("product_id", "market", "version", name=op.f("uq_label_version_product_id_market_version")),
    )
    op.create_index(op.f("ix_label_version_product_id"), "label_version", ["product_id"], unique=False)
    op.create_table(
        "literature_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["literature_record.id"], name=op.f("fk_literature_version_record_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_version")),
        sa.UniqueConstraint("record_id", "version", name=op.f("uq_literature_version_record_id_version")),
    )
    op.create_index(op.f("ix_literature_version_record_id"), "literature_version", ["record_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_user_id"), "role_grant", ["user_id"], unique=False)
    op.create_table(
        "signature",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("meaning", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=200), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("object_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("components", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_signature_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("number", name=op.f("uq_signature_number")),
    )
    op.create_index(op.f("ix_signature_object_id"), "signature", ["object_id"], unique=False)
    op.create_table(
        "signing_ticket",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=200), nullable=False),
        sa.Column("object_type", sa.String(length=200), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("meaning", sa.String(length=60), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_signing_ticket_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_ticket")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_signing_ticket_secret_hash")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_user_session_secret_hash")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempted_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_contact_attempt_inquiry_id_inquiry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(op.f("ix_contact_attempt_inquiry_id"), "contact_attempt", ["inquiry_id"], unique=False)
    op.create_table(
        "evidence_decision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=60), nullable=False),
        sa.Column("stance", sa.String(length=60), nullable=True),
        sa.Column("reject_reason", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("design", sa.String(length=60), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_evidence_decision_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["literature_record.id"], name=op.f("fk_evidence_decision_record_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_decision")),
        sa.UniqueConstraint("inquiry_id", "record_id", name=op.f("uq_evidence_decision_inquiry_id_record_id")),
    )
    op.create_index(op.f("ix_evidence_decision_inquiry_id"), "evidence_decision", ["inquiry_id"], unique=False)
    op.create_index(op.f("ix_evidence_decision_record_id"), "evidence_decision", ["record_id"], unique=False)
    op.create_table(
        "interaction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("forum", sa.String(length=60), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_zone", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("others_present", sa.String(length=200), nullable=False),
        sa.Column("attestation", JSON, nullable=True),
        sa.Column("ae_answer", sa.String(length=60), nullable=True),
        sa.Column("situation_answer", sa.String(length=60), nullable=True),
        sa.Column("complaint_answer", sa.String(length=60), nullable=True),
        sa.Column("screened_by", sa.String(length=200), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_interaction_inquiry_id_inquiry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
    )
    op.create_index(op.f("ix_interaction_inquiry_id"), "interaction", ["inquiry_id"], unique=False)
    op.create_table(
        "label_section",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("label_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_id"], ["label_version.id"], name=op.f("fk_label_section_label_id_label_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_section")),
    )
    op.create_index(op.f("ix_label_section_label_id"), "label_section", ["label_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_response_inquiry_id_inquiry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("inquiry_id", name=op.f("uq_response_inquiry_id")),
        sa.UniqueConstraint("number", name=op.f("uq_response_number")),
    )
    op.create_table(
        "search_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("read_as", sa.Text(), nullable=False),
        sa.Column("filters", JSON, nullable=False),
        sa.Column("generation", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_search_run_inquiry_id_inquiry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_run")),
    )
    op.create_index(op.f("ix_search_run_inquiry_id"), "search_run", ["inquiry_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_attachment_interaction_id_interaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_interaction_id"), "attachment", ["interaction_id"], unique=False)
    op.create_table(
        "product_complaint",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("product_and_strength", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.String(length=200), nullable=False),
        sa.Column("expiry", sa.String(length=200), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("sample_available", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("forwarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_by", sa.String(length=200), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=200), nullable=False),
        sa.Column("quality_case_number", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_product_complaint_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_product_complaint_interaction_id_interaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_product_complaint_number")),
    )
    op.create_index(op.f("ix_product_complaint_inquiry_id"), "product_complaint", ["inquiry_id"], unique=False)
    op.create_index(op.f("ix_product_complaint_state"), "product_complaint", ["state"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("verbatim", sa.Text(), nullable=False),
        sa.Column("restated", sa.Text(), nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_question_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_question_interaction_id_interaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("inquiry_id", "seq", name=op.f("uq_question_inquiry_id_seq")),
    )
    op.create_index(op.f("ix_question_inquiry_id"), "question", ["inquiry_id"], unique=False)
    op.create_table(
        "response_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("field_values", JSON, nullable=False),
        sa.Column("content_version_id", sa.String(length=36), nullable=True),
        sa.Column("label_version_id", sa.String(length=36), nullable=True),
        sa.Column("snapshot", JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_response_version_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["content_version_id"],
            ["content_version.id"],
            name=op.f("fk_response_version_content_version_id_content_version"),
        ),
        sa.ForeignKeyConstraint(
            ["label_version_id"], ["label_version.id"], name=op.f("fk_response_version_label_version_id_label_version")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_response_version_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_version")),
        sa.UniqueConstraint("response_id", "version", name=op.f("uq_response_version_response_id_version")),
    )
    op.create_index(
        op.f("ix_response_version_content_version_id"), "response_version", ["content_version_id"], unique=False
    )
    op.create_index(
        op.f("ix_response_version_label_version_id"), "response_version", ["label_version_id"], unique=False
    )
    op.create_index(op.f("ix_response_version_response_id"), "response_version", ["response_id"], unique=False)
    op.create_table(
        "safety_case",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("is_adverse_event", sa.Boolean(), nullable=False),
        sa.Column("special_situations", JSON, nullable=False),
        sa.Column("reporter_qualification", sa.String(length=200), nullable=False),
        sa.Column("reporter_country", sa.String(length=2), nullable=False),
        sa.Column("patient_code", sa.String(length=200), nullable=False),
        sa.Column("patient_facts", sa.Text(), nullable=False),
        sa.Column("suspect_product", sa.String(length=200), nullable=False),
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("seriousness", JSON, nullable=False),
        sa.Column("day_zero", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("forwarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_by", sa.String(length=200), nullable=False),
        sa.Column("forwarded_how", sa.String(length=200), nullable=False),
        sa.Column("forwarded_sha256", sa.String(length=64), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=200), nullable=False),
        sa.Column("pv_case_number", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_safety_case_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_safety_case_interaction_id_interaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_case")),
        sa.UniqueConstraint("number", name=op.f("uq_safety_case_number")),
    )
    op.create_index(op.f("ix_safety_case_inquiry_id"), "safety_case", ["inquiry_id"], unique=False)
    op.create_index(op.f("ix_safety_case_state"), "safety_case", ["state"], unique=False)
    op.create_table(
        "search_hit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("score_micro", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["literature_record.id"], name=op.f("fk_search_hit_record_id_literature_record")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["search_run.id"], name=op.f("fk_search_hit_run_id_search_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_hit")),
    )
    op.create_index(op.f("ix_search_hit_run_id"), "search_hit", ["run_id"], unique=False)
    op.create_table(
        "classification",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("label_status", sa.String(length=60), nullable=False),
        sa.Column("off_label_subtype", sa.String(length=60), nullable=True),
        sa.Column("label_version_id", sa.String(length=36), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.String(length=200), nullable=False),
        sa.Column("classified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("classified_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_version_id"], ["label_version.id"], name=op.f("fk_classification_label_version_id_label_version")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_classification_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classification")),
    )
    op.create_index(op.f("ix_classification_question_id"), "classification", ["question_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("response_version_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("renderer", sa.String(length=200), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_version_id"],
            ["response_version.id"],
            name=op.f("fk_document_response_version_id_response_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_number"), "document", ["number"], unique=False)
    op.create_index(op.f("ix_document_response_version_id"), "document", ["response_version_id"], unique=False)
    op.create_table(
        "question_addendum",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_addendum_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_addendum")),
    )
    op.create_index(op.f("ix_question_addendum_question_id"), "question_addendum", ["question_id"], unique=False)
    op.create_table(
        "review_decision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("response_version_id", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("checklist", JSON, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=False),
        sa.Column("decider_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_review_decision_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["response_version_id"],
            ["response_version.id"],
            name=op.f("fk_review_decision_response_version_id_response_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
    )
    op.create_index(
        op.f("ix_review_decision_response_version_id"), "review_decision", ["response_version_id"], unique=False
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("recipient_id", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("message_sha256", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_delivery_document_id_document")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_delivery_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name=op.f("fk_delivery_recipient_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
    )
    op.create_index(op.f("ix_delivery_inquiry_id"), "delivery", ["inquiry_id"], unique=False)
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"], unique=False)
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("delivery_id", sa.String(length=36), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_attempt_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    op.create_index(op.f("ix_delivery_attempt_delivery_id"), "delivery_attempt", ["delivery_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for statement in (*audit_triggers.create_statements(dialect), *write_once_triggers.create_statements(dialect)):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """Drop the triggers and every table."""
    dialect = op.get_bind().dialect.name
    for statement in (*write_once_triggers.drop_statements(dialect), *audit_triggers.drop_statements(dialect)):
        op.execute(statement)
    op.drop_index(op.f("ix_delivery_attempt_delivery_id"), table_name="delivery_attempt")
    op.drop_table("delivery_attempt")
    op.drop_index(op.f("ix_delivery_state"), table_name="delivery")
    op.drop_index(op.f("ix_delivery_inquiry_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_review_decision_response_version_id"), table_name="review_decision")
    op.drop_table("review_decision")
    op.drop_index(op.f("ix_question_addendum_question_id"), table_name="question_addendum")
    op.drop_table("question_addendum")
    op.drop_index(op.f("ix_document_response_version_id"), table_name="document")
    op.drop_index(op.f("ix_document_number"), table_name="document")
    op.drop_table("document")
    op.drop_index(op.f("ix_classification_question_id"), table_name="classification")
    op.drop_table("classification")
    op.drop_index(op.f("ix_search_hit_run_id"), table_name="search_hit")
    op.drop_table("search_hit")
    op.drop_index(op.f("ix_safety_case_state"), table_name="safety_case")
    op.drop_index(op.f("ix_safety_case_inquiry_id"), table_name="safety_case")
    op.drop_table("safety_case")
    op.drop_index(op.f("ix_response_version_response_id"), table_name="response_version")
    op.drop_index(op.f("ix_response_version_label_version_id"), table_name="response_version")
    op.drop_index(op.f("ix_response_version_content_version_id"), table_name="response_version")
    op.drop_table("response_version")
    op.drop_index(op.f("ix_question_inquiry_id"), table_name="question")
    op.drop_table("question")
    op.drop_index(op.f("ix_product_complaint_state"), table_name="product_complaint")
    op.drop_index(op.f("ix_product_complaint_inquiry_id"), table_name="product_complaint")
    op.drop_table("product_complaint")
    op.drop_index(op.f("ix_attachment_interaction_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(op.f("ix_search_run_inquiry_id"), table_name="search_run")
    op.drop_table("search_run")
    op.drop_table("response")
    op.drop_index(op.f("ix_label_section_label_id"), table_name="label_section")
    op.drop_table("label_section")
    op.drop_index(op.f("ix_interaction_inquiry_id"), table_name="interaction")
    op.drop_table("interaction")
    op.drop_index(op.f("ix_evidence_decision_record_id"), table_name="evidence_decision")
    op.drop_index(op.f("ix_evidence_decision_inquiry_id"), table_name="evidence_decision")
    op.drop_table("evidence_decision")
    op.drop_index(op.f("ix_contact_attempt_inquiry_id"), table_name="contact_attempt")
    op.drop_table("contact_attempt")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_table("signing_ticket")
    op.drop_index(op.f("ix_signature_object_id"), table_name="signature")
    op.drop_table("signature")
    op.drop_index(op.f("ix_role_grant_user_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_literature_version_record_id"), table_name="literature_version")
    op.drop_table("literature_version")
    op.drop_index(op.f("ix_label_version_product_id"), table_name="label_version")
    op.drop_table("label_version")
    op.drop_index(op.f("ix_inquiry_submitter_id"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_state"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_requester_id"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_product_id"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_due_at"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_assignee_id"), table_name="inquiry")
    op.drop_table("inquiry")
    op.drop_index(op.f("ix_import_item_run_id"), table_name="import_item")
    op.drop_table("import_item")
    op.drop_index(op.f("ix_content_version_state"), table_name="content_version")
    op.drop_index(op.f("ix_content_version_item_id"), table_name="content_version")
    op.drop_table("content_version")
    op.drop_table("worker_heartbeat")
    op.drop_table("user_account")
    op.drop_table("product")
    op.drop_table("person")
    op.drop_index(op.f("ix_outbox_job_state"), table_name="outbox_job")
    op.drop_index(op.f("ix_outbox_job_not_before"), table_name="outbox_job")
    op.drop_table("outbox_job")
    op.drop_table("number_sequence")
    op.drop_table("login_throttle")
    op.drop_index(op.f("ix_literature_record_year"), table_name="literature_record")
    op.drop_index(op.f("ix_literature_record_status"), table_name="literature_record")
    op.drop_index(op.f("ix_literature_record_identity_key"), table_name="literature_record")
    op.drop_table("literature_record")
    op.drop_table("installation")
    op.drop_table("import_run")
    op.drop_table("content_item")
    op.drop_index(op.f("ix_audit_personal_subject"), table_name="audit_personal")
    op.drop_table("audit_personal")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_entry_reason"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_object_type"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_object_label"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_object"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_inquiry_id_audit_entry_seq"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_id_audit_entry_seq"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_action_audit_entry_seq"), table_name="audit_entry")
    op.drop_table("audit_entry")
