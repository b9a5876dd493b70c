"""Posts as single rows and as lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    exists,
    literal,
    select,
    type_coerce,
)

from services.common.cursors import TimeCursor
from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.tables import authors, blog, labels, post_labels, posts

Row = Mapping[str, Any]
LIVE = posts.c.state == "live"
AUTHOR = (authors.c.name.label("author_name"), authors.c.url.label("author_url"))
LISTED = (
    posts.c.id,
    posts.c.kind,
    posts.c.state,
    posts.c.version,
    posts.c.created_at,
    posts.c.path,
    posts.c.title,
    posts.c.published_at,
    posts.c.updated_at,
    posts.c.author_id,
    posts.c.excerpt,
    posts.c.comment_policy,
)


def place_of(cursor: TimeCursor) -> tuple[ColumnElement[object], ColumnElement[object]]:
    return (
        literal(cursor.at, posts.c.published_at.type),
        literal(cursor.row_id, posts.c.id.type),
    )


_LABELS = Prepared(
    lambda dialect: (
        select(post_labels.c.post_id, labels.c.id, labels.c.name, labels.c.live_count)
        .join(labels, labels.c.id == post_labels.c.label_id)
        .where(post_labels.c.post_id.in_(given_numbers(dialect, "post_ids")))
        .order_by(post_labels.c.post_id, post_labels.c.position)
    )
)


async def labels_by_post(reads: Reads, post_ids: Collection[int]) -> Mapping[int, list[Row]]:
    """Each post's labels (`id`, `name`, `live_count`) in its editor's order."""
    by_post: dict[int, list[Row]] = defaultdict(list)
    for row in await _LABELS.rows(reads, post_ids=as_given(post_ids)):
        by_post[row["post_id"]].append(row)
    return by_post


_PUBLISHED = type_coerce(posts.c.published_at, Int64).label("published")
_TARGET = (posts.c.id, posts.c.path, posts.c.title, _PUBLISHED, posts.c.comment_policy, posts.c.state)
_TARGETS = Prepared(lambda dialect: select(*_TARGET).where(posts.c.id.in_(given_numbers(dialect, "post_ids"))))


async def live_posts_by_ids(reads: Reads, post_ids: Collection[int]) -> list[Row]:
    """`published` as it is stored. The state is looked at here: asked for it, SQLite walks through all live posts
    instead of taking the ids.
    """
    rows = await _TARGETS.rows(reads, post_ids=as_given(post_ids))
    return [row for row in rows if row["state"] == "live"]


async def post_by_id(reads: Reads, post_id: int) -> RowMapping | None:
    """A post in whatever state, with its author's name and URL, and the blog's public URL if it has one of its own."""
    query = (
        select(posts, *AUTHOR, blog.c.public_url)
        .join(authors, authors.c.id == posts.c.author_id, isouter=True)
        .join(blog, literal(value=True))
    )
    return (await reads.execute(query.where(posts.c.id == post_id))).mappings().one_or_none()


async def post_exists(reads: Reads, post_id: int) -> bool:
    return bool((await reads.execute(select(exists().where(posts.c.id == post_id)))).scalar())
