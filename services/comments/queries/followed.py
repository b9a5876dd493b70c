"""What is known of posts and of the blog by following the posts service."""

from sqlalchemy import RowMapping, select

from services.comments.domain.followed import FollowedPost
from services.comments.tables import followed_posts, posts_feed
from services.common.database import Reads


async def the_posts_feed(reads: Reads) -> RowMapping:
    """The place in the feed, and which comments wait for a moderator."""
    return (await reads.execute(select(posts_feed))).mappings().one()


async def followed_post(reads: Reads, post_id: int) -> FollowedPost | None:
    """None for a post that the feed has not told of yet."""
    rows = await reads.execute(select(followed_posts).where(followed_posts.c.post_id == post_id))
    row = rows.mappings().one_or_none()
    return None if row is None else FollowedPost(bool(row["is_live"]), row["policy"], row["version"])
