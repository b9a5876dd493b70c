"""Short units of work stand in no savepoint until one of their group has failed after it wrote."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.common.database import Work, Writes
from services.common.sqlite import SqliteDatabase


class Notes:
    """A table, and in which order units of work were begun on it."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.database = database
        self.begun: list[int] = []

    def insert(self, note_id: int, *, fails: bool = False, writes_first: bool = True) -> Work[int]:
        async def work(writes: Writes) -> int:
            self.begun.append(note_id)
            if writes_first:
                await writes.execute(text("INSERT INTO notes (id) VALUES (:id)"), {"id": note_id})
            if fails:
                raise KeyError(note_id)
            return note_id

        return work

    async def written(self, *works: Work[Any], is_short: bool = True) -> list[Any]:
        """What became of each, all of them in one group: its result, or what it raised."""
        return await asyncio.gather(
            *(self.database.write(work, is_short=is_short) for work in works), return_exceptions=True
        )

    async def stored(self) -> list[int]:
        async with self.database.read() as reads:
            return list((await reads.execute(text("SELECT id FROM notes ORDER BY id"))).scalars())


@pytest.fixture
async def notes(tmp_path: Path) -> Any:
    database = await SqliteDatabase.open(tmp_path / "notes.db")

    async def create(writes: Writes) -> None:
        await writes.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT"))

    await database.write(create)
    yield Notes(database)
    await database.close()


def kinds(outcomes: list[Any]) -> list[Any]:
    return [one if isinstance(one, int) else type(one) for one in outcomes]


async def test_what_fails_before_it_wrote_costs_the_others_nothing(notes: Notes) -> None:
    refused = notes.insert(2, fails=True, writes_first=False)
    outcomes = await notes.written(notes.insert(1), refused, notes.insert(3))
    assert kinds(outcomes) == [1, KeyError, 3]
    assert (notes.begun, await notes.stored()) == ([1, 2, 3], [1, 3])


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_others_are_done_again_after_what_failed_half_done(notes: Notes, place: int) -> None:
    works = [notes.insert(1), notes.insert(2)]
    works.insert(place, notes.insert(9, fails=True))
    outcomes = await notes.written(*works)
    assert kinds([one for at, one in enumerate(outcomes) if at != place]) == [1, 2]
    assert isinstance(outcomes[place], KeyError)
    assert await notes.stored() == [1, 2]
    assert notes.begun == [[9, 1, 2], [1, 9, 1, 2], [1, 2, 9, 1, 2]][place]


async def test_they_are_done_again_once_however_many_fail(notes: Notes) -> None:
    failing = [notes.insert(at, fails=True) for at in range(100, 110)]
    outcomes = await notes.written(notes.insert(1), *failing, notes.insert(2), notes.insert(1))
    assert kinds(outcomes) == [1, *[KeyError] * 10, 2, IntegrityError]
    assert await notes.stored() == [1, 2]
    assert notes.begun == [1, 100, 1, *range(101, 110), 2, 1]


async def test_a_long_one_is_never_done_twice(notes: Notes) -> None:
    outcomes = await notes.written(notes.insert(1), notes.insert(9, fails=True), notes.insert(2), is_short=False)
    assert kinds(outcomes) == [1, KeyError, 2]
    assert (notes.begun, await notes.stored()) == ([1, 9, 2], [1, 2])


async def test_schema_that_a_long_one_changed_is_undone_with_it(notes: Notes) -> None:
    """Which counts as no change of rows."""

    async def fail(writes: Writes) -> None:
        await writes.execute(text("CREATE TABLE others (id INTEGER PRIMARY KEY) STRICT"))
        raise KeyError

    assert kinds(await notes.written(fail, notes.insert(1), is_short=False)) == [KeyError, 1]
    async with notes.database.read() as reads:
        tables = (await reads.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))).scalars()
        assert list(tables) == ["notes"]


async def test_what_ends_the_transaction_after_it_began_anew_fails_all(notes: Notes) -> None:
    async def end_all(writes: Writes) -> None:
        await writes.execute(text("INSERT OR ROLLBACK INTO notes (id) VALUES (1)"))

    outcomes = await notes.written(notes.insert(1), notes.insert(9, fails=True), end_all, notes.insert(2))
    assert kinds(outcomes)[1:3] == [KeyError, IntegrityError]
    assert await notes.stored() == [one for one in kinds(outcomes) if isinstance(one, int)] == [2]
    assert await notes.database.write(notes.insert(1), is_short=True) == 1
