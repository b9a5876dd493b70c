"""Writes that wait for the disk together share a commit, and yet each is whole, alone and durable before its answer."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.common import group_commit
from services.common.database import Work, Writes
from services.common.group_commit import MAX_GROUP, GroupCommitWriter
from services.common.sqlite import SqliteDatabase
from tests.common.waiting import Pause, until

PERSON: ContextVar[str] = ContextVar("person", default="nobody")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(tmp_path / "notes.db")

    async def create(writes: Writes) -> None:
        await writes.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT"))
        owner = "INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED"
        await writes.execute(text(f"CREATE TABLE marks (note_id {owner}) STRICT"))

    await opened.write(create)
    yield opened
    await opened.close()


def insert(note_id: int, sql: str = "INSERT INTO notes (id) VALUES (:id)") -> Work[int]:
    async def work(writes: Writes) -> int:
        await writes.execute(text(sql), {"id": note_id})
        return note_id

    return work


async def mark_nothing(writes: Writes) -> None:
    """Passes, and makes the commit fail."""
    await writes.execute(text("INSERT INTO marks (note_id) VALUES (999)"))


async def stored(database: SqliteDatabase) -> list[int]:
    async with database.read() as reads:
        return list((await reads.execute(text("SELECT id FROM notes ORDER BY id"))).scalars())


def commits_of(database: SqliteDatabase) -> list[str]:
    commits: list[str] = []
    writer_of(database)._driver.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    return commits


def writer_of(database: SqliteDatabase) -> GroupCommitWriter:
    assert database._writer is not None
    return database._writer


class Held:
    """A unit of work that is under way until it is let go: what is written meanwhile joins its group."""

    def __init__(self, work: Work[int]) -> None:
        self._work, self.pause = work, Pause()

    async def __call__(self, writes: Writes) -> int:
        await self.pause()
        return await self._work(writes)


async def written_as_one_group(database: SqliteDatabase, first: Work[int], *others: Work[Any]) -> list[Any]:
    """What became of each: its result, or what it raised."""
    held = Held(first)
    writes = [asyncio.create_task(database.write(held))]
    await held.pause.begun()
    writes += [asyncio.create_task(database.write(work)) for work in others]
    queue = writer_of(database)._queue
    await until(lambda: queue.qsize() == len(others))
    held.pause.end()
    return await asyncio.wait_for(asyncio.gather(*writes, return_exceptions=True), 5)


async def test_concurrent_writes_share_commits(database: SqliteDatabase) -> None:
    commits = commits_of(database)
    results = await asyncio.gather(*(database.write(insert(note_id)) for note_id in range(100)))
    assert results == list(range(100))
    assert await stored(database) == list(range(100))
    assert 2 <= len(commits) <= 10


async def test_one_group_is_one_commit_up_to_its_limit(database: SqliteDatabase) -> None:
    commits = commits_of(database)
    await written_as_one_group(database, insert(0), *(insert(note_id) for note_id in range(1, MAX_GROUP)))
    assert len(commits) == 1
    await written_as_one_group(database, insert(100), *(insert(note_id) for note_id in range(101, 101 + MAX_GROUP)))
    assert len(commits) == 3


async def test_writes_in_turn_commit_each(database: SqliteDatabase) -> None:
    commits = commits_of(database)
    for note_id in range(3):
        await database.write(insert(note_id))
    assert len(commits) == 3


async def test_failure_in_the_middle_is_its_own(database: SqliteDatabase) -> None:
    one, two, failed, three = await written_as_one_group(database, insert(1), insert(2), insert(2), insert(3))
    assert (one, two, three) == (1, 2, 3)
    assert isinstance(failed, IntegrityError)
    assert await stored(database) == [1, 2, 3]


async def test_failure_undoes_all_of_its_own_unit(database: SqliteDatabase) -> None:
    async def half(writes: Writes) -> None:
        await insert(50)(writes)
        raise KeyError("half-way")

    one, failed = await written_as_one_group(database, insert(1), half)
    assert one == 1
    assert isinstance(failed, KeyError)
    assert await stored(database) == [1]


async def test_failure_of_the_first_leaves_the_others(database: SqliteDatabase) -> None:
    await database.write(insert(1))
    failed, two, three = await written_as_one_group(database, insert(1), insert(2), insert(3))
    assert isinstance(failed, IntegrityError)
    assert (two, three) == (2, 3)
    assert await stored(database) == [1, 2, 3]


@pytest.mark.parametrize("place", [1, 2, 3])
async def test_failing_commit_fails_every_member(database: SqliteDatabase, place: int) -> None:
    members: list[Callable[[Writes], Awaitable[Any]]] = [insert(2), insert(3)]
    members.insert(place - 1, mark_nothing)
    outcomes = await written_as_one_group(database, insert(1), *members)
    assert [type(outcome) for outcome in outcomes] == [sqlite3.IntegrityError] * 4
    assert await stored(database) == []
    assert await database.write(insert(4)) == 4
    assert await stored(database) == [4]


async def test_file_that_somebody_else_holds_fails_what_is_written_meanwhile(
    database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is waited for beside the event loop."""
    monkeypatch.setattr(group_commit, "PATIENT", "PRAGMA busy_timeout = 50")
    with sqlite3.connect(tmp_path / "notes.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await database.write(insert(1))
        monkeypatch.setattr(group_commit, "PATIENT", "PRAGMA busy_timeout = 60000")
        waiting = asyncio.create_task(database.write(insert(3)))
        for _ in range(10):
            await asyncio.sleep(0.001)
        assert not waiting.done()
        other.execute("ROLLBACK")
        assert await waiting == 3
    assert await database.write(insert(2)) == 2
    assert await stored(database) == [2, 3]


async def test_unit_that_takes_the_transaction_with_it_fails_the_group(database: SqliteDatabase) -> None:
    """SQLite itself ends the whole transaction on a full disk or a failing one; OR ROLLBACK does the same."""
    ends_all = insert(2, "INSERT OR ROLLBACK INTO notes (id) VALUES (:id)")
    outcomes = await written_as_one_group(database, insert(1), insert(2), ends_all, insert(3))
    answered = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert await stored(database) == answered
    assert await database.write(insert(4)) == 4


async def test_context_of_the_caller_is_seen_inside(database: SqliteDatabase) -> None:
    async def who(_writes: Writes) -> str:
        seen = PERSON.get()
        PERSON.set("the work")
        return seen

    async def call_as(name: str) -> tuple[str, str]:
        PERSON.set(name)
        return await database.write(who), PERSON.get()

    names = ["Ann", "Ben", "Cem"]
    assert await asyncio.gather(*map(call_as, names)) == [(name, name) for name in names]
    assert PERSON.get() == "nobody"


async def test_result_comes_after_the_commit(database: SqliteDatabase) -> None:
    async def write_and_look(note_id: int) -> bool:
        await database.write(insert(note_id))
        return note_id in await stored(database)

    assert all(await asyncio.gather(*map(write_and_look, range(30))))
