"""What the posts service says of posts, followed by its feed of changes."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0002"
down_revision = "2026_11_23_0001"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "followed_posts",
        sa.Column("post_id", Int64, autoincrement=False, nullable=False),
        sa.Column("is_live", Int64, nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("published_at", Int64, nullable=True),
        sa.Column("version", Int64, nullable=False),
        sa.PrimaryKeyConstraint("post_id"),
        sa.CheckConstraint("policy IN ('open', 'closed', 'hidden')", name="followed_posts_policy"),
        sqlite_strict=True,
    )
    op.create_table(
        "posts_feed",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("moderation", sa.Text(), nullable=False),
        sa.Column("moderation_days", Int64, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("id = 1", name="posts_feed_is_one"),
        sqlite_strict=True,
    )
    # until the blog's own policy is known, every comment waits
    op.execute("INSERT INTO posts_feed (id, place, moderation, moderation_days) VALUES (1, NULL, 'all', 0)")
