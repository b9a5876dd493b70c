"""Work that the posts service does by itself."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import structlog

from services.common.clock import Clock
from services.common.database import Database
from services.posts.commands.publish_due import publish_due

PUBLISH_EVERY_S: Final = 5.0


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs the work beside what stands inside, and ends it with that."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def publish_due_posts(database: Database, clock: Clock, every_s: float = PUBLISH_EVERY_S) -> None:
    """Publishes scheduled posts on time, for ever."""
    log = structlog.stdlib.get_logger("dateline.posts")
    while True:
        try:
            while await database.write(partial(publish_due, now=clock())):
                pass
        except Exception:
            log.exception("publishing what is due failed; trying again")
        await asyncio.sleep(every_s)
