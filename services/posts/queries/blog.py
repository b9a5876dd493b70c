"""The blog itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, select

from services.common.database import Reads, Writes
from services.common.prepared import Prepared
from services.posts.tables import blog

_BLOG = Prepared(lambda _: select(blog))


async def the_blog(reads: Reads) -> Mapping[str, Any]:
    return (await _BLOG.rows(reads))[0]


async def the_blog_held(writes: Writes) -> RowMapping:
    """The blog as it stays until the unit of work ends: other writers may hold it too, but none may change it.

    Whoever changes posts holds it first, before any post or label: counts by month must not meet a new zone.
    """
    return (await writes.execute(select(blog).with_for_update(read=True))).mappings().one()


async def the_blog_to_change(writes: Writes) -> RowMapping:
    """The blog, once nobody holds it any more: what concerns many posts at once is done while nobody changes one."""
    return (await writes.execute(select(blog).with_for_update())).mappings().one()
