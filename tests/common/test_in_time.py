"""A deadline that costs nothing where there is nothing to wait for."""

import asyncio
from typing import Any

import pytest

from services.common.in_time import in_time


async def at_once() -> int:
    return 5


async def test_what_is_there_already_needs_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    clocks = list[float]()

    class Counted:
        """The loop, with a count of the clocks that are set."""

        def call_at(self, when: float, act: Any) -> asyncio.TimerHandle:
            clocks.append(when)
            return loop.call_at(when, act)

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "get_running_loop", Counted)
        assert await in_time(at_once(), loop.time() - 1) == 5
        assert clocks == []
    assert await in_time(asyncio.sleep(0, 7), loop.time() + 5) == 7


async def test_what_is_late_is_ended() -> None:
    gone = asyncio.Event()

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()

    with pytest.raises(TimeoutError):
        await in_time(waits(), asyncio.get_running_loop().time() + 0.01)
    assert gone.is_set()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_who_ends_it_from_outside_is_told_so() -> None:
    task = asyncio.create_task(in_time(asyncio.Event().wait(), asyncio.get_running_loop().time() + 5))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
