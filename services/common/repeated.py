"""Work that a service does by itself, beside its requests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from services.common.job_runs import JobRuns

Job = Callable[[], Awaitable[int]]
"""Does a batch and says how much there was to do."""


@asynccontextmanager
async def repeated(name: str, job: Job, every_s: float, runs: JobRuns) -> AsyncIterator[None]:
    """Repeats the job beside what stands inside, and ends it with that."""
    task = asyncio.create_task(_repeat(name, job, every_s, runs))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _repeat(name: str, job: Job, every_s: float, runs: JobRuns) -> None:
    """Works off what there is, then looks again every so often, for ever."""
    log = structlog.stdlib.get_logger("dateline.jobs")
    while True:
        try:
            while await job():
                runs.done(name)
            runs.done(name)
        except Exception:
            runs.failed(name)
            log.exception("job failed; trying again", job=name)
        await asyncio.sleep(every_s)
