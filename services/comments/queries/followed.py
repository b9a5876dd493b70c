"""What is known of posts and of the blog by following the posts service."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import RowMapping, select

from services.comments.tables import followed_posts, posts_feed, threads
from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared

_POST = followed_posts.c.is_live, followed_posts.c.policy, followed_posts.c.version
_KNOWN = Prepared(
    lambda dialect: (
        select(threads.c.post_id, threads.c.live_count, *_POST)
        .join(followed_posts, followed_posts.c.post_id == threads.c.post_id, isouter=True)
        .where(threads.c.post_id.in_(given_numbers(dialect, "post_ids")))
    )
)


async def the_posts_feed(reads: Reads) -> RowMapping:
    """The place in the feed, and which comments wait for a moderator."""
    return (await reads.execute(select(posts_feed))).mappings().one()


async def known_threads(reads: Reads, post_ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """The counts of those that have comments, with `is_live`, `policy` and `version` of their posts, null of posts that
    are not known yet.
    """
    return {row["post_id"]: row for row in await _KNOWN.rows(reads, post_ids=as_given(post_ids))}


async def shown_among(reads: Reads, post_ids: Collection[int]) -> set[int]:
    """Those that are live and show their threads."""
    is_shown = followed_posts.c.is_live == 1, followed_posts.c.policy != "hidden"
    query = select(followed_posts.c.post_id).where(followed_posts.c.post_id.in_(post_ids), *is_shown)
    return set((await reads.execute(query)).scalars())
