"""The blog itself."""

from sqlalchemy import RowMapping, select

from services.common.database import Reads, Writes
from services.posts.tables import blog


async def the_blog(reads: Reads) -> RowMapping:
    return (await reads.execute(select(blog))).mappings().one()


async def the_blog_held(writes: Writes) -> RowMapping:
    """The blog as it stays until the unit of work ends: other writers may hold it too, but none may change it.

    Whoever changes posts holds it first, before any post or label: counts by month must not meet a new zone.
    """
    return (await writes.execute(select(blog).with_for_update(read=True))).mappings().one()


async def the_blog_to_change(writes: Writes) -> RowMapping:
    """The blog, once nobody holds it any more: what concerns many posts at once is done while nobody changes one."""
    return (await writes.execute(select(blog).with_for_update())).mappings().one()
