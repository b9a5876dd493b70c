"""Threads: their pages, their counts, single comments of them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import RowMapping, select, text

from services.comments.tables import comments, followed_posts, threads
from services.common.database import Reads

# literal, because a planner cannot match a partial index to parameters
_HAS_PLACE = text("comments.has_place = 1")
_AFTER_ALL = b"\xff"
"""Behind a key it comes after every reply below it: their next byte begins a time."""
_PARENT = comments.alias("parents")
_COMMENT = (
    comments.c.id,
    comments.c.parent_id,
    comments.c.depth,
    comments.c.order_key,
    comments.c.state,
    comments.c.author_name,
    comments.c.author_url,
    comments.c.body_html,
    comments.c.published_at,
    comments.c.edited_at,
)

_POST = tuple(
    column.label(f"post_{column.name}")
    for column in (followed_posts.c.is_live, followed_posts.c.policy, followed_posts.c.version)
)


async def thread_page(reads: Reads, post_id: int, after: bytes | None, limit: int) -> Sequence[RowMapping]:
    """What is shown of a thread, depth first, one row more than the limit when there are more.

    `parent_has_place` tells whether what a reply answers is shown as well; `post_…` are what is followed of the post.
    """
    page = (
        select(*_COMMENT, *_POST, _PARENT.c.has_place.label("parent_has_place"))
        .join(_PARENT, _PARENT.c.id == comments.c.parent_id, isouter=True)
        .join(followed_posts, followed_posts.c.post_id == comments.c.post_id, isouter=True)
        .where(comments.c.post_id == post_id, _HAS_PLACE)
        .order_by(comments.c.order_key)
    )
    if after is not None:
        page = page.where(comments.c.order_key > after)
    return (await reads.execute(page.limit(limit + 1))).mappings().all()


async def live_counts(reads: Reads, post_ids: Collection[int]) -> Mapping[int, int]:
    """Live comments by post; posts without a thread have 0."""
    rows = await reads.execute(select(threads.c.post_id, threads.c.live_count).where(threads.c.post_id.in_(post_ids)))
    return dict.fromkeys(post_ids, 0) | {row.post_id: row.live_count for row in rows}


async def shown_count(reads: Reads, post_id: int) -> int:
    """How many places the thread has, deleted comments included."""
    count = await reads.execute(select(threads.c.shown_count).where(threads.c.post_id == post_id))
    return int(count.scalar() or 0)


async def comment_as_stored(reads: Reads, comment_id: int) -> RowMapping | None:
    return (await reads.execute(select(comments).where(comments.c.id == comment_id))).mappings().one_or_none()


async def comment_by_id(reads: Reads, comment_id: int) -> RowMapping | None:
    rows = await reads.execute(
        select(*_COMMENT, comments.c.post_id, comments.c.version).where(comments.c.id == comment_id)
    )
    return rows.mappings().one_or_none()


async def has_place_below(reads: Reads, post_id: int, order_key: bytes) -> bool:
    """Whether replies stand below the comment with this key, itself aside."""
    below = comments.c.order_key > order_key, comments.c.order_key < order_key + _AFTER_ALL
    query = select(comments.c.id).where(comments.c.post_id == post_id, _HAS_PLACE, *below).limit(1)
    return (await reads.execute(query)).first() is not None
