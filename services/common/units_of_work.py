"""Runs a unit of work to its end where it is called, on a connection that answers there."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Dialect, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from services.common.database import Look, Reads, Work, Writes

T = TypeVar("T")


class Here:
    """As much of an AsyncConnection as units of work use. To await it never waits.

    `driver` is what is below SQLAlchemy, and `dispatch` knows who listens to the engine.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect: Dialect = connection.dialect
        self.driver: Any = connection.connection.dbapi_connection
        self.dispatch: Any = connection.engine.dispatch

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self.connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> CursorResult[Any]:
        return self.connection.exec_driver_sql(statement, parameters)

    async def run_sync(self, act: Callable[..., T], *arguments: Any) -> T:
        return act(self.connection, *arguments)


def reads_here(connection: Connection) -> Reads:
    return Reads(cast("AsyncConnection", Here(connection)))


def writes_here(connection: Connection) -> Writes:
    return Writes(reads_here(connection))


def here_of(reads: Reads) -> Here | None:
    """None where statements are waited for."""
    return reads if isinstance(reads, Here) else None


def run_here(work: Work[T], writes: Writes) -> T:
    """What the work returns. Raises RuntimeError when it waits for anything but its connection."""
    return _finish(work(writes))


def look_here(look: Look[T], reads: Reads) -> T:
    """What it returns. Raises as `run_here`."""
    return _finish(look(reads))


def _finish(awaitable: Awaitable[T]) -> T:
    steps = awaitable.__await__()
    try:
        next(steps)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("a unit of work waits for nothing but its connection")
