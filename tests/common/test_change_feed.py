"""The outbox is read page by page, by its index, from places that are cursors."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from services.common.change_feed import BEGINNING, ChangeCursor, ChangePage, present_end, read_changes
from services.common.cursors import encode_bytes
from services.common.database import Database
from services.common.microseconds import to_microseconds
from services.common.open_database import open_database
from services.common.problems import Invalid
from services.posts.tables import changes
from tests.common.outboxes import AT, entities, page, write
from tests.databases import Databases

INT64 = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.fresh("posts", tmp_path))
    yield opened
    await opened.close()


async def end_of(database: Database) -> ChangeCursor:
    async with database.read() as reads:
        return await present_end(reads, changes)


async def test_pages_follow_each_other_in_order(database: Database) -> None:
    for first in (1, 4):
        await write(database, first, first + 1, first + 2)
    one = await page(database, BEGINNING, 4)
    assert (entities(one), one.has_more) == ([1, 2, 3, 4], True)
    two = await page(database, one.next, 2)
    assert (entities(two), two.has_more) == ([5, 6], False)
    assert (one.rows[0].kind, one.rows[0].at) == ("post.changed", to_microseconds(AT))


async def test_empty_page_keeps_the_place(database: Database) -> None:
    assert (await page(database, BEGINNING)) == ChangePage([], BEGINNING, has_more=False)
    await write(database, 1)
    place = (await page(database, BEGINNING)).next
    assert (await page(database, place)) == ChangePage([], place, has_more=False)
    await write(database, 2)
    assert entities(await page(database, place)) == [2]


async def test_present_end_passes_what_is_committed_and_nothing_else(database: Database) -> None:
    assert entities(await page(database, await end_of(database))) == []
    await write(database, 1, 2)
    end = await end_of(database)
    assert entities(await page(database, end)) == []
    await write(database, 3)
    assert entities(await page(database, end)) == [3]


async def test_order_is_read_from_the_index(database: Database) -> None:
    """A sort, or a scan of what lies before the place, would grow with the outbox."""
    await write(database, *range(2000))
    sent: list[tuple[str, Any]] = []

    @event.listens_for(database.engines()[-1], "before_cursor_execute")
    def on_execute(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT changes"):
            sent.append((statement, parameters))

    async with database.read() as reads:
        await read_changes(reads, changes, ChangeCursor(0, 5), 10)
        on_sqlite = reads.dialect.name == "sqlite"
        explain = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
        ((statement, parameters),) = sent
        plan = str((await reads.exec_driver_sql(f"{explain} {statement}", parameters)).all())
    assert ("PRIMARY KEY (rowid>?)" if on_sqlite else "changes_in_order") in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


@given(INT64, INT64)
def test_cursor_round_trip(xid: int, seq: int) -> None:
    cursor = ChangeCursor(xid, seq)
    assert ChangeCursor.decode(cursor.encode()) == cursor


@given(st.text() | st.binary().map(encode_bytes))
def test_any_text_is_a_cursor_or_invalid(text: str) -> None:
    try:
        cursor = ChangeCursor.decode(text)
    except Invalid:
        return
    assert ChangeCursor.decode(cursor.encode()) == cursor
