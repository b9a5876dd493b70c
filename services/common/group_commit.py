"""One writer for a SQLite file: transactions that wait for the disk together share one commit."""

import asyncio
import contextvars
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar, cast

from msgspec import Struct, field
from sqlalchemy import Connection

from services.common.database import Work
from services.common.histogram import Histogram
from services.common.units_of_work import run_here, writes_here

T = TypeVar("T")
PATIENT = "PRAGMA busy_timeout = 5000"
"""How long to wait for somebody else who writes, as who looks after the file by hand."""
MAX_GROUP = 64
"""Units of work that share a commit at most, so that the first of them does not wait long."""
_BEGIN: Final = "BEGIN IMMEDIATE"
_TURN_S: Final = 0.002
"""How long short units are worked on before others on the event loop have their turn."""


class _Job(Struct):
    work: Work[Any]
    is_short: bool
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    result: Any = None
    is_abandoned: bool = False


class _Group(Struct):
    """Units of work that share a transaction: those still to be done in it, before others join, and those done.

    Where one failed after it had written, the others stand in savepoints from then on.
    """

    todo: deque[_Job]
    done: list[_Job] = field(default_factory=list)
    has_failed: bool = False


class _TransactionLostError(RuntimeError):
    """SQLite ended the transaction of a whole group."""


class _WorkCancelledError(RuntimeError):
    """A unit of work was cancelled from inside."""


class GroupCommitWriter:
    """Runs units of work one after the other on one connection and answers each after the commit that covers it.

    Short units run on the event loop, because a thread beside it would wait for the interpreter's lock longer than
    for SQLite; long ones and commits in a thread. While a commit waits for the disk further work queues up; all of it
    then shares the next commit.

    A unit that fails undoes nobody else's work. A short one that wrote nothing before leaves nothing to be undone, as
    whatever is refused does; after any other short one the transaction begins anew, and those that were done in it are
    done again. Savepoints would spare that, but SQLite copies each page that is written in one, and nearly all go well.

    The connection is to begin no transactions by itself: they are begun and ended below SQLAlchemy, whose own way to do
    so was 2 % of the service's time under a rush of comments.
    """

    def __init__(self, connection: Connection, on_commit: Callable[[], None], sizes: Histogram) -> None:
        self._connection = connection
        self._writes = writes_here(connection)
        self._driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        self._on_commit = on_commit
        self._sizes = sizes
        self._queue: asyncio.Queue[_Job] = asyncio.Queue()
        self._closing = False
        self._clock = asyncio.get_running_loop().time
        self._turn_ends_at = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._loop_task = asyncio.create_task(self._run(), name="sqlite-writer")

    async def submit(self, work: Work[Any], *, is_short: bool = False) -> Any:
        if self._closing:
            raise RuntimeError("the writer is closed")
        job = _Job(work, is_short)
        self._queue.put_nowait(job)
        try:
            return await job.done  # cancelled with its caller; the work goes on
        except asyncio.CancelledError:
            job.is_abandoned = True
            raise

    async def close(self) -> None:
        """Lets the work in hand finish, then closes the connection."""
        self._closing = True
        await self._queue.join()
        self._loop_task.cancel()
        await asyncio.gather(self._loop_task, return_exceptions=True)
        self._thread.shutdown()
        self._connection.close()

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
        group = _Group(deque([first]))
        try:
            await self._work_through(group)
            if group.done:
                await self._in_thread(self._driver.commit)
                self._sizes.note(len(group.done))
        except Exception as exc:  # noqa: BLE001 each waiting caller gets it, the writer goes on
            with suppress(sqlite3.Error):
                self._driver.rollback()  # after a commit that failed SQLite is still inside
            for job in (*group.done, *group.todo):
                self._fail(job, exc)
        else:
            self._answer(group)

    async def _work_through(self, group: _Group) -> None:
        try:
            self._driver.execute(_BEGIN)
        except sqlite3.OperationalError:  # somebody else holds the file, who is not waited for on the event loop
            await self._in_thread(self._wait_and_begin)
        while (job := self._next(group)) is not None:
            await self._try(job, group)

    def _wait_and_begin(self) -> None:
        """Raises sqlite3.OperationalError when the file is not let go."""
        self._driver.execute(PATIENT)
        try:
            self._driver.execute(_BEGIN)
        finally:
            self._driver.execute("PRAGMA busy_timeout = 0")

    def _answer(self, group: _Group) -> None:
        if not group.done:
            self._driver.rollback()
            return
        for job in group.done:
            if not job.done.done():
                job.done.set_result(job.result)
            self._queue.task_done()
        self._on_commit()

    def _next(self, group: _Group) -> _Job | None:
        if group.todo:
            return group.todo.popleft()
        while len(group.done) < MAX_GROUP and not self._queue.empty():
            job = self._queue.get_nowait()
            if self._is_wanted(job):
                return job
        return None

    async def _try(self, job: _Job, group: _Group) -> None:
        before, is_alone = self._driver.total_changes, not group.done
        in_savepoint = not is_alone and (group.has_failed or not job.is_short)
        try:
            if in_savepoint:
                self._driver.execute("SAVEPOINT unit")
            await self._work(job)
            if in_savepoint:
                self._driver.execute("RELEASE unit")
        except Exception as exc:
            self._fail(job, exc)
            if not self._driver.in_transaction:  # a full or failing disk ends it
                raise _TransactionLostError from exc
            if in_savepoint:
                self._driver.execute("ROLLBACK TO unit")
                self._driver.execute("RELEASE unit")
            elif not job.is_short or self._driver.total_changes != before:
                self._begin_anew(group)
            return
        group.done.append(job)
        if not self._driver.in_transaction:  # it ended, and the unit went on as if it had not
            raise _TransactionLostError

    def _begin_anew(self, group: _Group) -> None:
        self._driver.execute("ROLLBACK")
        self._driver.execute(_BEGIN)
        group.todo.extendleft(reversed(group.done))
        group.done.clear()
        group.has_failed = True

    async def _work(self, job: _Job) -> None:
        run = partial(job.context.run, run_here, job.work, self._writes)
        try:
            job.result = run() if job.is_short else await self._in_thread(run)
        except asyncio.CancelledError as exc:
            raise _WorkCancelledError from exc
        if job.is_short and (now := self._clock()) >= self._turn_ends_at:
            await asyncio.sleep(0)
            self._turn_ends_at = now + _TURN_S

    async def _in_thread(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    def _fail(self, job: _Job, exc: Exception) -> None:
        if not job.done.done():
            job.done.set_exception(exc)
            job.done.exception()  # a caller that went away leaves nobody to be warned
        self._queue.task_done()
