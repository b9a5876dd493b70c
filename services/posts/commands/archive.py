"""Counts the archive's months anew: when the blog moves to another zone, and for posts older than the counts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, func, insert, select

from services.common.database import Reads, Writes
from services.posts.domain.months import Month, month_at
from services.posts.queries.blog import the_blog_to_change
from services.posts.tables import archive, posts

_LISTED = (posts.c.state == "live", posts.c.kind == "post")


async def count_archive(writes: Writes, zone: ZoneInfo) -> None:
    """One pass over the index of dates, a month at a time."""
    await writes.execute(delete(archive))
    rows = [
        {"year": month.year, "month": month.month, "live_count": count} async for month, count in _counted(writes, zone)
    ]
    if rows:
        await writes.execute(insert(archive), rows)


async def count_archive_if_missing(writes: Writes) -> None:
    blog = await the_blog_to_change(writes)
    has_counts = (await writes.execute(select(exists().select_from(archive)))).scalar()
    has_posts = (await writes.execute(select(exists().where(*_LISTED)))).scalar()
    if has_posts and not has_counts:
        await count_archive(writes, ZoneInfo(blog["time_zone"]))


async def _counted(reads: Reads, zone: ZoneInfo) -> AsyncIterator[tuple[Month, int]]:
    """Each month that has posts, found by its first one."""
    since = datetime.min.replace(tzinfo=UTC)
    while (first := await _first_since(reads, since)) is not None:
        month = month_at(first, zone)
        starts_at, since = month.span(zone)
        within = (posts.c.published_at >= starts_at, posts.c.published_at < since)
        yield month, (await reads.execute(select(func.count()).where(*_LISTED, *within))).scalar_one()


async def _first_since(reads: Reads, since: datetime) -> datetime | None:
    query = select(posts.c.published_at).where(*_LISTED, posts.c.published_at >= since)
    first: datetime | None = (await reads.execute(query.order_by(posts.c.published_at).limit(1))).scalar()
    return first
