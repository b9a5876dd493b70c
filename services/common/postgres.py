"""PostgreSQL: one pool, a transaction a unit of work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.common.database import Database, Reads, Work, Writes

T = TypeVar("T")


class PostgresDatabase(Database):
    def __init__(self, url: URL, *, pool_size: int) -> None:
        self._engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True)
        self._snapshot = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reads]:
        async with self._snapshot.connect() as connection:
            yield Reads(connection)

    async def write(self, work: Work[T]) -> T:
        async with self._engine.begin() as connection:
            return await work(Writes(Reads(connection)))

    def engines(self) -> list[AsyncEngine]:
        return [self._engine]

    async def close(self) -> None:
        await self._engine.dispose()
