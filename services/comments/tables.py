"""The tables of the comments database. Each index names the question that it answers."""

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from services.common.changes import changes_table
from services.common.idempotency import idempotency_table
from services.common.sqltypes import Instant, Int64

metadata = MetaData()

threads = Table(
    "threads",
    metadata,
    Column("post_id", Int64, primary_key=True, autoincrement=False),
    Column("live_count", Int64, nullable=False),
    Column("shown_count", Int64, nullable=False),  # live ones, and deleted ones that keep a place
    Column("version", Int64, nullable=False),
    sqlite_strict=True,
)

followed_posts = Table(
    "followed_posts",
    metadata,
    Column("post_id", Int64, primary_key=True, autoincrement=False),
    Column("is_live", Int64, nullable=False),
    Column(
        "policy",
        Text,
        CheckConstraint("policy IN ('open', 'closed', 'hidden')", name="followed_posts_policy"),
        nullable=False,
    ),
    Column("published_at", Instant),
    Column("version", Int64, nullable=False),
    sqlite_strict=True,
)

posts_feed = Table(
    "posts_feed",
    metadata,
    Column("id", Int64, CheckConstraint("id = 1", name="posts_feed_is_one"), primary_key=True, autoincrement=False),
    Column("place", Text),  # null: everything is to be asked for anew
    Column("moderation", Text, nullable=False),
    Column("moderation_days", Int64, nullable=False),
    sqlite_strict=True,
)

comments = Table(
    "comments",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("post_id", Int64, nullable=False),
    Column("parent_id", Int64, ForeignKey("comments.id")),
    Column("depth", Int64, nullable=False),
    Column("order_key", LargeBinary, nullable=False),  # depth-first place in the thread, see domain/thread_order.py
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('live', 'held', 'spam', 'removed', 'deleted')", name="comments_state"),
        nullable=False,
    ),
    Column("author_name", Text),
    Column("author_url", Text),
    Column("published_at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("version", Int64, nullable=False),
    Column("source", Text),
    Column("source_id", Text),
    Column("body_html", Text, nullable=False),
    Column("policy_version", Int64, nullable=False),
    Column("body_format", Text, nullable=False),
    Column("body_source", Text, nullable=False),
    Column("reasons", Text, nullable=False),  # why it is not shown, a JSON list of sentences
    UniqueConstraint("source", "source_id", name="comments_by_source"),
    Index("comments_by_state", "state", "published_at", "id"),  # the moderators' queue
    Index("comments_of_post_by_state", "post_id", "state", "published_at", "id"),  # the same of a post
    Index("comments_by_name", "author_name", "state", "published_at", "id"),  # of a name, and whether it is known
    sqlite_strict=True,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("comment_id", Int64, ForeignKey("comments.id"), nullable=False),
    Column("action", Text, nullable=False),
    Column("was", Text, nullable=False),
    Column("became", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("decisions_about_comment", "comment_id", "id"),
    sqlite_strict=True,
)

filter_changes = Table(
    "filter_changes",
    metadata,
    Column("slot", Int64, primary_key=True, autoincrement=False),
    Column("change", REAL, nullable=False),
    sqlite_strict=True,
)

# Only what is shown stands in it, so that a thread full of spam costs a page nothing.
shown_in_thread = Index(
    "comments_shown_in_thread",
    comments.c.post_id,
    comments.c.order_key,
    sqlite_where=comments.c.state.in_(["live", "deleted"]),
    postgresql_where=comments.c.state.in_(["live", "deleted"]),
)

changes = changes_table(metadata)
idempotency = idempotency_table(metadata)
