"""How long a call is waited for, by a clock that stands still while this process itself is late."""

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import Final, TypeVar

from services.common.begun import Begun
from services.common.interrupt import Interrupt

T = TypeVar("T")

_TICK_S: Final = 0.02
_TICKS: Final = 50
"""In the time of a call that may take longer than so many of the shortest."""
_MOST_TIMES: Final = 4


class Patience:
    """Raises TimeoutError when the seconds are over, or when `until` is reached.

    A process that is short of time sees answers late that came in time. So not seconds are counted but how often it
    could have looked, up to four times the seconds. `is_over`: whether the call had all of its time.
    """

    def __init__(self, seconds: float, until: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._left = seconds
        self._tick = max(_TICK_S, seconds / _TICKS)
        self._until = min(until, self._loop.time() + seconds * _MOST_TIMES)
        self._next = 0.0
        self._stop: Interrupt | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_over(self) -> bool:
        return self._left <= 0

    async def wait_for(self, call: Awaitable[T]) -> T:
        with self:
            return await Begun(call, self._begin)

    def _begin(self) -> None:
        self._stop = Interrupt()
        self._look_later(self._stop)

    def __enter__(self) -> None:
        """Nothing is to be done before the first step."""

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        stop = self._stop
        if stop is not None and stop.is_called and stop.is_over() and isinstance(exc, asyncio.CancelledError):
            raise TimeoutError from exc

    def _look_later(self, stop: Interrupt) -> None:
        now = self._loop.time()
        self._next = min(self._left, self._tick, max(self._until - now, 0))
        self._timer = self._loop.call_at(now + self._next, self._look, stop)

    def _look(self, stop: Interrupt) -> None:
        self._left -= self._next
        if self._left <= 0 or self._loop.time() >= self._until:
            stop()
        else:
            self._look_later(stop)
