"""Finds the subscriptions that nobody confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0006"
down_revision = "2026_11_23_0005"
branch_labels = None
depends_on = None

UNCONFIRMED = sa.text("confirmed_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "subscriptions_unconfirmed",
        "subscriptions",
        ["made_at"],
        sqlite_where=UNCONFIRMED,
        postgresql_where=UNCONFIRMED,
    )
