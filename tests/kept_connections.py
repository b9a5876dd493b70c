"""Connections to PostgreSQL that outlive the stack that made them.

The server starts a process for each, which learns the catalogue anew; ten of them cost more than most tests do.
"""

import asyncio
from typing import Any, Final

import asyncpg
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from tests.kept_loop import KeptLoop

_MOST: Final = 50
"""Of the hundred that a server takes: others are in use, or of other processes."""
_AS_NEW: Final = ";DISCARD PLANS; DISCARD SEQUENCES; DISCARD TEMP"
"""Beside the driver's own reset. Statements stay prepared, but are planned for what the tables hold by then."""


class KeptConnections:
    """Gives engines connections that were closed before, to the same database."""

    def __init__(self) -> None:
        self._idle: list[_Kept] = []
        self._databases: set[str] = set()

    def keep_those_of(self, database: str) -> None:
        """Its tables stay the same: statements that are prepared for them are right in the next test."""
        self._databases.add(database)

    def listen(self) -> None:
        event.listen(PGDialect_asyncpg, "do_connect", self._connect)

    def end(self) -> None:
        """Before their server ends."""
        event.remove(PGDialect_asyncpg, "do_connect", self._connect)
        for connection in self._idle:
            connection.end_now()
        self._idle.clear()

    async def execute(self, database: str, statement: str) -> bool:
        """Whether there was a connection for it: the one that is wanted last, which knows the statement best."""
        for connection in self._open(database)[:1]:
            await connection.execute(statement)
            return True
        return False

    async def take_back(self, connection: "_Kept") -> None:
        self._idle.append(connection)
        if len(self._idle) > _MOST:
            await self._idle.pop(0).end()

    def _open(self, database: str) -> list["_Kept"]:
        return [one for one in self._idle if one.database == database and not one.is_closed()]

    def _connect(self, dialect: PGDialect_asyncpg, _record: Any, args: list[Any], named: dict[str, Any]) -> Any:
        database = named.get("database")
        if database not in self._databases or not isinstance(asyncio.get_running_loop(), KeptLoop):
            return None
        for connection in self._open(database)[-1:]:
            self._idle.remove(connection)
            return connection.adapted
        adapted: Any = dialect.connect(*args, connection_class=_Kept, **named)
        adapted._connection.belongs_to(self, database, adapted)
        return adapted


class _Kept(asyncpg.Connection):  # type: ignore[misc]  # ships no types
    """Is reset instead of closed; SQLAlchemy sets a time for ending one whose state it does not know."""

    keeper: KeptConnections | None = None
    database = ""
    adapted: Any = None

    def belongs_to(self, keeper: KeptConnections, database: str, adapted: Any) -> None:
        """`adapted` is what SQLAlchemy makes of it, with the statements that are prepared."""
        self.keeper, self.database, self.adapted = keeper, database, adapted

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 the driver's signature
        if timeout is not None or self.is_closed() or self.keeper is None:
            await super().close(timeout=timeout)
        else:
            await self.reset()
            await self.keeper.take_back(self)

    def get_reset_query(self) -> str:
        return f"{super().get_reset_query()}{_AS_NEW}"

    async def end(self) -> None:
        await super().close()

    def end_now(self) -> None:
        self._loop.run_until_complete(self.end())
