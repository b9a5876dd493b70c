"""Waiting for changes over HTTP: it ends with the next one, holds no connection, and misses none."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import QueuePool

from services.common import change_feed
from services.common.bell import Bell
from services.common.change_feed import ChangePage, read_changes
from services.common.database import Database, Writes
from services.common.open_database import open_database
from tests.common.outboxes import append, follower, get, told, write
from tests.common.waiting import Pause, until
from tests.databases import Databases, PostgresServer, SqliteFiles

LONG_S = 20.0


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.fresh("posts", tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def by_bell_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without looking again for what other processes wrote."""
    monkeypatch.setattr(type(database), "look_again_s", math.inf)


async def is_waiting(bell: Bell) -> None:
    await until(lambda: bool(bell.next_ring()._waiters))


async def soon(answer: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Long before the waiting time is over."""
    async with asyncio.timeout(LONG_S / 2):
        return await answer


def reading_connections(database: Database) -> int:
    pool = database.engines()[-1].pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


@pytest.mark.usefixtures("by_bell_alone")
async def test_waiting_ends_with_a_write(database: Database) -> None:
    waiting = asyncio.create_task(get(follower(database), wait_s=LONG_S))
    await is_waiting(database.bell)
    assert reading_connections(database) == 0
    await write(database, 7)
    assert told(await soon(waiting)) == ["7"]


@pytest.mark.usefixtures("by_bell_alone")
async def test_waiting_goes_on_after_a_write_without_a_change(database: Database) -> None:
    async def nothing(_writes: Writes) -> None: ...

    waiting = asyncio.create_task(get(follower(database), wait_s=LONG_S))
    await is_waiting(database.bell)
    await database.write(nothing)
    await is_waiting(database.bell)
    await write(database, 7)
    assert told(await soon(waiting)) == ["7"]


@pytest.mark.usefixtures("by_bell_alone")
async def test_write_between_the_look_and_the_wait_is_heard(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    async def read_and_write(*given: Any, **more: Any) -> ChangePage:
        page = await read_changes(*given, **more)
        looks.append(len(page.rows))
        if len(looks) == 1:
            await write(database, 7)
        return page

    monkeypatch.setattr(change_feed, "read_changes", read_and_write)
    assert told(await soon(get(follower(database), wait_s=LONG_S))) == ["7"]
    assert looks == [0, 1]


async def test_write_whose_caller_went_away_is_heard(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    """It commits nevertheless. On PostgreSQL it is undone."""
    database = await open_database(await sqlite_files.fresh("posts", tmp_path))
    pause = Pause()

    async def work(writes: Writes) -> None:
        await append(writes, 7)
        await pause()

    caller = asyncio.create_task(database.write(work))
    await pause.begun()
    waiting = asyncio.create_task(get(follower(database), wait_s=LONG_S))
    await is_waiting(database.bell)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    assert not waiting.done()
    pause.end()
    assert told(await soon(waiting)) == ["7"]
    await database.close()


async def test_waiting_ends_empty_when_the_time_is_over(database: Database) -> None:
    client, begun_at = follower(database), time.monotonic()
    head = (await client.get("/changes/head")).json()["next"]
    assert await get(client, after=head, wait_s=0.2) == {"items": [], "next": head, "has_more": False}
    assert time.monotonic() - begun_at >= 0.2


async def test_waiting_is_not_needed_when_there_is_something(database: Database) -> None:
    await write(database, 7)
    assert told(await soon(get(follower(database), wait_s=LONG_S))) == ["7"]


async def test_write_of_another_process_is_found(postgres_server: PostgresServer, tmp_path: Path) -> None:
    url = await postgres_server.fresh("posts", tmp_path)
    here, elsewhere = await open_database(url), await open_database(url)
    waiting = asyncio.create_task(get(follower(here), wait_s=LONG_S))
    await is_waiting(here.bell)
    await write(elsewhere, 7)
    assert told(await soon(waiting)) == ["7"]
    await here.close()
    await elsewhere.close()
    postgres_server.take_back()
