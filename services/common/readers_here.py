"""Reads that are over before a thread would have begun: on the event loop, on connections that stay open."""

import sqlite3
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Final, cast

from sqlalchemy import Connection, Engine

from services.common.database import Reads
from services.common.units_of_work import reads_here

_KEPT: Final = 4


class ReadersHere:
    """As many connections as reads are under way: one, unless a read waits for something else in between."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._idle: list[_Reader] = []
        self._is_closed = False

    def read(self, *, is_single: bool) -> "_Reader":
        reader = self._idle.pop() if self._idle else _Reader(self.engine.connect(), self)
        reader.is_single = is_single
        return reader

    def take_back(self, reader: "_Reader") -> None:
        if self._is_closed or len(self._idle) >= _KEPT:
            reader.close()
        else:
            self._idle.append(reader)

    def close(self) -> None:
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()


class _Reader(AbstractAsyncContextManager[Reads]):
    """Begins and ends transactions on the driver: SQLAlchemy's own way takes longer than a statement or two."""

    def __init__(self, connection: Connection, readers: ReadersHere) -> None:
        self._connection = connection
        self._reads = reads_here(connection)
        self._driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        self._readers = readers
        self.is_single = False

    async def __aenter__(self) -> Reads:
        if not self.is_single:
            self._driver.execute("BEGIN")
        return self._reads

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._connection.in_transaction():
            self._connection.rollback()
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")
        self._readers.take_back(self)

    def close(self) -> None:
        self._connection.close()
