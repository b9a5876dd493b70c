"""What SQLAlchemy is told by our SQLite cursors, and what they cost."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.common import sqlite_driver
from services.common.database import Writes
from services.common.sqlite import SqliteDatabase


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(tmp_path / "notes.db")
    await opened.write(create)
    yield opened
    await opened.close()


async def create(writes: Writes) -> None:
    await writes.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT UNIQUE) STRICT"))


async def test_rows_counts_and_ids_are_told(database: SqliteDatabase) -> None:
    async def work(writes: Writes) -> list[Any]:
        insert = "INSERT INTO notes (body) VALUES (:body)"
        many = await writes.execute(text(insert), [{"body": one} for one in "abc"])
        one = await writes.execute(text(insert), {"body": "d"})
        back = await writes.execute(text("DELETE FROM notes WHERE id > 2 RETURNING body"))
        changed = await writes.execute(text("UPDATE notes SET body = body || '!'"))
        return [many.rowcount, one.rowcount, one.lastrowid, back.scalars().all(), changed.rowcount]

    assert await database.write(work) == [3, 1, 4, ["c", "d"], 2]
    async with database.read() as reads:
        found = await reads.execute(text("SELECT id, body FROM notes ORDER BY id"))
        assert (list(found.keys()), found.fetchone(), found.fetchall()) == (["id", "body"], (1, "a!"), [(2, "b!")])


async def test_a_refused_statement_spoils_no_other(database: SqliteDatabase) -> None:
    async def work(writes: Writes) -> int:
        await writes.execute(text("INSERT INTO notes (body) VALUES ('a')"))
        with pytest.raises(IntegrityError, match="UNIQUE"):
            await writes.execute(text("INSERT INTO notes (body) VALUES ('a')"))
        count: int = (await writes.execute(text("SELECT count(*) FROM notes"))).scalar_one()
        return count

    assert await database.write(work) == 1


async def test_a_statement_is_one_visit_to_the_thread(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.ping()
    calls = []
    execute: Any = sqlite_driver.Connection._execute

    async def counted(self: Any, function: Any, *arguments: Any) -> Any:
        calls.append(function)
        return await execute(self, function, *arguments)

    monkeypatch.setattr(sqlite_driver.Connection, "_execute", counted)
    async with database.read() as reads:
        for _ in range(3):
            assert (await reads.execute(text("SELECT 1"))).scalar_one() == 1
    assert len(calls) == 5, "BEGIN, three statements, ROLLBACK"
