"""A service's database as the code sees it: reads from anywhere, writes as units of work."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import ClassVar, NewType, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.common.bell import Bell
from services.common.histogram import Histogram

Reads = NewType("Reads", AsyncConnection)
Writes = NewType("Writes", Reads)
"""Writes go wherever Reads are asked for, not the reverse: a query cannot write by mistake."""

T = TypeVar("T")
Work = Callable[[Writes], Awaitable[T]]
Look = Callable[[Reads], Awaitable[T]]


class Database(ABC):
    """One open database. Made by `open_database`, closed by `close`.

    `bell` rings after every commit of this process; `commit_sizes` is of the writes that share a commit.
    """

    look_again_s: ClassVar[float]
    """How often to look for what other processes wrote, which ring no bell here."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.commit_sizes = Histogram((1, 2, 4, 8, 16, 32, 64))

    @abstractmethod
    def read(self, *, is_short: bool = False, is_single: bool = False) -> AbstractAsyncContextManager[Reads]:
        """One checkout that sees one state of the database. `is_short` as for `write`, for what every page reads;
        `is_single`: one statement, which sees one state by itself.
        """

    @abstractmethod
    async def look(self, look: Look[T]) -> T:
        """Reads one state of the database by many statements, away from the event loop if they can be: for jobs.

        What it calls waits for nothing but its connection and what it does `apart`, for which PostgreSQL keeps the
        transaction open.
        """

    @abstractmethod
    async def write(self, work: Work[T], *, is_short: bool = False) -> T:
        """Runs the work in a transaction; returns once it is durable. What the work raises undoes all of it.

        `is_short`: a handful of statements about a handful of rows, which need no thread of their own.

        The work must touch nothing but its connection: a caller that goes away does not stop it, and work that lost
        against another transaction is run again.
        """

    @abstractmethod
    def engines(self) -> list[Engine]:
        """The engines below, for recorders."""

    @abstractmethod
    async def close(self) -> None: ...

    async def ping(self) -> None:
        """Raises what the driver raises when the database does not answer."""
        async with self.read() as reads:
            await reads.execute(text("SELECT 1"))
