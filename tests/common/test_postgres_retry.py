"""Units of work that PostgreSQL undoes for the sake of another are run again."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.common.database import Work, Writes
from services.common.lost_races import TRIES, again_when_lost, is_lost_race
from services.common.open_database import open_database
from services.common.postgres import PostgresDatabase
from tests.databases import PostgresServer


@pytest.fixture
async def database(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[PostgresDatabase]:
    opened = await open_database(await postgres_server.empty(tmp_path))
    assert isinstance(opened, PostgresDatabase)

    async def create(writes: Writes) -> None:
        await writes.execute(text("CREATE TABLE counts (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
        await writes.execute(text("INSERT INTO counts (id, n) VALUES (1, 0), (2, 0)"))

    await opened.write(create)
    yield opened
    await opened.close()


async def counts(database: PostgresDatabase) -> list[int]:
    async with database.read() as reads:
        return list((await reads.execute(text("SELECT n FROM counts ORDER BY id"))).scalars())


class Crossing:
    """Two units of work that lock two rows in opposite order, each its second when both have their first."""

    def __init__(self) -> None:
        self.runs = 0
        self._have_first = {1: asyncio.Event(), 2: asyncio.Event()}

    def work(self, first: int, second: int) -> Work[None]:
        async def run(writes: Writes) -> None:
            self.runs += 1
            await _add_one(writes, first)
            self._have_first[first].set()
            await self._have_first[second].wait()
            await _add_one(writes, second)

        return run


async def _add_one(writes: Writes, row_id: int) -> None:
    await writes.execute(text("UPDATE counts SET n = n + 1 WHERE id = :id"), {"id": row_id})


def raising(sqlstate: str, runs: list[None]) -> Work[None]:
    async def work(writes: Writes) -> None:
        runs.append(None)
        await writes.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{sqlstate}'; END $$"))

    return work


async def test_deadlock_is_resolved(database: PostgresDatabase) -> None:
    crossing = Crossing()
    await asyncio.gather(database.write(crossing.work(1, 2)), database.write(crossing.work(2, 1)))
    assert await counts(database) == [2, 2]
    assert crossing.runs >= 3, "one of them lost and ran again"


async def test_with_one_try_a_deadlock_reaches_a_caller(database: PostgresDatabase) -> None:
    """The control: the deadlock is real."""
    crossing = Crossing()
    works = [crossing.work(1, 2), crossing.work(2, 1)]
    once = [again_when_lost(partial(database._transaction, work), tries=1) for work in works]
    outcomes = await asyncio.gather(*once, return_exceptions=True)
    (failure,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(failure, DBAPIError)
    assert is_lost_race(failure)
    assert (crossing.runs, await counts(database)) == (2, [1, 1])


async def test_work_that_saw_an_old_state_is_run_again(database: PostgresDatabase) -> None:
    """What REPEATABLE READ makes of a lost race: 40001."""
    runs: list[int] = []

    async def work(writes: Writes) -> None:
        await writes.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        seen = (await writes.execute(text("SELECT n FROM counts WHERE id = 1"))).scalar_one()
        runs.append(seen)
        if len(runs) == 1:
            await database.write(lambda others: _add_one(others, 1))
        await writes.execute(text("UPDATE counts SET n = :n WHERE id = 1"), {"n": seen + 10})

    await database.write(work)
    assert (runs, await counts(database)) == ([0, 1], [11, 0])


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
async def test_work_that_always_loses_is_given_up(database: PostgresDatabase, sqlstate: str) -> None:
    runs: list[None] = []
    with pytest.raises(DBAPIError, match="lost"):
        await database.write(raising(sqlstate, runs))
    assert len(runs) == TRIES == 3


@pytest.mark.parametrize("sqlstate", ["23505", "40002", "55P03", "57014"])
async def test_other_failures_are_not_tried_again(database: PostgresDatabase, sqlstate: str) -> None:
    runs: list[None] = []
    with pytest.raises(DBAPIError, match="lost"):
        await database.write(raising(sqlstate, runs))
    assert len(runs) == 1


async def test_statement_that_fails_by_itself_fails_once(database: PostgresDatabase) -> None:
    runs: list[None] = []

    async def work(writes: Writes) -> None:
        runs.append(None)
        await writes.execute(text("INSERT INTO counts (id, n) VALUES (1, 0)"))

    with pytest.raises(IntegrityError):
        await database.write(work)
    assert len(runs) == 1
