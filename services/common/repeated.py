"""Work that a service does by itself, beside its requests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

Job = Callable[[], Awaitable[int]]
"""Does a batch and says how much there was to do."""


@asynccontextmanager
async def repeated(name: str, job: Job, every_s: float) -> AsyncIterator[None]:
    """Repeats the job beside what stands inside, and ends it with that."""
    task = asyncio.create_task(_repeat(name, job, every_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _repeat(name: str, job: Job, every_s: float) -> None:
    """Works off what there is, then looks again every so often, for ever."""
    log = structlog.stdlib.get_logger("dateline.jobs")
    while True:
        try:
            while await job():
                pass
        except Exception:
            log.exception("job failed; trying again", job=name)
        await asyncio.sleep(every_s)
