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
    Column("names", Text, nullable=False),  # 'required' or 'optional'
    Column("votes", Text, nullable=False),  # 'on' or 'off'
    sqlite_strict=True,
)

staff_names = Table(
    "staff_names",
    metadata,
    Column("folded", Text, primary_key=True),  # as look-alikes are told
    Column("name", Text, nullable=False),
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
    Column("token_hash", Text),  # of its author's edit token
    Column("address_hash", Text),  # of its author's network, by a key that is forgotten; null of imported ones
    Column("text_hash", Int64),  # of the folded text, where that is long enough to be repeated by no chance
    Column("votes", Int64, nullable=False, default=0),
    Column("root_key", LargeBinary, nullable=False),  # that of the comment at the top of its sub-thread
    Column("has_place", Int64, nullable=False),  # in the thread for readers: live, or deleted with replies below it
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

address_salts = Table(
    "address_salts",
    metadata,
    Column("period", Int64, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    sqlite_strict=True,
)

blocks = Table(
    "blocks",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("kind", Text, CheckConstraint("kind IN ('word', 'link', 'address')", name="blocks_kind"), nullable=False),
    Column("value", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("hits", Int64, nullable=False),
    Column("last_hit_at", Instant),
    UniqueConstraint("kind", "value", name="blocks_by_value"),
    sqlite_strict=True,
)

votes = Table(
    "votes",
    metadata,
    Column("comment_id", Int64, ForeignKey("comments.id"), primary_key=True, autoincrement=False),
    Column("voter_hash", Text, primary_key=True),
    Column("voted_at", Instant, nullable=False),
    sqlite_strict=True,
)

vote_quotas = Table(
    "vote_quotas",
    metadata,
    Column("network_hash", Text, primary_key=True),  # of a network in an hour
    Column("hour", Int64, nullable=False),
    Column("given", Int64, nullable=False),
    Index("vote_quotas_by_hour", "hour"),  # which are to be forgotten
    sqlite_strict=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("comment_id", Int64, ForeignKey("comments.id"), nullable=False),  # whose replies are told of
    Column("email", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Index("subscriptions_of_comment", "comment_id"),
    sqlite_strict=True,
)

asked = Table(
    "asked",
    metadata,
    Column("subscription_id", Int64, primary_key=True, autoincrement=False),  # which may have ended
    Column("email_hash", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Index("asked_by_email", "email_hash", "asked_at"),  # how often an address was asked of late
    Index("asked_by_time", "asked_at"),  # which are to be forgotten
    sqlite_strict=True,
)

mails = Table(
    "mails",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("subscription_id", Int64, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("reply_id", Int64),  # null: it asks for confirmation
    Column("due_at", Instant, nullable=False),
    Column("tries", Int64, nullable=False),
    Index("mails_by_time", "due_at", "id"),
    sqlite_strict=True,
)

# Only what has a place stands in them, so that a thread full of spam costs a page nothing.
oldest_first = Index(
    "comments_oldest_first",
    comments.c.post_id,
    comments.c.order_key,
    sqlite_where=comments.c.has_place == 1,
    postgresql_where=comments.c.has_place == 1,
)

newest_first = Index(
    "comments_newest_first",
    comments.c.post_id,
    comments.c.root_key.desc(),
    comments.c.order_key,
    sqlite_where=comments.c.has_place == 1,
    postgresql_where=comments.c.has_place == 1,
)

# What its network has written of late, for quotas and for moderators.
by_address = Index(
    "comments_by_address",
    comments.c.address_hash,
    comments.c.published_at,
    comments.c.id,
    sqlite_where=comments.c.address_hash.is_not(None),
    postgresql_where=comments.c.address_hash.is_not(None),
)

# Which were not confirmed in time.
unconfirmed = Index(
    "subscriptions_unconfirmed",
    subscriptions.c.made_at,
    sqlite_where=subscriptions.c.confirmed_at.is_(None),
    postgresql_where=subscriptions.c.confirmed_at.is_(None),
)

# Where else the same was said.
by_text = Index(
    "comments_by_text",
    comments.c.text_hash,
    comments.c.published_at,
    sqlite_where=comments.c.text_hash.is_not(None),
    postgresql_where=comments.c.text_hash.is_not(None),
)

changes = changes_table(metadata)
idempotency = idempotency_table(metadata)
