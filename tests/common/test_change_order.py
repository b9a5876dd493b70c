"""A follower of the outbox sees every change once, whatever commits in between."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import true

from services.common import change_feed
from services.common.change_feed import BEGINNING, present_end
from services.common.database import Database, Writes
from services.common.open_database import POOL_SIZE, open_database
from services.posts.tables import changes
from tests.common.outboxes import append, entities, page, write
from tests.common.waiting import a_moment
from tests.databases import Databases, PostgresServer


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.fresh("posts", tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
async def postgres(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await postgres_server.fresh("posts", tmp_path))
    yield opened
    await opened.close()
    postgres_server.take_back()


class OpenTransaction:
    """Writes changes at once and commits them when told to."""

    def __init__(self, database: Database, *entity_ids: int) -> None:
        self._entity_ids = entity_ids
        self._written, self._go_on = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(database.write(self._work))

    async def _work(self, writes: Writes) -> None:
        await append(writes, *self._entity_ids)
        self._written.set()
        await self._go_on.wait()

    async def begun(self) -> "OpenTransaction":
        await self._written.wait()
        return self

    async def commit(self) -> None:
        self._go_on.set()
        await self._task


async def test_open_transaction_is_waited_for(postgres: Database) -> None:
    slow = await OpenTransaction(postgres, 1).begun()
    await write(postgres, 2)
    async with postgres.read() as reads:
        end = await present_end(reads, changes)
    early = await page(postgres, BEGINNING)
    assert entities(early) == []
    await slow.commit()
    assert entities(await page(postgres, early.next)) == [1, 2]
    assert 1 in entities(await page(postgres, end)), "the end was taken before it was committed"


@pytest.fixture
def no_guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(change_feed, "_is_settled", lambda _dialect, _table: true())
    change_feed._page.cache_clear()
    yield
    change_feed._page.cache_clear()


@pytest.mark.usefixtures("no_guard")
async def test_without_the_guard_a_slow_transaction_is_passed_by(postgres: Database) -> None:
    """The control: transactions do commit in another order than they took their numbers."""
    slow = await OpenTransaction(postgres, 1).begun()
    await write(postgres, 2)
    early = await page(postgres, BEGINNING)
    assert entities(early) == [2]
    await slow.commit()
    assert entities(await page(postgres, early.next)) == []


async def test_transaction_that_is_undone_holds_up_nothing(postgres: Database) -> None:
    slow = await OpenTransaction(postgres, 1).begun()
    await write(postgres, 2)
    slow._task.cancel()
    await asyncio.gather(slow._task, return_exceptions=True)
    assert entities(await page(postgres, BEGINNING)) == [2]


class Crowd:
    """Transactions that each stay open for so many of a follower's looks, and so commit in another order than they
    took their numbers; every tenth is undone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        dice = random.Random(7)  # noqa: S311 the same every time
        self._stays_for = [dice.randint(0, 5) for _ in range(80)]
        self._places = asyncio.Semaphore(POOL_SIZE - 2)  # so that a follower need not queue for a connection
        self._looks = 0
        self.kept = [number for number in range(80) if number % 10]

    def has_been_looked_at(self) -> None:
        self._looks += 1

    async def write_all(self) -> None:
        await asyncio.gather(*(self._write(number) for number in range(80)))

    async def _write(self, number: int) -> None:
        async with self._places:
            with suppress(KeyError):
                await self._database.write(partial(self._work, number=number))

    async def _work(self, writes: Writes, number: int) -> None:
        await append(writes, 2 * number)
        until = self._looks + self._stays_for[number]
        while self._looks < until:
            await a_moment()
        await append(writes, 2 * number + 1)
        if number % 10 == 0:
            raise KeyError(number)


async def followed(database: Database, crowd: Crowd) -> list[int]:
    """What a follower sees while the crowd writes, and after."""
    writing = asyncio.create_task(crowd.write_all())
    seen, place, is_last = list[int](), BEGINNING, False
    while not is_last:
        is_last = writing.done()  # asked before the look, so that the last one is after the last commit
        has_more = True
        while has_more:
            read = await page(database, place, 7)
            seen, place, has_more = seen + entities(read), read.next, read.has_more
            crowd.has_been_looked_at()
    await writing
    return seen


async def test_every_change_is_seen_once_under_concurrent_writers(database: Database) -> None:
    crowd = Crowd(database)
    seen = await followed(database, crowd)
    assert sorted(seen) == [one for number in crowd.kept for one in (2 * number, 2 * number + 1)]
    assert all(seen.index(2 * number) < seen.index(2 * number + 1) for number in crowd.kept)


@pytest.mark.usefixtures("no_guard")
async def test_without_the_guard_concurrent_writers_are_passed_by(postgres: Database) -> None:
    crowd = Crowd(postgres)
    assert len(await followed(postgres, crowd)) < 2 * len(crowd.kept)
