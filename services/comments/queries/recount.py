"""What the numbers of threads should be, from the comments themselves."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Column, ColumnElement, RowMapping, TextClause, func, select, text

from services.comments.tables import comments, followed_posts, threads
from services.common.database import Reads, Writes

# literal, because a planner cannot match a partial index to parameters
_HAS_PLACE = text("comments.has_place = 1")
_LIVE = comments.c.state == "live"


async def threads_after(reads: Reads, post_id: int, limit: int) -> Sequence[int]:
    """Posts with a thread or with comments, in the order of ids."""
    found: set[int] = set()
    columns: tuple[Column[int], ...] = (threads.c.post_id, comments.c.post_id)
    for column in columns:
        page = select(column).where(column > post_id).distinct().order_by(column).limit(limit)
        found |= set((await reads.execute(page)).scalars())
    return sorted(found)[:limit]


async def threads_held(writes: Writes, post_ids: Collection[int]) -> Sequence[RowMapping]:
    """As they stay until the unit of work ends: whoever writes a comment counts it in its thread."""
    query = select(threads).where(threads.c.post_id.in_(post_ids)).order_by(threads.c.post_id)
    return (await writes.execute(query.with_for_update())).mappings().all()


async def counted_comments(reads: Reads, post_ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """How many are live, and how many have a place, by post; each from an index alone."""
    live, places = [await _counts(reads, post_ids, only) for only in (_LIVE, _HAS_PLACE)]
    return {post_id: (live.get(post_id, 0), places.get(post_id, 0)) for post_id in post_ids}


async def _counts(reads: Reads, post_ids: Collection[int], only: ColumnElement[bool] | TextClause) -> Mapping[int, int]:
    mine = select(comments.c.post_id, func.count().label("found")).where(comments.c.post_id.in_(post_ids), only)
    return {row.post_id: row.found for row in await reads.execute(mine.group_by(comments.c.post_id))}


async def followed_count(reads: Reads) -> int:
    """How many posts anything is known of: counted, because that is asked for once after a rebuild."""
    return (await reads.execute(select(func.count()).select_from(followed_posts))).scalar_one()
