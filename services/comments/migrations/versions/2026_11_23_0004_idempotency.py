"""Answers to comments that may be sent again."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0004"
down_revision = "2026_11_23_0003"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "idempotency",
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", Int64, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", Int64, nullable=False),
        sa.PrimaryKeyConstraint("key_hash"),
        sqlite_strict=True,
    )
    op.create_index("idempotency_by_age", "idempotency", ["created_at"])
