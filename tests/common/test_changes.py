"""The outbox: rows about a write in the write's own transaction, with the transaction's id where it matters."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select, text

from services.comments.tables import changes as comments_changes
from services.common.changes import Change, append_changes
from services.common.database import Database, Writes
from services.common.open_database import open_database
from services.posts.tables import changes as posts_changes
from tests.databases import Databases

AT = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)
TABLES = {"posts": posts_changes, "comments": comments_changes}


@pytest.fixture(params=sorted(TABLES))
async def outbox(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> AsyncIterator[tuple[Database, Table]]:
    opened = await open_database(await databases.fresh(request.param, tmp_path))
    yield opened, TABLES[request.param]
    await opened.close()


def change(entity_id: int) -> Change:
    return Change("post-published", entity_id, 3, (f"post:{entity_id}", "label:Cafés", "list"))


async def rows_of(database: Database, table: Table) -> list[Any]:
    async with database.read() as reads:
        return list((await reads.execute(select(table).order_by(table.c.seq))).all())


async def test_change_is_stored_as_it_is(outbox: tuple[Database, Table]) -> None:
    database, table = outbox
    await database.write(lambda writes: append_changes(writes, table, [change(2**63 - 1)], AT))
    (row,) = await rows_of(database, table)
    assert (row.kind, row.entity_id, row.version, row.at) == ("post-published", 2**63 - 1, 3, AT)
    assert row.touches == '["post:9223372036854775807","label:Cafés","list"]'


async def test_change_holds_its_transactions_id(outbox: tuple[Database, Table]) -> None:
    """On PostgreSQL the real id, the same for all changes of a transaction; 0 on SQLite, which has one writer."""
    database, table = outbox

    async def write(writes: Writes) -> int:
        await append_changes(writes, table, [change(1), change(2)], AT)
        await append_changes(writes, table, [change(3)], AT)
        if writes.dialect.name == "sqlite":
            return 0
        return int((await writes.execute(text("SELECT pg_current_xact_id()::text"))).scalar_one())

    first, second = await database.write(write), await database.write(write)
    rows = await rows_of(database, table)
    assert [row.xid for row in rows] == [first] * 3 + [second] * 3
    assert [row.entity_id for row in rows] == [1, 2, 3, 1, 2, 3]
    assert (first == second) == (first == 0)


async def test_numbers_are_never_given_twice(outbox: tuple[Database, Table]) -> None:
    """Not even after the newest rows were deleted: a follower's cursor would pass over the new ones."""
    database, table = outbox
    await database.write(lambda writes: append_changes(writes, table, [change(1), change(2)], AT))
    highest = (await rows_of(database, table))[-1].seq

    async def delete(writes: Writes) -> None:
        await writes.execute(table.delete())

    await database.write(delete)
    await database.write(lambda writes: append_changes(writes, table, [change(3)], AT))
    assert (await rows_of(database, table))[0].seq > highest


async def test_undone_write_leaves_no_change(outbox: tuple[Database, Table]) -> None:
    database, table = outbox

    async def fail(writes: Writes) -> None:
        await append_changes(writes, table, [change(1)], AT)
        raise KeyError("undone")

    with pytest.raises(KeyError):
        await database.write(fail)
    assert await rows_of(database, table) == []


async def test_no_changes_no_statement(outbox: tuple[Database, Table]) -> None:
    database, table = outbox
    await database.write(lambda writes: append_changes(writes, table, [], AT))
    assert await rows_of(database, table) == []
