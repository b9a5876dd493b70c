"""Work that is begun before anything is set up for it."""

import asyncio
from collections.abc import Awaitable

import pytest

from services.common.begun import Begun


async def over_at_once() -> int:
    return 5


async def waiting(told: list[str]) -> int:
    for turn in range(3):
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            told.append(f"cancelled in turn {turn}")
            await asyncio.sleep(0)
            raise
        told.append(f"turn {turn}")
    return 7


async def failing() -> int:
    await asyncio.sleep(0)
    raise LookupError


async def test_what_is_over_at_once_never_waits() -> None:
    waits = list[None]()
    assert await Begun(over_at_once(), lambda: waits.append(None)) == 5
    assert waits == []


async def test_what_waits_says_so_once_after_its_first_step() -> None:
    told = list[str]()
    assert await Begun(waiting(told), lambda: told.append("waits")) == 7
    assert told == ["waits", "turn 0", "turn 1", "turn 2"]


async def test_what_fails_later_fails_where_it_is_awaited() -> None:
    with pytest.raises(LookupError):
        await Begun(failing(), lambda: None)


async def test_who_cancels_cancels_the_work() -> None:
    told = list[str]()

    async def outside() -> int:
        return await Begun(waiting(told), lambda: None)

    task = asyncio.create_task(outside())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == ["turn 0", "cancelled in turn 1"]


async def test_what_is_closed_closes_the_work() -> None:
    closed = list[None]()

    async def work() -> None:
        try:
            await asyncio.sleep(0)
        finally:
            closed.append(None)

    async def outside() -> None:
        await Begun(work(), lambda: None)

    begun: Awaitable[None] = outside()
    steps = begun.__await__()
    next(steps)
    steps.close()
    assert closed == [None]
