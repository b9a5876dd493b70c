"""Work that the posts service does by itself."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

from services.common.clock import Clock
from services.common.database import Database
from services.common.idempotency import KEPT, forget_old
from services.common.job_runs import JobRuns
from services.common.repeated import repeated
from services.posts.commands.index_owed import index_owed
from services.posts.commands.publish_due import publish_due
from services.posts.commands.relate_posts import Relating
from services.posts.queries.due import anything_due
from services.posts.tables import idempotency

PUBLISH_EVERY_S: Final = 1.0
INDEX_EVERY_S: Final = 2.0
RELATE_EVERY_S: Final = 1.0
FORGET_EVERY_S: Final = 600.0


@asynccontextmanager
async def jobs(database: Database, clock: Clock, public_url: str, runs: JobRuns) -> AsyncIterator[None]:
    """Runs all of them beside what stands inside, and ends them with that."""

    async def publish() -> int:
        async with database.read() as reads:
            is_any_due = await anything_due(reads, clock())
        return await database.write(partial(publish_due, now=clock())) if is_any_due else 0

    def forget() -> Awaitable[int]:
        return database.write(partial(forget_old, table=idempotency, before=clock() - KEPT))

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(repeated("publishing what is due", publish, PUBLISH_EVERY_S, runs))
        await stack.enter_async_context(repeated("indexing", partial(index_owed, database), INDEX_EVERY_S, runs))
        await stack.enter_async_context(
            repeated("relating", Relating(database, clock, public_url), RELATE_EVERY_S, runs)
        )
        await stack.enter_async_context(repeated("forgetting old keys", forget, FORGET_EVERY_S, runs))
        yield
