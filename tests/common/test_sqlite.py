"""A SQLite file: one process, one writing connection, readers that cannot write."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError

from services.common.database import Database, Reads, Writes
from services.common.open_database import open_database
from services.common.prepared import Prepared
from services.common.settings import SettingsError
from services.common.sqlite import READERS, SqliteDatabase
from services.common.sqltypes import Int64
from tests.common.waiting import Pause


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(tmp_path / "made" / "notes.db")
    await opened.write(create)
    yield opened
    await opened.close()


async def create(writes: Writes) -> None:
    await writes.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT"))


async def add_note(writes: Writes) -> None:
    await writes.execute(text("INSERT INTO notes DEFAULT VALUES"))


async def count(reads: Reads) -> int:
    found: int = (await reads.execute(text("SELECT count(*) FROM notes"))).scalar_one()
    return found


_COUNT = Prepared(lambda _: text("SELECT count(*) AS count FROM notes").columns(count=Int64))


async def pragma(reads: Reads, name: str) -> Any:
    return (await reads.execute(text(f"PRAGMA {name}"))).scalar_one()


async def test_writer_is_durable_and_checks_references(database: SqliteDatabase) -> None:
    async def look(writes: Writes) -> list[Any]:
        return [await pragma(writes, name) for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert await database.write(look) == ["wal", 2, 1]


async def test_writers_are_one_connection(database: SqliteDatabase) -> None:
    async def connection_id(writes: Writes) -> int:
        return await writes.run_sync(lambda connection: id(connection.connection.dbapi_connection))

    assert len(set(await asyncio.gather(*(database.write(connection_id) for _ in range(20))))) == 1


async def test_readers_cannot_write(database: SqliteDatabase) -> None:
    async with database.read() as reads:
        assert await pragma(reads, "query_only") == 1
        with pytest.raises(OperationalError, match="readonly"):
            await add_note(Writes(reads))
        await reads.execute(text("PRAGMA query_only = OFF"))
        with pytest.raises(OperationalError, match="readonly"):
            await add_note(Writes(reads))


async def test_reads_see_one_snapshot_each(database: SqliteDatabase) -> None:
    async with database.read() as earlier:
        assert await count(earlier) == 0
        await database.write(add_note)
        async with database.read() as later:
            assert await count(later) == 1
        assert await count(earlier) == 0
    async with database.read() as reads:
        assert await count(reads) == 1


async def test_one_statement_is_its_own_snapshot(database: SqliteDatabase) -> None:
    """Whoever has the connection next has one state for all statements again."""
    begun = list[tuple[int, int]]()
    for is_single in (True, False):
        async with database.read(is_short=True, is_single=is_single) as reads:
            before = (await _COUNT.tuples(reads))[0][0]
            await database.write(add_note, is_short=True)
            begun.append((before, (await _COUNT.tuples(reads))[0][0]))
    assert begun == [(0, 1), (1, 1)]


async def test_readers_work_beside_a_write_that_is_under_way(database: SqliteDatabase) -> None:
    pause = Pause()

    async def write_slowly(writes: Writes) -> None:
        await add_note(writes)
        await pause()

    writing = asyncio.create_task(database.write(write_slowly))
    await pause.begun()
    async with asyncio.TaskGroup() as together:
        reading = [together.create_task(one_count(database)) for _ in range(3 * READERS)]
    assert {task.result() for task in reading} == {0}
    pause.end()
    await writing
    assert await one_count(database) == 1


async def one_count(database: Database) -> int:
    async with database.read() as reads:
        return await count(reads)


async def test_closed_database_takes_no_writes(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(tmp_path / "notes.db")
    await database.close()
    with pytest.raises(RuntimeError, match="closed"):
        await database.write(create)


@pytest.mark.parametrize("folder", ["with space", "hash#tag", "100%41", "query?mode=memory", "naïve"])
async def test_any_folder_name_does(tmp_path: Path, folder: str) -> None:
    database = await SqliteDatabase.open(tmp_path / folder / "notes.db")
    try:
        await database.write(create)
        assert await one_count(database) == 0
    finally:
        await database.close()
    assert (tmp_path / folder / "notes.db").is_file()


async def test_failed_opening_lets_go_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"This is no database. " * 100)
    with pytest.raises(DatabaseError, match="not a database"):
        await SqliteDatabase.open(path)
    path.unlink()
    await (await SqliteDatabase.open(path)).close()


async def test_url_opens_a_file(tmp_path: Path) -> None:
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'by-url.db'}")
    await database.ping()
    await database.close()
    assert (tmp_path / "by-url.db").exists()


@pytest.mark.parametrize(
    "url", ["", "no url", "sqlite:///x.db", "sqlite+aiosqlite://", "mysql://u:secret@h/d", "postgresql://u:secret@h/d"]
)
async def test_other_urls_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(SettingsError, match="a database URL") as caught:
        await open_database(url)
    assert "secret" not in str(caught.value)
