"""Threads with their counts, comments, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0001"
down_revision = None
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _threads()
    _changes()


def _transaction_id() -> sa.TextClause:
    """What the outbox orders by besides the sequence number; SQLite has one writer and needs no more."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.text("(pg_current_xact_id()::text::bigint)" if postgresql else "0")


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("post_id", Int64, autoincrement=False, nullable=False),
        sa.Column("live_count", Int64, nullable=False),
        sa.Column("shown_count", Int64, nullable=False),
        sa.Column("version", Int64, nullable=False),
        sa.PrimaryKeyConstraint("post_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "comments",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("post_id", Int64, nullable=False),
        sa.Column("parent_id", Int64, nullable=True),
        sa.Column("depth", Int64, nullable=False),
        sa.Column("order_key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("author_url", sa.Text(), nullable=True),
        sa.Column("published_at", Int64, nullable=False),
        sa.Column("edited_at", Int64, nullable=True),
        sa.Column("version", Int64, nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("policy_version", Int64, nullable=False),
        sa.Column("body_format", sa.Text(), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["comments.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "source_id", name="comments_by_source"),
        sa.CheckConstraint("state IN ('live', 'held', 'spam', 'removed', 'deleted')", name="comments_state"),
        sqlite_strict=True,
    )
    op.create_index(
        "comments_shown_in_thread",
        "comments",
        ["post_id", "order_key"],
        unique=False,
        sqlite_where=sa.text("state IN ('live', 'deleted')"),
        postgresql_where=sa.text("state IN ('live', 'deleted')"),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", Int64, autoincrement=True, nullable=False),
        sa.Column("xid", Int64, server_default=_transaction_id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity_id", Int64, nullable=False),
        sa.Column("version", Int64, nullable=False),
        sa.Column("touches", sa.Text(), nullable=False),
        sa.Column("at", Int64, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("changes_in_order", "changes", ["xid", "seq"], unique=False)
