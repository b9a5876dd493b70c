"""Prepared statements find and store the same as SQLAlchemy's own, on either database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, bindparam, event, insert, select, text, update

from services.common.database import Database, Writes
from services.common.open_database import open_database
from services.common.prepared import Prepared
from services.common.sqltypes import Instant, Int64
from tests.databases import Databases

METADATA = MetaData()
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("said", Text),
    Column("at", Instant),
    Column("key", LargeBinary),
    sqlite_strict=True,
)
NOW = datetime(2026, 11, 23, 12, 0, 0, 7, UTC)
ROW = {"id": 2**62, "said": "naïve 🦆", "at": NOW, "key": b"\x00\xff"}
INSERT = Prepared(lambda _: insert(NOTES).values({name: bindparam(name, type_=NOTES.c[name].type) for name in ROW}))
SELECT = Prepared(lambda _: select(NOTES, (NOTES.c.id + 1).label("next")).where(NOTES.c.said == bindparam("said")))
RENAME = Prepared(
    lambda _: update(NOTES).values(said=bindparam("new")).where(NOTES.c.said == "old").returning(NOTES.c.id)
)
BY_DIALECT = Prepared(lambda dialect: text(f"SELECT '{dialect}' AS name").columns(name=Text))


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.empty(tmp_path))

    async def create(writes: Writes) -> None:
        await writes.run_sync(METADATA.create_all)

    await opened.write(create)
    yield opened
    await opened.close()


async def test_what_is_stored_comes_back_as_it_was(database: Database) -> None:
    async def work(writes: Writes) -> None:
        await INSERT.rows(writes, **ROW)
        assert await SELECT.rows(writes, said=ROW["said"]) == [ROW | {"next": 2**62 + 1}]

    await database.write(work)
    async with database.read() as reads:
        assert await SELECT.first(reads, said=ROW["said"]) == ROW | {"next": 2**62 + 1}
        assert await SELECT.first(reads, said="nothing") is None


async def test_nulls_and_literals_stay_what_they_are(database: Database) -> None:
    async def work(writes: Writes) -> None:
        await INSERT.rows(writes, id=1, said="old", at=None, key=None)
        assert await RENAME.rows(writes, new="new") == [{"id": 1}]
        assert await SELECT.rows(writes, said="new") == [{"id": 1, "said": "new", "at": None, "key": None, "next": 2}]

    await database.write(work)


async def test_statement_is_made_for_its_dialect(database: Database) -> None:
    async with database.read() as reads:
        assert (await BY_DIALECT.rows(reads))[0]["name"] == database.engines()[0].dialect.name


async def test_who_counts_statements_counts_these(database: Database) -> None:
    counted: list[str] = []
    event.listen(database.engines()[0], "before_cursor_execute", lambda *heard: counted.append(heard[2]), named=False)
    await database.write(lambda writes: SELECT.rows(writes, said="x"), is_short=True)
    assert [statement for statement in counted if statement.startswith("SELECT notes")]
