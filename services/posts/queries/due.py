"""Whether scheduled posts wait to be published."""

from datetime import datetime

from sqlalchemy import exists, select

from services.common.database import Reads
from services.posts.tables import posts


async def anything_due(reads: Reads, now: datetime) -> bool:
    due = exists().where(posts.c.state == "scheduled", posts.c.published_at <= now)
    return bool((await reads.execute(select(due))).scalar())
