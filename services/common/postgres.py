"""PostgreSQL: one pool, a transaction a unit of work."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar, Final, TypeVar

from sqlalchemy import URL, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from services.common.database import Database, Look, Reads, Work, Writes
from services.common.lost_races import again_when_lost
from services.common.mendable import MendableError

T = TypeVar("T")


_WAIT_S: Final = 30.0
_TRY_EVERY_S: Final = 0.5
_WAIT_FOR_POOL_S: Final = 5.0
_FOR_READS: Final = 2
"""Connections that no rush of writes takes: pages wait a quarter of a second for their comments."""


class DatabaseUnreachableError(MendableError, RuntimeError):
    """PostgreSQL did not answer in time, or refused the user or the database that the URL names."""

    def __init__(self, url: URL, reason: Exception) -> None:
        super().__init__(f"PostgreSQL at {url.host}:{url.port or 5432} cannot be used: {reason}")


class PostgresDatabase(Database):
    look_again_s: ClassVar[float] = 0.5

    def __init__(self, url: URL, *, pool_size: int) -> None:
        super().__init__()
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=_WAIT_FOR_POOL_S,
            hide_parameters=True,
        )
        self._writing = asyncio.Semaphore(max(1, pool_size - _FOR_READS))
        self._snapshot = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @classmethod
    async def open(cls, url: URL, *, pool_size: int, wait_s: float = _WAIT_S) -> "PostgresDatabase":
        """Waits for a server that is just starting; raises DatabaseUnreachableError."""
        database = cls(url, pool_size=pool_size)
        ends_at = time.monotonic() + wait_s
        while True:
            try:
                await database.ping()
            except (OSError, SQLAlchemyError) as exc:
                if time.monotonic() >= ends_at:
                    await database.close()
                    raise DatabaseUnreachableError(url, getattr(exc, "orig", None) or exc) from exc
            else:
                return database
            await asyncio.sleep(_TRY_EVERY_S)

    @asynccontextmanager
    async def read(
        self,
        *,
        is_short: bool = False,  # noqa: ARG002 no thread here
        is_single: bool = False,  # noqa: ARG002 the driver begins anyway
    ) -> AsyncIterator[Reads]:
        async with self._snapshot.connect() as connection:
            yield Reads(connection)

    async def look(self, look: Look[T]) -> T:
        async with self.read() as reads:
            return await look(reads)

    async def write(self, work: Work[T], *, is_short: bool = False) -> T:  # noqa: ARG002 no thread here
        result: T = await again_when_lost(lambda: self._transaction(work))
        self.bell.ring()
        return result

    async def _transaction(self, work: Work[T]) -> T:
        async with self._writing, self._engine.begin() as connection:
            return await work(Writes(Reads(connection)))

    def engines(self) -> list[Engine]:
        return [self._engine.sync_engine]

    async def close(self) -> None:
        await self._engine.dispose()
