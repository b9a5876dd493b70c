"""Work that the posts service does by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import structlog

from services.common.clock import Clock
from services.common.database import Database
from services.common.idempotency import KEPT, forget_old
from services.posts.commands.index_owed import index_owed
from services.posts.commands.publish_due import publish_due
from services.posts.queries.due import anything_due
from services.posts.tables import idempotency

PUBLISH_EVERY_S: Final = 1.0
INDEX_EVERY_S: Final = 2.0
FORGET_EVERY_S: Final = 600.0

Job = Callable[[], Awaitable[int]]
"""Does a batch and says how much there was to do."""


@asynccontextmanager
async def jobs(database: Database, clock: Clock) -> AsyncIterator[None]:
    """Runs all of them beside what stands inside, and ends them with that."""

    async def publish() -> int:
        async with database.read() as reads:
            is_any_due = await anything_due(reads, clock())
        return await database.write(partial(publish_due, now=clock())) if is_any_due else 0

    def forget() -> Awaitable[int]:
        return database.write(partial(forget_old, table=idempotency, before=clock() - KEPT))

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(_repeated("publishing what is due", publish, PUBLISH_EVERY_S))
        await stack.enter_async_context(_repeated("indexing", partial(index_owed, database), INDEX_EVERY_S))
        await stack.enter_async_context(_repeated("forgetting old keys", forget, FORGET_EVERY_S))
        yield


@asynccontextmanager
async def _repeated(name: str, job: Job, every_s: float) -> AsyncIterator[None]:
    task = asyncio.create_task(repeat(name, job, every_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def repeat(name: str, job: Job, every_s: float) -> None:
    """Works off what there is, then looks again every so often, for ever."""
    log = structlog.stdlib.get_logger("dateline.posts")
    while True:
        try:
            while await job():
                pass
        except Exception:
            log.exception("job failed; trying again", job=name)
        await asyncio.sleep(every_s)
