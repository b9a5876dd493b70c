"""What is known about a new comment before it is judged."""

from collections.abc import Collection

from sqlalchemy import RowMapping, exists, select

from services.comments.tables import comments, filter_changes, followed_posts, posts_feed
from services.common.database import Reads


async def thread_rules(reads: Reads, post_id: int) -> RowMapping:
    """The blog's moderation, and what is followed of the post; the latter is null of one not heard of yet."""
    query = select(posts_feed, followed_posts).join(followed_posts, followed_posts.c.post_id == post_id, isouter=True)
    return (await reads.execute(query)).mappings().one()


async def is_known(reads: Reads, author_name: str | None) -> bool:
    """Whether a comment under this name is shown; nobody is known without a name."""
    if author_name is None:
        return False
    shown = exists().where(comments.c.author_name == author_name, comments.c.state == "live")
    return bool((await reads.execute(select(shown))).scalar())


async def learnt(reads: Reads, slots: Collection[int]) -> dict[int, float]:
    """What decisions changed in the filter, at these slots."""
    query = select(filter_changes.c.slot, filter_changes.c.change).where(filter_changes.c.slot.in_(slots))
    return {row.slot: row.change for row in await reads.execute(query)}
