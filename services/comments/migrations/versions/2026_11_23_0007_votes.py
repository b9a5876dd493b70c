"""How many votes a network has given of late."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0007"
down_revision = "2026_11_23_0006"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "vote_quotas",
        sa.Column("network_hash", sa.Text(), nullable=False),
        sa.Column("hour", Int64, nullable=False),
        sa.Column("given", Int64, nullable=False),
        sa.PrimaryKeyConstraint("network_hash"),
        sqlite_strict=True,
    )
    op.create_index("vote_quotas_by_hour", "vote_quotas", ["hour"])
