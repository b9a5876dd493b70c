"""Computed related posts: vectors, terms, lists, what editors say of them. Live posts wait for the service's job."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0005"
down_revision = "2026_11_23_0004"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, Int64, autoincrement=False, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    _work()
    _terms()
    _docs()
    _editors()
    op.execute("INSERT INTO related_state (id, turn, next_doc, next_term) VALUES (1, 0, 1, 1)")
    op.execute(
        "INSERT INTO related_owed (post_id, marks) SELECT id, 1 FROM posts WHERE state = 'live' AND kind = 'post'"
    )


def _work() -> None:
    op.create_table(
        "related_owed",
        _number("post_id"),
        _number("marks"),
        sa.PrimaryKeyConstraint("post_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "related_state",
        _number("id"),
        _number("turn"),
        _number("next_doc"),
        _number("next_term"),
        _number("swept_at", nullable=True),
        sa.CheckConstraint("id = 1", name="related_state_is_one"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )


def _terms() -> None:
    op.create_table(
        "related_languages",
        _text("lang"),
        _number("posts"),
        _number("weighed_posts"),
        _number("generation"),
        sa.PrimaryKeyConstraint("lang"),
        sqlite_strict=True,
    )
    op.create_table(
        "related_terms",
        _number("id"),
        _text("lang"),
        _text("text"),
        _text("surface"),
        _number("lent_by", nullable=True),
        _number("posts"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("lang", "text", name="related_terms_by_text"),
        sqlite_strict=True,
    )
    op.create_table(
        "related_labels",
        _text("lang"),
        _number("label_id"),
        _number("posts"),
        sa.PrimaryKeyConstraint("lang", "label_id"),
        sqlite_strict=True,
    )


def _docs() -> None:
    op.create_table(
        "related_docs",
        _number("doc"),
        _number("post_id", nullable=True),
        _text("lang"),
        _number("generation"),
        _number("wants"),
        _number("least"),
        sa.CheckConstraint("wants IN (0, 1, 2)", name="related_docs_wants"),
        sa.PrimaryKeyConstraint("doc"),
        sa.UniqueConstraint("post_id"),
        sqlite_strict=True,
    )
    op.create_index("related_docs_by_generation", "related_docs", ["lang", "generation", "doc"])
    op.create_index("related_docs_wanting", "related_docs", ["wants", "doc"])
    op.create_table(
        "related_vectors",
        _number("doc"),
        _bytes("terms"),
        _bytes("labels"),
        _number("day"),
        sa.PrimaryKeyConstraint("doc"),
        sqlite_strict=True,
    )
    op.create_table(
        "related_postings",
        _number("term"),
        _number("doc"),
        _number("weight"),
        sa.PrimaryKeyConstraint("term", "doc"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "related_lists",
        _number("doc"),
        _number("other"),
        _number("score"),
        _number("place"),
        _bytes("terms"),
        _number("label_id", nullable=True),
        sa.PrimaryKeyConstraint("doc", "other"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("related_lists_with", "related_lists", ["other", "doc"])


def _editors() -> None:
    op.create_table(
        "related_mentions",
        _number("post_id"),
        _text("path"),
        _number("position"),
        sa.PrimaryKeyConstraint("post_id", "path"),
        sqlite_strict=True,
    )
    op.create_index("related_mentions_of", "related_mentions", ["path", "post_id"])
    op.create_table(
        "related_rules",
        _number("post_id"),
        _number("other_id"),
        _text("rule"),
        _number("position"),
        sa.CheckConstraint("rule IN ('pin', 'forbid')", name="related_rules_rule"),
        sa.PrimaryKeyConstraint("post_id", "other_id"),
        sqlite_strict=True,
    )
    op.create_index("related_rules_about", "related_rules", ["other_id", "post_id"])
    op.create_table(
        "related_choices",
        _number("post_id"),
        _text("computed", nullable=True),
        _number("shown", nullable=True),
        sa.CheckConstraint("computed IN ('on', 'off')", name="related_choices_computed"),
        sa.PrimaryKeyConstraint("post_id"),
        sqlite_strict=True,
    )
    op.execute("ALTER TABLE blog ADD COLUMN related_computed TEXT NOT NULL DEFAULT 'on'")
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(
        "ALTER TABLE blog ADD COLUMN related_shown BIGINT"
        if on_postgresql
        else "ALTER TABLE blog ADD COLUMN related_shown INTEGER"
    )
