"""What the blog asks of commenters, and whether readers vote for comments."""

from alembic import op

revision = "2026_11_23_0004"
down_revision = "2026_11_23_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE blog ADD COLUMN comment_names TEXT NOT NULL DEFAULT 'optional'")
    op.execute("ALTER TABLE blog ADD COLUMN comment_votes TEXT NOT NULL DEFAULT 'off'")
