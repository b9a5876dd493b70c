"""Sets the blog up from an export."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update

from services.common.database import Writes
from services.posts.domain.imported import line_of
from services.posts.schemas.imports import ImportedBlog
from services.posts.tables import blog


async def import_blog(writes: Writes, given: ImportedBlog, now: datetime) -> bool:
    """Does nothing to a blog that somebody has set up already; returns whether it did something."""
    values = {name: line_of(value) for name, value in given.model_dump(exclude_none=True).items()}
    if not _is_zone(values.get("time_zone", "UTC")):
        del values["time_zone"]
    done = await writes.execute(update(blog).where(blog.c.updated_at.is_(None)).values(**values, updated_at=now))
    return done.rowcount == 1


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
