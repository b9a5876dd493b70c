"""The clock of a call stands still while the process itself is late, but not for ever."""

import asyncio
import time
from typing import Any

import pytest

from services.gateway.calls.patience import Patience

A_TICK_S = 0.001
"""Of the loop's own clock, which stands still within a turn."""


async def waited(patience: Patience) -> float:
    """Seconds of the loop's own clock."""
    begun = now()
    with pytest.raises(TimeoutError):
        await patience.wait_for(asyncio.Event().wait())
    return now() - begun


def now() -> float:
    return asyncio.get_running_loop().time()


async def be_late() -> None:
    """As a process that has too much to do."""
    while True:
        time.sleep(0.03)  # noqa: ASYNC251 it is to block
        await asyncio.sleep(0)


async def test_a_call_has_its_time() -> None:
    patience = Patience(0.05, now() + 60)
    assert await waited(patience) > 0.05 - A_TICK_S
    assert patience.is_over


async def test_a_call_ends_with_its_request() -> None:
    patience = Patience(60, now() + 0.03)
    assert 0.03 - A_TICK_S < await waited(patience) < 5
    assert not patience.is_over


async def test_what_comes_in_time_is_given() -> None:
    assert await Patience(5, now() + 60).wait_for(asyncio.sleep(0.03, "came")) == "came"
    await asyncio.sleep(0)


async def test_a_late_process_waits_longer_but_not_for_ever() -> None:
    late = asyncio.create_task(be_late())
    patience = Patience(0.1, now() + 60)
    took = await waited(patience)
    late.cancel()
    assert 0.12 <= took < 5


@pytest.mark.parametrize(("turns", "clocks"), [(0, 0), (1, 1)])
async def test_no_clock_is_set_for_what_is_over_at_once(
    monkeypatch: pytest.MonkeyPatch, turns: int, clocks: int
) -> None:
    loop, at = asyncio.get_running_loop(), list[float]()
    call_at = loop.call_at

    def noted(when: float, *args: Any) -> asyncio.TimerHandle:
        at.append(when)
        return call_at(when, *args)

    async def call() -> str:
        for _ in range(turns):
            await asyncio.sleep(0)
        return "came"

    monkeypatch.setattr(loop, "call_at", noted)
    assert await Patience(5, now() + 60).wait_for(call()) == "came"
    assert len(at) == clocks
