"""A deadline for what is mostly there already: its clock is set by the first step that waits."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from services.common.begun import Begun
from services.common.interrupt import Interrupt

T = TypeVar("T")


async def in_time(work: Awaitable[T], ends_at: float) -> T:
    """What the work gives. Raises TimeoutError at a time of the loop's clock, as `asyncio.timeout_at` does."""
    clock = _Clock(ends_at)
    try:
        return await Begun(work, clock.set)
    except asyncio.CancelledError as exc:
        if clock.stop is not None and clock.stop.is_called and clock.stop.is_over():
            raise TimeoutError from exc
        raise
    finally:
        if clock.timer is not None:
            clock.timer.cancel()


class _Clock:
    __slots__ = ("_ends_at", "stop", "timer")

    def __init__(self, ends_at: float) -> None:
        self._ends_at = ends_at
        self.stop: Interrupt | None = None
        self.timer: asyncio.TimerHandle | None = None

    def set(self) -> None:
        self.stop = Interrupt()
        self.timer = asyncio.get_running_loop().call_at(self._ends_at, self.stop)
