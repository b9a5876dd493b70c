"""Waits for what a test cannot be told of by an event."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool]) -> None:
    """Returns at the turn of the event loop at which the condition holds; TimeoutError when it never does."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 what is watched has no event to wait for
            await asyncio.sleep(0)
