"""The literature library grows: kinds, evidence fields, rights, files, links, pairs, merges, imports, saved searches.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the tables and columns; what is there already keeps its meaning."""

    op.create_table(
        "listed_notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("list_name", sa.String(length=200), nullable=False),
        sa.Column("list_sha256", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("nature", sa.String(length=200), nullable=False),
        sa.Column("pmid", sa.String(length=12), nullable=False),
        sa.Column("doi", sa.String(length=255), nullable=False),
        sa.Column("notice_pmid", sa.String(length=12), nullable=False),
        sa.Column("notice_doi", sa.String(length=255), nullable=False),
        sa.Column("notice_date", sa.Date(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_notice")),
        sa.UniqueConstraint("list_name", "entry", name=op.f("uq_listed_notice_list_name_entry")),
    )
    with op.batch_alter_table("listed_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listed_notice_doi"), ["doi"], unique=False)
        batch_op.create_index(batch_op.f("ix_listed_notice_pmid"), ["pmid"], unique=False)

    op.create_table(
        "literature_block",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=270), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["literature_record.id"], name=op.f("fk_literature_block_record_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "key", name=op.f("pk_literature_block")),
    )
    with op.batch_alter_table("literature_block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_literature_block_key"), ["key"], unique=False)

    op.create_table(
        "literature_full_text",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["literature_record.id"], name=op.f("fk_literature_full_text_record_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_full_text")),
        sa.UniqueConstraint("record_id", "sha256", name=op.f("uq_literature_full_text_record_id_sha256")),
    )
    with op.batch_alter_table("literature_full_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_literature_full_text_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_literature_full_text_state"), ["state"], unique=False)

    op.create_table(
        "literature_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("from_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("to_id", sa.String(length=36), nullable=True),
        sa.Column("pmid", sa.String(length=12), nullable=False),
        sa.Column("doi", sa.String(length=255), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["literature_record.id"], name=op.f("fk_literature_link_from_id_literature_record")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["literature_record.id"], name=op.f("fk_literature_link_to_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_link")),
    )
    with op.batch_alter_table("literature_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_literature_link_doi"), ["doi"], unique=False)
        batch_op.create_index(batch_op.f("ix_literature_link_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_literature_link_pmid"), ["pmid"], unique=False)
        batch_op.create_index(batch_op.f("ix_literature_link_to_id"), ["to_id"], unique=False)

    op.create_table(
        "literature_merge",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kept_id", sa.String(length=36), nullable=False),
        sa.Column("gone_id", sa.String(length=36), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("kept_before", JSON, nullable=False),
        sa.Column("kept_after", JSON, nullable=False),
        sa.Column("gone_before", JSON, nullable=False),
        sa.Column("kept_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["literature_record.id"], name=op.f("fk_literature_merge_gone_id_literature_record")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["literature_record.id"], name=op.f("fk_literature_merge_kept_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_merge")),
    )
    with op.batch_alter_table("literature_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_literature_merge_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_literature_merge_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "literature_pair",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("first_id", sa.String(length=36), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=False),
        sa.Column("score_milli", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["literature_record.id"], name=op.f("fk_literature_pair_first_id_literature_record")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["literature_record.id"], name=op.f("fk_literature_pair_second_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_literature_pair_first_id_second_id")),
    )
    with op.batch_alter_table("literature_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_literature_pair_first_id"), ["first_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_literature_pair_second_id"), ["second_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_literature_pair_state"), ["state"], unique=False)

    op.create_table(
        "literature_right",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("copies_used", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["literature_record.id"], name=op.f("fk_literature_right_record_id_literature_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_right")),
    )
    with op.batch_alter_table("literature_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_literature_right_record_id"), ["record_id"], unique=False)

    op.create_table(
        "literature_page",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("full_text_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["full_text_id"],
            ["literature_full_text.id"],
            name=op.f("fk_literature_page_full_text_id_literature_full_text"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_literature_page")),
        sa.UniqueConstraint("full_text_id", "number", name=op.f("uq_literature_page_full_text_id_number")),
    )
    with op.batch_alter_table("literature_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_literature_page_full_text_id"), ["full_text_id"], unique=False)

    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("filters", JSON, nullable=False),
        sa.Column("synonyms", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_saved_search_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_saved_search_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_search_inquiry_id"), ["inquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_search_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "search_alert",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("search_id", sa.String(length=36), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_ids", JSON, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_search.id"], name=op.f("fk_search_alert_search_id_saved_search")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_alert")),
    )
    with op.batch_alter_table("search_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_alert_search_id"), ["search_id"], unique=False)

    with op.batch_alter_table("import_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("finding", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("choice", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("title", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("details", JSON, nullable=False, server_default="{}"))
        batch_op.alter_column("outcome", existing_type=sa.VARCHAR(length=60), nullable=True)
        batch_op.create_index("ix_import_item_run_finding", ["run_id", "finding", "position"], unique=False)
        batch_op.create_index("ix_import_item_run_outcome", ["run_id", "outcome", "position"], unique=False)

    # Column by column, never by a copy of the table (batch mode): SQLite cannot drop a table that others refer to.
    op.add_column("import_run", sa.Column("state", sa.String(length=60), nullable=False, server_default="finished"))
    op.add_column("import_run", sa.Column("encoding", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("import_run", sa.Column("encoding_note", sa.Text(), nullable=False, server_default=""))
    op.add_column("import_run", sa.Column("mapping", JSON, nullable=False, server_default="{}"))
    op.add_column("import_run", sa.Column("products", JSON, nullable=False, server_default="[]"))
    op.add_column("import_run", sa.Column("total", sa.Integer(), nullable=True))
    op.add_column("import_run", sa.Column("updated", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("import_run", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_run", sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_run", sa.Column("report_sha256", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(op.f("ix_import_run_state"), "import_run", ["state"], unique=False)

    op.add_column(
        "literature_record", sa.Column("kind", sa.String(length=60), nullable=False, server_default="article")
    )
    op.add_column("literature_record", sa.Column("merged_into", sa.String(length=36), nullable=True))
    op.add_column("literature_record", sa.Column("keywords", JSON, nullable=False, server_default="[]"))
    op.add_column("literature_record", sa.Column("populations", JSON, nullable=False, server_default="[]"))
    op.add_column("literature_record", sa.Column("source", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("literature_record", sa.Column("medical_only", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("literature_record", sa.Column("participants", sa.Integer(), nullable=True))
    op.add_column("literature_record", sa.Column("funding", sa.Text(), nullable=False, server_default=""))
    op.add_column("literature_record", sa.Column("peer_review", sa.String(length=60), nullable=True))
    op.add_column("literature_record", sa.Column("limits", sa.Text(), nullable=False, server_default=""))
    op.add_column("literature_record", sa.Column("status_checked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("literature_record", sa.Column("status_decided_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_literature_record_merged_into"), "literature_record", ["merged_into"], unique=False)

    op.add_column("search_run", sa.Column("synonyms", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("search_run", sa.Column("expansions", JSON, nullable=False, server_default="{}"))
    op.add_column("search_run", sa.Column("ranking", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("search_run", sa.Column("library_size", sa.Integer(), nullable=True))
    op.add_column("search_run", sa.Column("question_seq", sa.Integer(), nullable=True))

    # Imports of before were finished, or their process died.
    op.execute("UPDATE import_run SET state = 'failed' WHERE finished_at IS NULL")
    op.execute("UPDATE literature_record SET kind = 'notice' WHERE is_notice")


def downgrade() -> None:
    """Take them away again, with what they hold."""

    op.drop_column("search_run", "question_seq")
    op.drop_column("search_run", "library_size")
    op.drop_column("search_run", "ranking")
    op.drop_column("search_run", "expansions")
    op.drop_column("search_run", "synonyms")

    op.drop_index(op.f("ix_literature_record_merged_into"), table_name="literature_record")
    op.drop_column("literature_record", "status_decided_at")
    op.drop_column("literature_record", "status_checked_at")
    op.drop_column("literature_record", "limits")
    op.drop_column("literature_record", "peer_review")
    op.drop_column("literature_record", "funding")
    op.drop_column("literature_record", "participants")
    op.drop_column("literature_record", "medical_only")
    op.drop_column("literature_record", "source")
    op.drop_column("literature_record", "populations")
    op.drop_column("literature_record", "keywords")
    op.drop_column("literature_record", "merged_into")
    op.drop_column("literature_record", "kind")

    op.drop_index(op.f("ix_import_run_state"), table_name="import_run")
    op.drop_column("import_run", "report_sha256")
    op.drop_column("import_run", "cancel_asked_at")
    op.drop_column("import_run", "confirmed_at")
    op.drop_column("import_run", "updated")
    op.drop_column("import_run", "total")
    op.drop_column("import_run", "products")
    op.drop_column("import_run", "mapping")
    op.drop_column("import_run", "encoding_note")
    op.drop_column("import_run", "encoding")
    op.drop_column("import_run", "state")

    # What was only checked has no outcome, and the former release knows no such lines.
    op.execute("DELETE FROM import_item WHERE outcome IS NULL")
    with op.batch_alter_table("import_item", schema=None) as batch_op:
        batch_op.drop_index("ix_import_item_run_outcome")
        batch_op.drop_index("ix_import_item_run_finding")
        batch_op.alter_column("outcome", existing_type=sa.VARCHAR(length=60), nullable=False)
        batch_op.drop_column("details")
        batch_op.drop_column("title")
        batch_op.drop_column("choice")
        batch_op.drop_column("finding")

    with op.batch_alter_table("search_alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_alert_search_id"))

    op.drop_table("search_alert")
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_search_owner_id"))
        batch_op.drop_index(batch_op.f("ix_saved_search_inquiry_id"))

    op.drop_table("saved_search")
    with op.batch_alter_table("literature_page", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_literature_page_full_text_id"))

    op.drop_table("literature_page")
    with op.batch_alter_table("literature_right", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_literature_right_record_id"))

    op.drop_table("literature_right")
    with op.batch_alter_table("literature_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_literature_pair_state"))
        batch_op.drop_index(batch_op.f("ix_literature_pair_second_id"))
        batch_op.drop_index(batch_op.f("ix_literature_pair_first_id"))

    op.drop_table("literature_pair")
    with op.batch_alter_table("literature_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_literature_merge_kept_id"))
        batch_op.drop_index(batch_op.f("ix_literature_merge_gone_id"))

    op.drop_table("literature_merge")
    with op.batch_alter_table("literature_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_literature_link_to_id"))
        batch_op.drop_index(batch_op.f("ix_literature_link_pmid"))
        batch_op.drop_index(batch_op.f("ix_literature_link_from_id"))
        batch_op.drop_index(batch_op.f("ix_literature_link_doi"))

    op.drop_table("literature_link")
    with op.batch_alter_table("literature_full_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_literature_full_text_state"))
        batch_op.drop_index(batch_op.f("ix_literature_full_text_record_id"))

    op.drop_table("literature_full_text")
    with op.batch_alter_table("literature_block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_literature_block_key"))

    op.drop_table("literature_block")
    with op.batch_alter_table("listed_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listed_notice_pmid"))
        batch_op.drop_index(batch_op.f("ix_listed_notice_doi"))

    op.drop_table("listed_notice")
