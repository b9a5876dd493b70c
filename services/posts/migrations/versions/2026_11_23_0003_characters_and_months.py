"""The search index also holds single characters of unspaced scripts, and months: every post is indexed again."""

from alembic import op

revision = "2026_11_23_0003"
down_revision = "2026_11_23_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO search_owed (post_id) SELECT id FROM posts WHERE id NOT IN (SELECT post_id FROM search_owed)"
    )
