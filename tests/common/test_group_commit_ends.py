"""Callers of the grouping writer that go away, work that is cancelled, and the writer's own end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import NoneType

import pytest
from sqlalchemy import Engine, create_engine, text

from services.common.database import Work, Writes
from services.common.group_commit import GroupCommitWriter
from services.common.histogram import Histogram
from tests.common.waiting import Pause, until


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    path = f"sqlite:///{tmp_path / 'notes.db'}"
    made = create_engine(path, connect_args={"check_same_thread": False, "isolation_level": None})
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, half TEXT) STRICT"))
    yield made
    made.dispose()


@pytest.fixture
async def open_writer(engine: Engine) -> AsyncIterator[GroupCommitWriter]:
    """Not closed here, because a test that closes it shows what closing does; its connection is."""
    connection = engine.connect()
    writer = GroupCommitWriter(connection, lambda: None, Histogram((1,)))
    yield writer
    writer._loop_task.cancel()
    await asyncio.gather(writer._loop_task, return_exceptions=True)
    writer._thread.shutdown()
    connection.close()


def insert(note_id: int, pause: Pause | None = None) -> Work[int]:
    """Two statements, so that work is seen to be whole."""

    async def work(writes: Writes) -> int:
        await writes.execute(text("INSERT INTO notes (id) VALUES (:id)"), {"id": note_id})
        if pause is not None:
            await pause()
        await writes.execute(text("UPDATE notes SET half = 'whole' WHERE id = :id"), {"id": note_id})
        return note_id

    return work


def stored(engine: Engine) -> dict[int, str | None]:
    with engine.connect() as connection:
        return {row.id: row.half for row in connection.execute(text("SELECT id, half FROM notes"))}


async def test_cancelled_caller_disturbs_nobody(open_writer: GroupCommitWriter, engine: Engine) -> None:
    pause = Pause()
    under_way = asyncio.create_task(open_writer.submit(insert(1, pause)))
    await pause.begun()
    waiting = [asyncio.create_task(open_writer.submit(insert(note_id))) for note_id in (2, 3, 4)]
    await until(lambda: open_writer._queue.qsize() == len(waiting))
    under_way.cancel()
    waiting[1].cancel()
    pause.end()
    outcomes = await asyncio.gather(under_way, *waiting, return_exceptions=True)
    assert [outcomes[1], outcomes[3]] == [2, 4]
    assert [type(outcomes[0]), type(outcomes[2])] == [asyncio.CancelledError] * 2
    assert await open_writer.submit(insert(5)) == 5
    found = stored(engine)
    assert {2, 4, 5} <= set(found)
    assert set(found.values()) == {"whole"}
    await open_writer.close()


async def test_failure_of_a_cancelled_callers_work_stays_unheard(open_writer: GroupCommitWriter) -> None:
    """Nobody waits for the error any more; a warning about it would fail this test."""
    pause = Pause()

    async def fail_late(_writes: Writes) -> None:
        await pause()
        raise KeyError("late")

    caller = asyncio.create_task(open_writer.submit(fail_late))
    await pause.begun()
    caller.cancel()
    pause.end()
    assert await open_writer.submit(insert(1)) == 1
    await open_writer.close()


async def test_work_that_is_cancelled_fails_alone(open_writer: GroupCommitWriter, engine: Engine) -> None:
    async def cancel_itself(_writes: Writes) -> None:
        raise asyncio.CancelledError

    calls = [asyncio.create_task(open_writer.submit(work)) for work in (cancel_itself, insert(1))]
    _, waiting = await asyncio.wait(calls, timeout=1)
    for caller in waiting:
        caller.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert not waiting
    assert calls[1].result() == 1
    assert stored(engine) == {1: "whole"}
    await open_writer.close()


async def test_close_finishes_what_is_in_hand(open_writer: GroupCommitWriter, engine: Engine) -> None:
    pause = Pause()
    writes = [asyncio.create_task(open_writer.submit(insert(note_id, pause))) for note_id in range(5)]
    await pause.begun()
    pause.end()
    await open_writer.close()
    assert all(write.done() for write in writes)
    assert await asyncio.gather(*writes) == list(range(5))
    assert stored(engine) == dict.fromkeys(range(5), "whole")


async def test_submit_after_close_raises(open_writer: GroupCommitWriter) -> None:
    await open_writer.close()
    with pytest.raises(RuntimeError, match="closed"):
        await open_writer.submit(insert(1))


async def test_submits_during_close_are_answered_or_refused(open_writer: GroupCommitWriter, engine: Engine) -> None:
    """Callers that write one thing after another, whatever turn of the event loop their next write falls on."""
    answered: list[int] = []

    async def write_until_refused(turns: int) -> None:
        for note_id in range(1000 * turns, 1000 * turns + 200):
            answered.append(await open_writer.submit(insert(note_id)))
            for _ in range(turns):
                await asyncio.sleep(0)

    callers = [asyncio.create_task(write_until_refused(turns)) for turns in range(5)]
    await until(lambda: bool(answered))
    await open_writer.close()
    done, waiting = await asyncio.wait(callers, timeout=1)
    for caller in waiting:
        caller.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert not waiting
    assert {type(caller.exception()) for caller in done} <= {RuntimeError, NoneType}
    assert set(stored(engine)) == set(answered)
