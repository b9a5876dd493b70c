"""Finds the posts whose editors link to a post."""

from alembic import op

revision = "2026_11_23_0006"
down_revision = "2026_11_23_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("links_to_post", "related_links", ["target_id"])
