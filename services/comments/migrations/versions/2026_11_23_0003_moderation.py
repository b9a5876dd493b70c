"""Why comments wait, what moderators decided, and what the filter learnt from that."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0003"
down_revision = "2026_11_23_0002"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.execute("ALTER TABLE comments ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]'")
    op.create_index("comments_by_state", "comments", ["state", "published_at", "id"])
    op.create_index("comments_of_post_by_state", "comments", ["post_id", "state", "published_at", "id"])
    op.create_index("comments_by_name", "comments", ["author_name", "state", "published_at", "id"])
    op.create_table(
        "decisions",
        sa.Column("id", Int64, autoincrement=False, nullable=False),
        sa.Column("comment_id", Int64, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Int64, nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("decisions_about_comment", "decisions", ["comment_id", "id"])
    op.create_table(
        "filter_changes",
        sa.Column("slot", Int64, autoincrement=False, nullable=False),
        sa.Column("change", sa.REAL(), nullable=False),
        sa.PrimaryKeyConstraint("slot"),
        sqlite_strict=True,
    )
