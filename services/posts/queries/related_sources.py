"""Where related posts of a post come from, each source as rows of the same columns."""

from typing import Final

from sqlalchemy import ColumnElement, LargeBinary, Select, Text, bindparam, cast, literal, null, select, type_coerce

from services.common.sqltypes import Int64
from services.posts.related_tables import related_docs, related_lists, related_mentions, related_rules
from services.posts.tables import paths, posts

_POST_ID: Final = bindparam("post_id", type_=Int64)
_LINKED: Final = 20
"""Posts that link to a post: the newest."""
_POST = (
    posts.c.id,
    posts.c.path,
    posts.c.title,
    type_coerce(posts.c.published_at, Int64).label("published"),
    posts.c.comment_policy,
    posts.c.state,
    posts.c.kind.label("post_kind"),
)
_NO_REASONS = (
    cast(null(), Int64).label("score"),
    cast(null(), LargeBinary).label("terms"),
    cast(null(), Int64).label("label_id"),
)


def pinned() -> Select[tuple[object, ...]]:
    return (
        select(*_POST, literal("pinned", Text).label("kind"), related_rules.c.position.label("place"), *_NO_REASONS)
        .join(related_rules, related_rules.c.other_id == posts.c.id)
        .where(related_rules.c.post_id == _POST_ID, related_rules.c.rule == "pin")
    )


def linked_to() -> Select[tuple[object, ...]]:
    return (
        select(*_POST, literal("linked", Text).label("kind"), related_mentions.c.position.label("place"), *_NO_REASONS)
        .join_from(related_mentions, paths, paths.c.path == related_mentions.c.path)
        .join(posts, posts.c.id == paths.c.post_id)
        .where(related_mentions.c.post_id == _POST_ID, ~_is_forbidden())
    )


def linking() -> Select[tuple[object, ...]]:
    """After what the text itself links to."""
    by = related_mentions.alias("by")
    newest = (
        select(by.c.post_id)
        .join_from(paths, by, by.c.path == paths.c.path)
        .where(paths.c.post_id == _POST_ID)
        .distinct()
        .order_by(by.c.post_id.desc())
        .limit(_LINKED)
        .subquery()
    )
    place = literal(1_000, Int64).label("place")
    return (
        select(*_POST, literal("linked", Text).label("kind"), place, *_NO_REASONS)
        .join_from(newest, posts, posts.c.id == newest.c.post_id)
        .where(~_is_forbidden())
    )


def computed() -> Select[tuple[object, ...]]:
    mine, theirs = related_docs.alias("mine"), related_docs.alias("theirs")
    reasons = (related_lists.c.score, related_lists.c.terms, related_lists.c.label_id)
    return (
        select(*_POST, literal("computed", Text).label("kind"), related_lists.c.place, *reasons)
        .join_from(mine, related_lists, related_lists.c.doc == mine.c.doc)
        .join(theirs, theirs.c.doc == related_lists.c.other)
        .join(posts, posts.c.id == theirs.c.post_id)
        .where(mine.c.post_id == _POST_ID, ~_is_forbidden())
    )


def _is_forbidden() -> ColumnElement[bool]:
    forbidden = related_rules.alias("forbidden")
    return posts.c.id.in_(
        select(forbidden.c.other_id).where(forbidden.c.post_id == _POST_ID, forbidden.c.rule == "forbid")
    )
