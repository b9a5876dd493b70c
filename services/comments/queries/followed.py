"""What is known of posts and of the blog by following the posts service."""

from sqlalchemy import RowMapping, select

from services.comments.tables import posts_feed
from services.common.database import Reads


async def the_posts_feed(reads: Reads) -> RowMapping:
    """The place in the feed, and which comments wait for a moderator."""
    return (await reads.execute(select(posts_feed))).mappings().one()
