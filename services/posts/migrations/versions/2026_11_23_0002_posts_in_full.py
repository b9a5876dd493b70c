"""Settings of the blog, authors' profiles, revisions, the trash, the archive's counts, search, idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0002"
down_revision = "2026_11_23_0001"
branch_labels = None
depends_on = None

Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _blog()
    _authors()
    _posts()
    _deleted_imports()
    _archive()
    _search()
    _idempotency()


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _add(table: str, name: str, kind: str, default: str | None = None) -> None:
    """A column; those that are not null get a default for the rows that are there, and none for later ones."""
    kind = "BIGINT" if kind == "INTEGER" and _is_postgresql() else kind
    needed = "" if default is None else f" NOT NULL DEFAULT {default}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}{needed}")


def _blog() -> None:
    _add("blog", "version", "INTEGER", "1")
    _add("blog", "public_url", "TEXT")
    _add("blog", "meta_description", "TEXT", "''")
    _add("blog", "robots_txt", "TEXT")
    _add("blog", "slug_letters", "TEXT", "'latin'")
    _add("blog", "comment_policy", "TEXT", "'open'")
    _add("blog", "comment_moderation", "TEXT", "'none'")
    _add("blog", "comment_moderation_days", "INTEGER", "14")


def _authors() -> None:
    _add("authors", "about", "TEXT", "''")
    _add("authors", "picture_url", "TEXT")
    _add("authors", "live_count", "INTEGER", "0")
    _add("authors", "version", "INTEGER", "1")
    op.create_index("authors_by_name", "authors", ["name", "id"])
    op.execute(
        "UPDATE authors SET live_count = (SELECT count(*) FROM posts "
        "WHERE posts.author_id = authors.id AND posts.state = 'live' AND posts.kind = 'post')"
    )


def _posts() -> None:
    _add("posts", "has_generated_path", "INTEGER", "0")
    _add("posts", "first_live_at", "INTEGER")
    _add("posts", "trashed_at", "INTEGER")
    _add("posts", "trashed_from", "TEXT")
    _add("posts", "written_by", "TEXT")
    op.execute("UPDATE posts SET first_live_at = published_at WHERE state = 'live'")
    op.execute("UPDATE posts SET trashed_at = updated_at, trashed_from = 'draft' WHERE state = 'trashed'")
    _add("related_links", "target_id", "INTEGER")
    op.create_index("links_to_path", "related_links", ["target_path"])
    op.create_table(
        "revisions",
        sa.Column("post_id", Int64, nullable=False),
        sa.Column("version", Int64, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body_format", sa.Text(), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("related_links", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=True),
        sa.Column("written_at", Int64, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"]),
        sa.PrimaryKeyConstraint("post_id", "version"),
        sqlite_strict=True,
    )


def _deleted_imports() -> None:
    op.create_table(
        "deleted_imports",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("deleted_at", Int64, nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id"),
        sqlite_strict=True,
    )


def _archive() -> None:
    """Filled by the service, which knows zones: an empty archive beside live posts is counted at its start."""
    op.create_table(
        "archive",
        sa.Column("year", Int64, autoincrement=False, nullable=False),
        sa.Column("month", Int64, autoincrement=False, nullable=False),
        sa.Column("live_count", Int64, nullable=False),
        sa.PrimaryKeyConstraint("year", "month"),
        sqlite_strict=True,
    )


def _search() -> None:
    """Posts that are there wait for the service's job."""
    words = sa.Text().with_variant(sa.dialects.postgresql.TSVECTOR(), "postgresql")
    op.create_table(
        "search_docs",
        sa.Column("docid", Int64, autoincrement=False, nullable=False),
        sa.Column("post_id", Int64, nullable=False),
        sa.Column("title", words, nullable=False),
        sa.Column("tags", words, nullable=False),
        sa.Column("body", words, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"]),
        sa.PrimaryKeyConstraint("docid"),
        sa.UniqueConstraint("post_id"),
        sqlite_strict=True,
    )
    for statement in _ON_POSTGRESQL if _is_postgresql() else _ON_SQLITE:
        op.execute(statement)
    op.create_table(
        "search_owed",
        sa.Column("post_id", Int64, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"]),
        sa.PrimaryKeyConstraint("post_id"),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO search_owed (post_id) SELECT id FROM posts")
    op.create_table(
        "name_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", "marker"),
        sqlite_strict=True,
    )
    op.create_index("words_of_name", "name_words", ["marker"])


_ON_POSTGRESQL = (("CREATE INDEX words_of_search_docs ON search_docs USING gin ((title || tags || body))"),)
_ON_SQLITE = (
    (
        "CREATE VIRTUAL TABLE search_index USING fts5(title, tags, body, content='search_docs', content_rowid='docid', "
        "tokenize='ascii')"
    ),
    (
        "CREATE TRIGGER search_docs_added AFTER INSERT ON search_docs BEGIN "
        "INSERT INTO search_index (rowid, title, tags, body) VALUES (new.docid, new.title, new.tags, new.body); END"
    ),
    (
        "CREATE TRIGGER search_docs_gone AFTER DELETE ON search_docs BEGIN "
        "INSERT INTO search_index (search_index, rowid, title, tags, body) "
        "VALUES ('delete', old.docid, old.title, old.tags, old.body); END"
    ),
    (
        "CREATE TRIGGER search_docs_changed AFTER UPDATE ON search_docs BEGIN "
        "INSERT INTO search_index (search_index, rowid, title, tags, body) "
        "VALUES ('delete', old.docid, old.title, old.tags, old.body); "
        "INSERT INTO search_index (rowid, title, tags, body) VALUES (new.docid, new.title, new.tags, new.body); END"
    ),
)


def _idempotency() -> None:
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
