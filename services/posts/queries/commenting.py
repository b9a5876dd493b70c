"""What the comments service follows of posts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from services.common.database import Reads
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.tables import posts

_COMMENTED = select(posts.c.id, posts.c.state, posts.c.comment_policy, posts.c.published_at, posts.c.version).order_by(
    posts.c.id
)

_LIVE = Prepared(
    lambda _: select(posts.c.comment_policy, posts.c.path, posts.c.version).where(
        posts.c.id == bindparam("post_id", type_=Int64), posts.c.state == "live"
    )
)


async def commented_posts(reads: Reads, post_ids: Collection[int]) -> Sequence[RowMapping]:
    """Those that there are, in any state."""
    return (await reads.execute(_COMMENTED.where(posts.c.id.in_(post_ids)))).mappings().all()


async def live_commenting(reads: Reads, post_id: int) -> Mapping[str, Any] | None:
    """What a comment has to know of a live post."""
    return await _LIVE.first(reads, post_id=post_id)


async def commented_posts_after(reads: Reads, post_id: int, limit: int) -> Sequence[RowMapping]:
    """All posts in the order of their ids, a page at a time."""
    return (await reads.execute(_COMMENTED.where(posts.c.id > post_id).limit(limit))).mappings().all()


async def named_articles(reads: Reads, post_ids: Collection[int]) -> Sequence[RowMapping]:
    """Those that are live and show comments."""
    query = select(posts.c.id, posts.c.title, posts.c.path).where(
        posts.c.id.in_(post_ids), posts.c.state == "live", posts.c.comment_policy != "hidden"
    )
    return (await reads.execute(query)).mappings().all()
