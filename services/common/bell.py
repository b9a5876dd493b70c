"""Wakes whoever waits for something to happen in this process."""

import asyncio
from contextlib import suppress


class Bell:
    """Take `next_ring` before looking whether there is something: a ring between looking and waiting is then heard."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def next_ring(self) -> asyncio.Event:
        return self._next

    def ring(self) -> None:
        self._next.set()
        self._next = asyncio.Event()


async def wait_for_ring(ring: asyncio.Event, timeout_s: float) -> None:
    """Returns at the ring, or when the time is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await ring.wait()
