"""What is known of posts and of the blog by following the posts service."""

from collections.abc import Collection

from sqlalchemy import RowMapping, select

from services.comments.tables import followed_posts, posts_feed
from services.common.database import Reads


async def the_posts_feed(reads: Reads) -> RowMapping:
    """The place in the feed, and which comments wait for a moderator."""
    return (await reads.execute(select(posts_feed))).mappings().one()


async def shown_among(reads: Reads, post_ids: Collection[int]) -> set[int]:
    """Those that are live and show their threads."""
    is_shown = followed_posts.c.is_live == 1, followed_posts.c.policy != "hidden"
    query = select(followed_posts.c.post_id).where(followed_posts.c.post_id.in_(post_ids), *is_shown)
    return set((await reads.execute(query)).scalars())
