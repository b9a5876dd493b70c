"""Waits for what a test cannot be told of by an event."""

import asyncio
import threading
import time
from collections.abc import Callable


async def until(condition: Callable[[], bool]) -> None:
    """Returns at the turn of the event loop at which the condition holds; TimeoutError when it never does."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 what is watched has no event to wait for
            await asyncio.sleep(0)


async def a_moment() -> None:
    """Lets others go on, be it on the event loop or in a writer's thread."""
    if asyncio._get_running_loop() is None:
        time.sleep(0.0005)  # noqa: ASYNC251 there is no loop here
    else:
        await asyncio.sleep(0)


class Pause:
    """Where a unit of work waits until it is let go, be it on the event loop or in a writer's thread."""

    def __init__(self) -> None:
        self._begun, self._go_on = threading.Event(), threading.Event()

    async def __call__(self) -> None:
        self._begun.set()
        while not self._go_on.is_set():
            await a_moment()

    async def begun(self) -> None:
        await until(self._begun.is_set)

    def end(self) -> None:
        self._go_on.set()
