"""What readers do besides writing: they change and delete, vote, are told of replies; and what bounds them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0005"
down_revision = "2026_11_23_0004"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NO_BYTES = {"postgresql": sa.text("''"), "sqlite": sa.text("x''")}
HAS_PLACE = sa.text("has_place = 1")


def upgrade() -> None:
    _widen_comments()
    op.execute("ALTER TABLE posts_feed ADD COLUMN names TEXT NOT NULL DEFAULT 'optional'")
    op.execute("ALTER TABLE posts_feed ADD COLUMN votes TEXT NOT NULL DEFAULT 'off'")
    op.execute("UPDATE posts_feed SET place = NULL")  # so that these are asked for
    op.create_table(
        "staff_names",
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("folded"),
        sqlite_strict=True,
    )
    op.create_table(
        "address_salts",
        sa.Column("period", Int64, autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("period"),
        sqlite_strict=True,
    )
    op.create_table(
        "blocks",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Int64, nullable=False),
        sa.Column("hits", Int64, nullable=False),
        sa.Column("last_hit_at", Int64),
        sa.CheckConstraint("kind IN ('word', 'link', 'address')", name="blocks_kind"),
        sa.UniqueConstraint("kind", "value", name="blocks_by_value"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "votes",
        sa.Column("comment_id", Int64, nullable=False),
        sa.Column("voter_hash", sa.Text(), nullable=False),
        sa.Column("voted_at", Int64, nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"]),
        sa.PrimaryKeyConstraint("comment_id", "voter_hash"),
        sqlite_strict=True,
    )
    _create_mail()


def _widen_comments() -> None:
    op.add_column("comments", sa.Column("token_hash", sa.Text()))
    op.add_column("comments", sa.Column("address_hash", sa.Text()))
    op.add_column("comments", sa.Column("text_hash", Int64))
    op.add_column("comments", sa.Column("votes", Int64, nullable=False, server_default="0"))
    empty = NO_BYTES[op.get_context().dialect.name]
    op.add_column("comments", sa.Column("root_key", sa.LargeBinary(), nullable=False, server_default=empty))
    op.add_column("comments", sa.Column("has_place", Int64, nullable=False, server_default="0"))
    op.execute("UPDATE comments SET root_key = substr(order_key, 1, 12)")
    op.execute("UPDATE comments SET has_place = 1 WHERE state IN ('live', 'deleted')")
    op.create_index(
        "comments_by_address",
        "comments",
        ["address_hash", "published_at", "id"],
        sqlite_where=sa.text("address_hash IS NOT NULL"),
        postgresql_where=sa.text("address_hash IS NOT NULL"),
    )
    op.create_index(
        "comments_by_text",
        "comments",
        ["text_hash", "published_at"],
        sqlite_where=sa.text("text_hash IS NOT NULL"),
        postgresql_where=sa.text("text_hash IS NOT NULL"),
    )
    op.drop_index("comments_shown_in_thread", "comments")
    for name, order in (("oldest", ["order_key"]), ("newest", [sa.text("root_key DESC"), "order_key"])):
        op.create_index(
            f"comments_{name}_first",
            "comments",
            ["post_id", *order],
            sqlite_where=HAS_PLACE,
            postgresql_where=HAS_PLACE,
        )


def _create_mail() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("comment_id", Int64, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("made_at", Int64, nullable=False),
        sa.Column("confirmed_at", Int64),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("subscriptions_of_comment", "subscriptions", ["comment_id"])
    op.create_index("subscriptions_of_email", "subscriptions", ["email", "made_at"])
    op.create_table(
        "mails",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("subscription_id", Int64, nullable=False),
        sa.Column("reply_id", Int64),
        sa.Column("due_at", Int64, nullable=False),
        sa.Column("tries", Int64, nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("mails_by_time", "mails", ["due_at", "id"])
