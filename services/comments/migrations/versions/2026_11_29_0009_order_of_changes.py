"""SQLite reads changes in the order of their numbers, and needs no index for it."""

from alembic import op

revision = "2026_11_29_0009"
down_revision = "2026_11_23_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("changes_in_order", "changes")
