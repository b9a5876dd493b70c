"""One writer for a SQLite file: transactions that wait for the disk together share one commit."""

import asyncio
import contextvars
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.common.database import Reads, Work, Writes

MAX_GROUP: Final = 64
"""Units of work that share a commit at most, so that the first of them does not wait long."""


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    result: Any = None
    is_abandoned: bool = False


class _TransactionLostError(RuntimeError):
    """SQLite ended the transaction of a whole group."""


class _WorkCancelledError(RuntimeError):
    """A unit of work was cancelled from inside."""


class GroupCommitWriter:
    """Runs units of work one after the other on one connection and answers each after the commit that covers it.

    While a commit waits for the disk further work queues up; all of it then shares the next commit. Each unit but
    the first stands in a savepoint of its own, so that its failure undoes nobody else's work.
    """

    def __init__(self, connection: AsyncConnection, on_commit: Callable[[], None]) -> None:
        self._connection = connection
        self._on_commit = on_commit
        self._queue: asyncio.Queue[_Job] = asyncio.Queue()
        self._closing = False
        self._loop_task = asyncio.create_task(self._run(), name="sqlite-writer")

    async def submit(self, work: Work[Any]) -> Any:
        if self._closing:
            raise RuntimeError("the writer is closed")
        job = _Job(work)
        self._queue.put_nowait(job)
        try:
            return await asyncio.shield(job.done)
        except asyncio.CancelledError:
            job.is_abandoned = True
            raise

    async def close(self) -> None:
        """Lets the work in hand finish, then closes the connection."""
        self._closing = True
        await self._queue.join()
        self._loop_task.cancel()
        await asyncio.gather(self._loop_task, return_exceptions=True)
        await self._connection.close()

    async def _run(self) -> None:
        while True:
            job = await self._queue.get()
            if not self._is_wanted(job):
                continue
            group = asyncio.create_task(self._commit_group(job))
            try:
                await asyncio.shield(group)
            except asyncio.CancelledError:
                await group
                raise

    def _is_wanted(self, job: _Job) -> bool:
        """Work whose caller went away before it began is left undone: the caller was told that it failed."""
        if job.is_abandoned:
            self._queue.task_done()
        return not job.is_abandoned

    async def _commit_group(self, first: _Job) -> None:
        jobs = [first]
        try:
            async with self._connection.begin():
                await self._work(first)
                while len(jobs) < MAX_GROUP and not self._queue.empty():
                    job = self._queue.get_nowait()
                    if self._is_wanted(job) and await self._work_in_savepoint(job):
                        jobs.append(job)
        except Exception as exc:  # noqa: BLE001 each waiting caller gets it, the writer goes on
            await self._leave_transaction()
            for job in jobs:
                self._fail(job, exc)
            return
        for job in jobs:
            if not job.done.done():
                job.done.set_result(job.result)
            self._queue.task_done()
        self._on_commit()

    async def _work_in_savepoint(self, job: _Job) -> bool:
        try:
            async with self._connection.begin_nested():
                await self._work(job)
        except Exception as exc:
            self._fail(job, exc)
            if not await self._in_transaction():
                raise _TransactionLostError from exc
            return False
        return True

    async def _in_transaction(self) -> bool:
        """Whether SQLite still has the transaction: on a full or failing disk it ends it by itself."""
        raw = await self._connection.get_raw_connection()
        inside: bool = raw.driver_connection.in_transaction  # type: ignore[union-attr]  # None only once closed
        return inside

    async def _leave_transaction(self) -> None:
        """After a commit that failed SQLite is still inside the transaction, SQLAlchemy is not."""
        raw = await self._connection.get_raw_connection()
        await raw.driver_connection.rollback()  # type: ignore[union-attr]  # None only once closed

    async def _work(self, job: _Job) -> None:
        async def run() -> Any:
            return await job.work(Writes(Reads(self._connection)))

        try:
            job.result = await asyncio.create_task(run(), context=job.context)
        except asyncio.CancelledError as exc:
            raise _WorkCancelledError from exc

    def _fail(self, job: _Job, exc: Exception) -> None:
        if not job.done.done():
            job.done.set_exception(exc)
            job.done.exception()  # a caller that went away leaves nobody to be warned
        self._queue.task_done()
