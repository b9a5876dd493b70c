"""Reads and units of work, the same on either database."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from services.common.database import Database, Reads, Work, Writes
from services.common.open_database import POOL_SIZE, open_database
from services.common.postgres import DatabaseUnreachableError, PostgresDatabase
from tests.common.waiting import Pause
from tests.databases import Databases, PostgresServer


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.empty(tmp_path))

    async def create(writes: Writes) -> None:
        await writes.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY)"))

    await opened.write(create)
    yield opened
    await opened.close()


async def insert(writes: Writes, note_id: int) -> None:
    await writes.execute(text("INSERT INTO notes (id) VALUES (:id)"), {"id": note_id})


def inserting(note_id: int) -> Work[None]:
    return partial(insert, note_id=note_id)


async def ids(reads: Reads) -> list[int]:
    return list((await reads.execute(text("SELECT id FROM notes ORDER BY id"))).scalars())


async def stored(database: Database) -> list[int]:
    async with database.read() as reads:
        return await ids(reads)


async def test_write_returns_what_the_work_returns(database: Database) -> None:
    async def work(writes: Writes) -> str:
        await insert(writes, 1)
        return "done"

    assert await database.write(work) == "done"
    assert await stored(database) == [1]


async def test_work_sees_its_own_writes_and_readers_do_not(database: Database) -> None:
    pause = Pause()

    async def work(writes: Writes) -> list[int]:
        await insert(writes, 1)
        await pause()
        return await ids(writes)

    writing = asyncio.create_task(database.write(work))
    await pause.begun()
    assert await stored(database) == []
    pause.end()
    assert await writing == [1]
    assert await stored(database) == [1]


async def test_exception_undoes_all_and_reaches_the_caller(database: Database) -> None:
    async def work(writes: Writes) -> None:
        await insert(writes, 1)
        await insert(writes, 2)
        raise KeyError("changed its mind")

    with pytest.raises(KeyError, match="changed its mind"):
        await database.write(work)
    assert await stored(database) == []


async def test_statement_that_fails_undoes_all(database: Database) -> None:
    async def work(writes: Writes) -> None:
        await insert(writes, 1)
        await insert(writes, 1)

    with pytest.raises(DBAPIError):
        await database.write(work)
    assert await stored(database) == []


async def test_reads_keep_to_one_state(database: Database) -> None:
    async with database.read() as reads:
        assert await ids(reads) == []
        await database.write(inserting(1))
        assert await ids(reads) == []
    assert await stored(database) == [1]


async def test_reads_cannot_write(database: Database) -> None:
    async with database.read() as reads:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await insert(Writes(reads), 1)
    assert await stored(database) == []
    await database.write(inserting(1))  # connections that only read do not spoil the pool
    assert await stored(database) == [1]


async def test_more_callers_than_connections_all_get_through(database: Database) -> None:
    callers = 3 * POOL_SIZE
    await asyncio.gather(*(database.write(inserting(note_id)) for note_id in range(callers)))
    seen = await asyncio.gather(*(stored(database) for _ in range(callers)))
    assert seen == [list(range(callers))] * callers


async def test_cancelled_write_is_whole_or_absent(database: Database) -> None:
    pause = Pause()

    async def work(writes: Writes) -> None:
        await insert(writes, 1)
        await pause()
        await insert(writes, 2)

    caller = asyncio.create_task(database.write(work))
    await pause.begun()
    caller.cancel()
    pause.end()
    await asyncio.gather(caller, return_exceptions=True)
    await database.write(inserting(3))
    assert await stored(database) in ([3], [1, 2, 3])


async def test_ping_passes_while_the_database_answers(database: Database) -> None:
    await database.ping()


async def test_server_without_the_database_is_said_to_be_unusable(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    there = make_url(await postgres_server.empty(tmp_path))
    gone = there.set(database=f"{there.database}_gone", password="topsecret")
    with pytest.raises(DatabaseUnreachableError, match=r"PostgreSQL at .* cannot be used: .*does not exist") as caught:
        await PostgresDatabase.open(gone, pool_size=1, wait_s=0)
    assert "topsecret" not in str(caught.value)
    unopened = PostgresDatabase(gone, pool_size=1)
    with pytest.raises(DBAPIError, match="does not exist"):
        await unopened.ping()
    await unopened.close()


async def test_server_that_is_just_starting_is_waited_for(postgres_server: PostgresServer, tmp_path: Path) -> None:
    there = make_url(await postgres_server.empty(tmp_path))
    later = there.set(database=f"{there.database}_later")
    opening = asyncio.create_task(PostgresDatabase.open(later, pool_size=1))
    await asyncio.sleep(0)
    assert not opening.done()
    await postgres_server._create(f"{there.database}_later")
    async with asyncio.timeout(10):
        opened = await opening
    await opened.ping()
    await opened.close()
