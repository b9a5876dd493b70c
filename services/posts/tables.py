"""The tables of the posts database. Each index names the question that it answers."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, MetaData, Table, Text, UniqueConstraint

from services.common.changes import changes_table
from services.common.idempotency import idempotency_table
from services.common.sqltypes import Instant, Int64

metadata = MetaData()

blog = Table(
    "blog",
    metadata,
    Column("id", Int64, CheckConstraint("id = 1", name="blog_is_one"), primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("posts_per_page", Int64, nullable=False),
    Column("updated_at", Instant),  # null until somebody has set the blog up
    Column("version", Int64, nullable=False),
    Column("public_url", Text),  # null: the one that the service was started with
    Column("meta_description", Text, nullable=False),
    Column("robots_txt", Text),  # null: Dateline's own
    Column("slug_letters", Text, nullable=False),
    Column("comment_policy", Text, nullable=False),
    Column("comment_moderation", Text, nullable=False),
    Column("comment_moderation_days", Int64, nullable=False),
    Column("comment_names", Text, nullable=False),
    Column("comment_votes", Text, nullable=False),
    Column("related_computed", Text, nullable=False),
    Column("related_shown", Int64),  # null: as many as the gateway's settings say
    sqlite_strict=True,
)

authors = Table(
    "authors",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("url", Text),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("picture_url", Text),
    Column("live_count", Int64, nullable=False),
    Column("version", Int64, nullable=False),
    UniqueConstraint("source", "source_id", name="authors_by_source"),
    Index("authors_by_name", "name", "id"),
    sqlite_strict=True,
)

posts = Table(
    "posts",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("kind", Text, CheckConstraint("kind IN ('post', 'page')", name="posts_kind"), nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('draft', 'scheduled', 'live', 'trashed')", name="posts_state"),
        nullable=False,
    ),
    Column("title", Text, nullable=False),
    Column("path", Text, unique=True),  # null until first published
    Column("author_id", Int64, ForeignKey("authors.id")),
    Column("excerpt", Text, nullable=False),
    Column(
        "comment_policy",
        Text,
        CheckConstraint("comment_policy IN ('open', 'closed', 'hidden')", name="posts_comment_policy"),
        nullable=False,
    ),
    Column("published_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("version", Int64, nullable=False),
    Column("source", Text),
    Column("source_id", Text),
    Column("body_html", Text, nullable=False),
    Column("policy_version", Int64, nullable=False),
    Column("body_format", Text, nullable=False),
    Column("body_source", Text, nullable=False),
    Column("has_generated_path", Int64, nullable=False),  # 0 or 1
    Column("first_live_at", Instant),  # null while no reader can know its path
    Column("trashed_at", Instant),
    Column("trashed_from", Text),  # the state that restoring brings back
    Column("written_by", Text),  # the principal whose words these are; null for imported ones
    UniqueConstraint("source", "source_id", name="posts_by_source"),
    Index("posts_by_date", "state", "kind", "published_at", "id"),  # lists, previous and next, what is due
    sqlite_strict=True,
)

paths = Table(
    "paths",
    metadata,
    Column("path", Text, primary_key=True),  # every path that a post has or had, so that none is given twice
    # deferred: a path is claimed before its post is stored, so that two writers cannot both take it
    Column("post_id", Int64, ForeignKey("posts.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Index("paths_of_post", "post_id"),
    sqlite_strict=True,
)

labels = Table(
    "labels",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("live_count", Int64, nullable=False),
    sqlite_strict=True,
)

post_labels = Table(
    "post_labels",
    metadata,
    Column("post_id", Int64, ForeignKey("posts.id"), primary_key=True),
    Column("label_id", Int64, ForeignKey("labels.id"), primary_key=True),
    Column("position", Int64, nullable=False),
    Column("live_at", Instant),  # the post's published_at while it is live, else null
    Index("live_posts_of_label", "label_id", "live_at", "post_id"),
    sqlite_strict=True,
)

related_links = Table(
    "related_links",
    metadata,
    Column("post_id", Int64, ForeignKey("posts.id"), primary_key=True),
    Column("position", Int64, primary_key=True, autoincrement=False),
    Column("headline", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("target_path", Text),  # set when the link points into the blog: followed to the post while it is live
    Column("target_id", Int64),  # set when the post behind the link is known; no key, because posts may go
    Index("links_to_path", "target_path"),
    Index("links_to_post", "target_id"),
    sqlite_strict=True,
)

deleted_imports = Table(
    "deleted_imports",
    metadata,
    Column("source", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("deleted_at", Instant, nullable=False),
    sqlite_strict=True,
)

revisions = Table(
    "revisions",
    metadata,
    Column("post_id", Int64, ForeignKey("posts.id"), primary_key=True),
    Column("version", Int64, primary_key=True, autoincrement=False),  # the post's, while these were its words
    Column("title", Text, nullable=False),
    Column("body_format", Text, nullable=False),
    Column("body_source", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("related_links", Text, nullable=False),
    Column("written_by", Text),
    Column("written_at", Instant, nullable=False),
    sqlite_strict=True,
)

archive = Table(
    "archive",
    metadata,
    Column("year", Int64, primary_key=True, autoincrement=False),
    Column("month", Int64, primary_key=True, autoincrement=False),  # in the blog's zone
    Column("live_count", Int64, nullable=False),
    sqlite_strict=True,
)

keys = Table(
    "keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("secret_hash", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    sqlite_strict=True,
)

changes = changes_table(metadata)
idempotency = idempotency_table(metadata)
