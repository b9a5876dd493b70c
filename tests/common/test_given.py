"""Many values given as one parameter are found again, on either database, and jobs read and write many at once."""

import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Text, bindparam, insert, select

from services.common.database import Database, Reads, Writes
from services.common.given import given_numbers, given_pairs, given_texts
from services.common.open_database import open_database
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from tests.databases import Databases

METADATA = MetaData()
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("said", Text),
    sqlite_strict=True,
)
INSERT = Prepared(lambda _: insert(NOTES).values({one.name: bindparam(one.name, type_=one.type) for one in NOTES.c}))
BY_ID = Prepared(lambda on: select(NOTES).where(NOTES.c.id.in_(given_numbers(on, "ids"))).order_by(NOTES.c.id))
BY_TEXT = Prepared(lambda on: select(NOTES).where(NOTES.c.said.in_(given_texts(on, "texts"))).order_by(NOTES.c.id))
PAIRS = Prepared(lambda on: given_pairs(on, "pairs"))
ROWS = [{"id": 1, "said": 'na"ïve\\ 🦆'}, {"id": 2, "said": "'; --"}, {"id": 2**62, "said": "3"}]


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.empty(tmp_path))

    async def create(writes: Writes) -> None:
        await writes.run_sync(METADATA.create_all)
        await INSERT.many(writes, ROWS)
        await INSERT.many(writes, [])

    await opened.write(create)
    yield opened
    await opened.close()


async def test_values_are_found_however_many_there_are(database: Database) -> None:
    async def found(reads: Reads) -> list[Any]:
        texts = json.dumps([row["said"] for row in ROWS])
        return [
            await BY_ID.rows(reads, ids="[]"),
            await BY_ID.rows(reads, ids=json.dumps([2**62, 1, 7, 1])),
            await BY_ID.rows(reads, ids=json.dumps([*range(50_000)])),
            await BY_TEXT.rows(reads, texts=texts),
            await PAIRS.rows(reads, pairs=json.dumps({2**62: 3, 1: -4})),
        ]

    both = [{"key": 2**62, "value": 3}, {"key": 1, "value": -4}]
    wanted = [[], [ROWS[0], ROWS[2]], ROWS[:2], ROWS, both]
    assert await database.look(found) == wanted
    async with database.read() as reads:
        assert await found(reads) == wanted


async def test_a_look_leaves_the_event_loop_alone_where_it_can(database: Database) -> None:
    threads = list[int]()

    async def look(reads: Reads) -> int:
        threads.append(threading.get_ident())
        return len(await BY_ID.rows(reads, ids="[1, 2, 3]"))

    assert await database.look(look) == 2
    assert (threads[0] == threading.get_ident()) == (type(database).__name__ == "PostgresDatabase")
    with pytest.raises(ZeroDivisionError):
        await database.look(_fails)
    assert await database.look(look) == 2


async def _fails(_reads: Reads) -> float:
    return 1 / 0
