"""SQLite: one writing connection in one process, read-only connections beside it."""

import asyncio
import math
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from services.common.database import Database, Look, Reads, Work
from services.common.group_commit import GroupCommitWriter
from services.common.readers_here import ReadersHere
from services.common.sqlite_driver import connector
from services.common.sqlite_lock import hold_file
from services.common.units_of_work import look_here, reads_here

T = TypeVar("T")
READERS: Final = 4
"""Read-only connections, each a thread: more gain nothing on few cores."""


class SqliteDatabase(Database):
    """A file that this process alone writes, held by a lock file beside it."""

    look_again_s: ClassVar[float] = math.inf

    def __init__(
        self,
        lock: int,
        writer_engine: Engine,
        reader_engine: AsyncEngine,
        looker_engine: Engine,
        here_engine: Engine,
    ) -> None:
        super().__init__()
        self._lock = lock
        self._writer_engine = writer_engine
        self._reader_engine = reader_engine
        self._looker_engine = looker_engine
        self._here = ReadersHere(here_engine)
        self._writer: GroupCommitWriter | None = None

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Raises DatabaseBusyError when another process has the file."""
        lock = hold_file(path)
        database = cls(lock, _writer_engine(path), _reader_engine(path), _looker_engine(path), _here_engine(path))
        try:
            connection = database._writer_engine.connect()
            database._writer = GroupCommitWriter(connection, database.bell.ring, database.commit_sizes)
        except BaseException:
            await database.close()
            raise
        return database

    def read(self, *, is_short: bool = False, is_single: bool = False) -> AbstractAsyncContextManager[Reads]:
        return self._here.read(is_single=is_single) if is_short else self._read_in_thread()

    @asynccontextmanager
    async def _read_in_thread(self) -> AsyncIterator[Reads]:
        async with self._reader_engine.connect() as connection:
            yield Reads(connection)

    async def look(self, look: Look[T]) -> T:
        return await asyncio.to_thread(self._look, look)

    def _look(self, look: Look[T]) -> T:
        with self._looker_engine.connect() as connection:
            return look_here(look, reads_here(connection))

    async def write(self, work: Work[T], *, is_short: bool = False) -> T:
        if self._writer is None:
            raise RuntimeError("the database is closed")
        result: T = await self._writer.submit(work, is_short=is_short)
        return result

    def engines(self) -> list[Engine]:
        return [self._writer_engine, self._looker_engine, self._here.engine, self._reader_engine.sync_engine]

    async def close(self) -> None:
        await self._reader_engine.dispose()
        self._looker_engine.dispose()
        self._here.close()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        self._writer_engine.dispose()
        os.close(self._lock)


def _writer_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        # opened by the event loop's thread, used by the writer's
        return sqlite3.connect(path, check_same_thread=False)

    engine = create_engine(URL.create("sqlite", database=str(path)), creator=connect, pool_size=1, hide_parameters=True)
    # FULL, because NORMAL acknowledges a commit before it is on the disk. 8 MB of pages, because this connection alone
    # keeps what it has read: relating a post in an archive of 100,000, it reads 205 pages anew instead of 366. The log
    # grows to 16 MB before it is copied into the file: with 4 MB the 95th percentile of commits under a rush of
    # comments was 6.2 ms instead of 2.2.
    _set_up(
        engine,
        None,
        (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-8000",
            "wal_autocheckpoint=4000",
            "busy_timeout=0",  # see GroupCommitWriter
        ),
    )
    return engine


def _reader_engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        async_creator=connector(_read_only(path)),
        pool_size=READERS,
        max_overflow=0,
        hide_parameters=True,
    )
    _set_up(engine.sync_engine, "BEGIN", ("query_only=ON",))
    return engine


def _here_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(_read_only(path), uri=True)

    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, creator=connect, poolclass=NullPool, hide_parameters=True)
    # Mapped for the reads that every page makes. Other connections do without: what each of them maps counts as the
    # process's own once more, and jobs look at everything. After an import of 10,000 posts that was 54 MiB.
    _set_up(engine, None, ("query_only=ON", "mmap_size=268435456"))
    return engine


def _looker_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        # each look may have another thread
        return sqlite3.connect(_read_only(path), uri=True, check_same_thread=False)

    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=0, hide_parameters=True)
    _set_up(engine, "BEGIN", ("query_only=ON",))
    return engine


def _read_only(path: Path) -> str:
    return f"file:{quote(str(path))}?mode=ro"


def _set_up(engine: Engine, begin: str | None, pragmas: tuple[str, ...]) -> None:
    """The driver's own transaction handling off (it does not begin before reads), ours on."""

    @event.listens_for(engine, "connect")
    def on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if begin is None:  # whoever has the connection begins
        return

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
