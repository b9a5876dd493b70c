"""Connections to SQLite whose statements take one visit to their thread each; aiosqlite's own take up to four."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

import aiosqlite

_ROWS_A_VISIT = 64
"""What aiosqlite's own cursors fetch at once; the cursors here fetch everything."""


class Cursor:
    """Runs a statement, fetches what it found and closes, all in one visit."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount, self.arraysize = -1, 1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        await self._connection.visit(lambda connection: self._run(connection.execute(sql, parameters)))
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        await self._connection.visit(lambda connection: self._run(connection.executemany(sql, parameters)))
        return self

    def _run(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        self._rows = []


class Connection(aiosqlite.Connection):
    """Made by `connector`; its thread ends with the process."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, _ROWS_A_VISIT)
        self._thread.daemon = True

    def cursor(self) -> Cursor:  # type: ignore[override]  # what SQLAlchemy asks of a cursor, which is less
        return Cursor(self)

    async def visit(self, act: Callable[[sqlite3.Connection], None]) -> None:
        await self._execute(act, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite leaves it untyped


def connector(uri: str) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """What SQLAlchemy calls for a new connection."""

    async def connect() -> aiosqlite.Connection:
        # garbage collection may close it in another thread
        return await Connection(lambda: sqlite3.connect(uri, uri=True, check_same_thread=False))

    return connect
