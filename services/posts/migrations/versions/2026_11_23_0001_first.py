"""The blog, authors, posts with their paths, labels and picked links, keys, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0001"
down_revision = None
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _blog_and_keys()
    _posts()
    _labels()
    _related_links()
    _changes()
    op.execute(
        "INSERT INTO blog (id, title, description, locale, time_zone, posts_per_page) "
        "VALUES (1, 'Dateline', '', 'en-US', 'UTC', 10)"
    )


def _transaction_id() -> sa.TextClause:
    """What the outbox orders by besides the sequence number; SQLite has one writer and needs no more."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.text("(pg_current_xact_id()::text::bigint)" if postgresql else "0")


def _blog_and_keys() -> None:
    op.create_table(
        "blog",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("posts_per_page", Int64, nullable=False),
        sa.Column("updated_at", Int64, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("id = 1", name="blog_is_one"),
        sqlite_strict=True,
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", Int64, nullable=False),
        sa.Column("expires_at", Int64, nullable=True),
        sa.Column("revoked_at", Int64, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )


def _posts() -> None:
    op.create_table(
        "authors",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "source_id", name="authors_by_source"),
        sqlite_strict=True,
    )
    op.create_table(
        "posts",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("author_id", Int64, nullable=True),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("comment_policy", sa.Text(), nullable=False),
        sa.Column("published_at", Int64, nullable=True),
        sa.Column("created_at", Int64, nullable=False),
        sa.Column("updated_at", Int64, nullable=False),
        sa.Column("version", Int64, nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("policy_version", Int64, nullable=False),
        sa.Column("body_format", sa.Text(), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["authors.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
        sa.UniqueConstraint("source", "source_id", name="posts_by_source"),
        sa.CheckConstraint("kind IN ('post', 'page')", name="posts_kind"),
        sa.CheckConstraint("state IN ('draft', 'scheduled', 'live', 'trashed')", name="posts_state"),
        sa.CheckConstraint("comment_policy IN ('open', 'closed', 'hidden')", name="posts_comment_policy"),
        sqlite_strict=True,
    )
    op.create_index("posts_by_date", "posts", ["state", "kind", "published_at", "id"], unique=False)
    op.create_table(
        "paths",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("post_id", Int64, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("path"),
        sqlite_strict=True,
    )
    op.create_index("paths_of_post", "paths", ["post_id"], unique=False)


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("live_count", Int64, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "post_labels",
        sa.Column("post_id", Int64, nullable=False),
        sa.Column("label_id", Int64, nullable=False),
        sa.Column("position", Int64, nullable=False),
        sa.Column("live_at", Int64, nullable=True),
        sa.ForeignKeyConstraint(
            ["label_id"],
            ["labels.id"],
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
        ),
        sa.PrimaryKeyConstraint("post_id", "label_id"),
        sqlite_strict=True,
    )
    op.create_index("live_posts_of_label", "post_labels", ["label_id", "live_at", "post_id"], unique=False)


def _related_links() -> None:
    op.create_table(
        "related_links",
        sa.Column("post_id", Int64, nullable=False),
        sa.Column("position", Int64, autoincrement=False, nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("target_path", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
        ),
        sa.PrimaryKeyConstraint("post_id", "position"),
        sqlite_strict=True,
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
