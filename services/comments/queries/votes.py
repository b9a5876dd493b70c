"""A comment as those who vote meet it."""

from sqlalchemy import RowMapping, exists, select

from services.comments.tables import comments, followed_posts, posts_feed, votes
from services.common.database import Reads


async def votable(reads: Reads, comment_id: int) -> RowMapping | None:
    """A live comment, what is followed of its post (null of one not heard of yet), and whether the blog has votes."""
    query = (
        select(
            comments.c.post_id,
            comments.c.votes,
            followed_posts.c.is_live,
            followed_posts.c.policy,
            followed_posts.c.version,
            posts_feed.c.votes.label("are"),
        )
        .select_from(comments)
        .join(posts_feed, posts_feed.c.id == 1)
        .join(followed_posts, followed_posts.c.post_id == comments.c.post_id, isouter=True)
        .where(comments.c.id == comment_id, comments.c.state == "live")
    )
    return (await reads.execute(query)).mappings().one_or_none()


async def has_voted(reads: Reads, comment_id: int, voter_hash: str) -> bool:
    given = exists().where(votes.c.comment_id == comment_id, votes.c.voter_hash == voter_hash)
    return bool((await reads.execute(select(given))).scalar())
