"""What is known about a new comment before it is judged."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, exists, func, select

from services.comments.domain.signals import MANY_TIMES
from services.comments.queries.blocks import block_count, newest_block
from services.comments.tables import comments, filter_changes, followed_posts, posts_feed, staff_names, threads
from services.common.database import Reads

_OF_LATE: Final = timedelta(days=7)


async def thread_rules(reads: Reads, post_id: int) -> RowMapping:
    """The blog's moderation, and what is followed of the post; the latter is null of one not heard of yet.

    `thread_version` is null before the first comment; `newest_block` and `block_count` are the version of the blocks.
    """
    query = (
        select(posts_feed, followed_posts, threads.c.version.label("thread_version"), newest_block, block_count)
        .select_from(posts_feed)
        .join(followed_posts, followed_posts.c.post_id == post_id, isouter=True)
        .join(threads, threads.c.post_id == post_id, isouter=True)
    )
    return (await reads.execute(query)).mappings().one()


async def is_known(reads: Reads, author_name: str | None, own_id: int | None) -> bool:
    """Whether another comment under this name is shown; nobody is known without a name."""
    if author_name is None:
        return False
    shown = exists().where(comments.c.author_name == author_name, comments.c.state == "live")
    if own_id is not None:
        shown = shown.where(comments.c.id != own_id)
    return bool((await reads.execute(select(shown))).scalar())


async def learnt(reads: Reads, slots: Collection[int]) -> dict[int, float]:
    """What decisions changed in the filter, at these slots."""
    query = select(filter_changes.c.slot, filter_changes.c.change).where(filter_changes.c.slot.in_(slots))
    return {row.slot: row.change for row in await reads.execute(query)}


async def times_said_and_staff_name(
    reads: Reads, text_hash: int | None, name_skeleton: str, now: datetime, own_id: int | None
) -> tuple[int, str | None]:
    """How often the same was said of late, up to MANY_TIMES; and whose name among the staff's looks like this one."""
    # -1 is nobody's; null would ask for all that have none
    wanted = -1 if text_hash is None else text_hash
    same = select(comments.c.id).where(comments.c.text_hash == wanted, comments.c.published_at > now - _OF_LATE)
    if own_id is not None:
        same = same.where(comments.c.id != own_id)
    times = select(func.count()).select_from(same.limit(MANY_TIMES).subquery()).scalar_subquery()
    name = select(staff_names.c.name).where(staff_names.c.folded == name_skeleton).scalar_subquery()
    row = (await reads.execute(select(times, name))).one()
    return row[0], row[1]
