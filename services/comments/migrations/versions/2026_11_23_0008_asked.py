"""How often an address is asked is counted apart from what is asked for, which may be gone."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0008"
down_revision = "2026_11_23_0007"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "asked",
        sa.Column("subscription_id", Int64, autoincrement=False, nullable=False),
        sa.Column("email_hash", sa.Text(), nullable=False),
        sa.Column("asked_at", Int64, nullable=False),
        sa.PrimaryKeyConstraint("subscription_id"),
        sqlite_strict=True,
    )
    op.create_index("asked_by_email", "asked", ["email_hash", "asked_at"])
    op.create_index("asked_by_time", "asked", ["asked_at"])
    op.drop_index("subscriptions_of_email", "subscriptions")
