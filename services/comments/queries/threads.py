"""Threads: their counts, single comments of them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, case, select, text

from services.comments.tables import comments, posts_feed, threads
from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.common.sqltypes import Int64

# literal, because a planner cannot match a partial index to parameters
HAS_PLACE = text("comments.has_place = 1")
_AFTER_ALL = b"\xff"
"""Behind a key it comes after every reply below it: their next byte begins a time."""
VOTES_ARE = select(posts_feed.c.votes).scalar_subquery()
COMMENT = (
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
    case((VOTES_ARE == "on", comments.c.votes), else_=0).label("votes"),
)
_ONE = Prepared(
    lambda _: select(*COMMENT, comments.c.post_id, comments.c.version).where(
        comments.c.id == bindparam("comment_id", type_=Int64)
    )
)
_LIVE_COUNTS = Prepared(
    lambda dialect: select(threads.c.post_id, threads.c.live_count).where(
        threads.c.post_id.in_(given_numbers(dialect, "post_ids"))
    )
)
_SHOWN_COUNT = Prepared(
    lambda _: select(threads.c.shown_count).where(threads.c.post_id == bindparam("post_id", type_=Int64))
)


async def live_counts(reads: Reads, post_ids: Collection[int]) -> Mapping[int, int]:
    """Live comments by post; posts without a thread have 0."""
    rows = await _LIVE_COUNTS.rows(reads, post_ids=as_given(post_ids))
    return dict.fromkeys(post_ids, 0) | {row["post_id"]: row["live_count"] for row in rows}


async def shown_count(reads: Reads, post_id: int) -> int:
    """How many places the thread has, deleted comments included."""
    thread = await _SHOWN_COUNT.first(reads, post_id=post_id)
    return 0 if thread is None else thread["shown_count"]


async def comment_as_stored(reads: Reads, comment_id: int) -> RowMapping | None:
    return (await reads.execute(select(comments).where(comments.c.id == comment_id))).mappings().one_or_none()


async def comment_by_id(reads: Reads, comment_id: int) -> Mapping[str, Any] | None:
    return await _ONE.first(reads, comment_id=comment_id)


async def has_place_below(reads: Reads, post_id: int, order_key: bytes) -> bool:
    """Whether replies stand below the comment with this key, itself aside."""
    below = comments.c.order_key > order_key, comments.c.order_key < order_key + _AFTER_ALL
    query = select(comments.c.id).where(comments.c.post_id == post_id, HAS_PLACE, *below).limit(1)
    return (await reads.execute(query)).first() is not None
