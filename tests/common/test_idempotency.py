"""A write that is sent again with its key is answered again, not done again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, func, insert, select, text

from services.common.database import Database, Writes
from services.common.idempotency import (
    Answer,
    IdempotencyKeyReused,
    forget_old,
    idempotency_table,
    once,
)
from services.common.idempotency_key import IdempotencyToken, token_for
from services.common.open_database import open_database
from services.common.sqltypes import Int64
from tests.databases import Databases, PostgresServer

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
metadata = MetaData()
idempotency = idempotency_table(metadata)
notes = Table("notes", metadata, Column("id", Int64, primary_key=True), sqlite_strict=True)


def token_of(principal: str, key: str, request_line: str, body: bytes) -> IdempotencyToken:
    token = token_for(principal, key, request_line, body)
    assert token is not None
    return token


TOKEN = token_of("key:1", "abc", "POST /notes?", b"{}")


async def create(writes: Writes) -> None:
    await writes.run_sync(metadata.create_all)


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.empty(tmp_path))
    await opened.write(create)
    yield opened
    await opened.close()


async def note(writes: Writes) -> Answer:
    note_id = (await writes.execute(insert(notes).values({}).returning(notes.c.id))).scalar_one()
    return Answer(f'{{"note": {note_id}, "é": "\\u0000"}}', 201)


async def write(database: Database, token: IdempotencyToken | None, now: datetime = NOW) -> Answer:
    return await database.write(lambda writes: once(writes, idempotency, token, now, lambda: note(writes)))


async def stored(database: Database, table: Table) -> int:
    async with database.read() as reads:
        return int((await reads.execute(select(func.count()).select_from(table))).scalar_one())


async def test_same_request_is_done_once_and_answered_twice(database: Database) -> None:
    first, again = await write(database, TOKEN), await write(database, TOKEN)
    assert first == Answer('{"note": 1, "é": "\\u0000"}', 201)
    assert again == Answer(first.text, 201, is_replay=True)
    assert await stored(database, notes) == 1


async def test_without_a_key_it_is_done_each_time(database: Database) -> None:
    await write(database, None)
    assert not (await write(database, None)).is_replay
    assert (await stored(database, notes), await stored(database, idempotency)) == (2, 0)


@pytest.mark.parametrize(
    "other", [token_of("key:2", "abc", "POST /notes?", b"{}"), token_of("key:1", "abd", "POST /notes?", b"{}")]
)
async def test_keys_are_each_principals_own(database: Database, other: IdempotencyToken) -> None:
    await write(database, TOKEN)
    assert not (await write(database, other)).is_replay
    assert await stored(database, notes) == 2


def test_key_does_not_run_into_the_name() -> None:
    assert token_of("key:1", "23", "POST /", b"").key_hash != token_of("key:12", "3", "POST /", b"").key_hash


@pytest.mark.parametrize(("line", "body"), [("POST /notes?", b"{ }"), ("POST /other?", b"{}"), ("PUT /notes?", b"{}")])
async def test_key_of_another_request_is_refused(database: Database, line: str, body: bytes) -> None:
    await write(database, TOKEN)
    with pytest.raises(IdempotencyKeyReused) as caught:
        await write(database, token_for("key:1", "abc", line, body))
    assert caught.value.status == 422
    assert [error["parameter"] for error in caught.value.extensions["errors"]] == ["Idempotency-Key"]
    assert (await stored(database, notes), (await write(database, TOKEN)).is_replay) == (1, True)


async def test_failed_effect_leaves_nothing_and_may_be_tried_again(database: Database) -> None:
    async def fail(writes: Writes) -> Answer:
        await note(writes)
        raise KeyError("changed its mind")

    with pytest.raises(KeyError):
        await database.write(lambda writes: once(writes, idempotency, TOKEN, NOW, lambda: fail(writes)))
    assert (await stored(database, notes), await stored(database, idempotency)) == (0, 0)
    assert not (await write(database, TOKEN)).is_replay


async def test_duplicates_at_the_same_time_are_done_once(database: Database) -> None:
    answers = await asyncio.gather(*(write(database, TOKEN) for _ in range(20)))
    assert sorted(answer.is_replay for answer in answers) == [False] + [True] * 19
    assert len({answer.text for answer in answers}) == 1
    assert await stored(database, notes) == 1


@pytest.mark.parametrize("first_fails", [False, True])
async def test_second_waits_for_the_first(
    postgres_server: PostgresServer, tmp_path: Path, *, first_fails: bool
) -> None:
    """And takes its place when it fails."""
    database = await open_database(await postgres_server.empty(tmp_path))
    await database.write(create)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(writes: Writes) -> Answer:
        answer = await note(writes)
        begun.set()
        await go_on.wait()
        if first_fails:
            raise KeyError("changed its mind")
        return answer

    first = asyncio.create_task(
        database.write(lambda writes: once(writes, idempotency, TOKEN, NOW, lambda: slow(writes)))
    )
    await begun.wait()
    second = asyncio.create_task(write(database, TOKEN))
    await _until_one_waits_for_a_lock(database)
    assert not second.done()
    go_on.set()
    outcome, answer = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(answer, Answer)
    assert isinstance(outcome, KeyError) == first_fails
    assert (answer.is_replay, await stored(database, notes)) == (not first_fails, 1)
    await database.close()


async def _until_one_waits_for_a_lock(database: Database) -> None:
    async with asyncio.timeout(10):
        waiting = 0
        while not waiting:
            async with database.read() as reads:
                found = await reads.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
                waiting = found.scalar_one()


async def test_key_is_new_again_once_its_answer_is_forgotten(database: Database) -> None:
    await write(database, TOKEN)
    assert await database.write(lambda writes: forget_old(writes, idempotency, NOW + timedelta(seconds=1))) == 1
    assert not (await write(database, TOKEN)).is_replay
    assert await stored(database, notes) == 2
    assert (await write(database, TOKEN)).is_replay


async def test_old_answers_are_forgotten_in_batches(database: Database) -> None:
    rows = [
        {
            "key_hash": str(n),
            "fingerprint": "f",
            "status": 200,
            "answer": "{}",
            "created_at": NOW + timedelta(seconds=n),
        }
        for n in range(1202)
    ]

    async def fill(writes: Writes) -> None:
        await writes.execute(insert(idempotency), rows)

    await database.write(fill)
    before = NOW + timedelta(seconds=1200)
    gone = [await database.write(lambda writes: forget_old(writes, idempotency, before)) for _ in range(3)]
    assert gone == [1000, 200, 0]
    async with database.read() as reads:
        assert set((await reads.scalars(select(idempotency.c.key_hash))).all()) == {"1200", "1201"}
