"""What stands between the gateway and a service that may be failing: a bulkhead, a breaker, and the way back."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from services.gateway.calls.breaker import Breaker

MOST_CALLS: Final = 64
"""In flight to one service, reads and writes each: writes that hang must not take the place of reads."""
_PING_S: Final = 0.5
Ping = Callable[[], Awaitable[None]]


class Guard:
    """Lets calls go out, or not. While the breaker is open it pings the service in the background, so that no reader
    waits to find out whether it is back, and without readers it is found out as well.
    """

    def __init__(self, name: str, ping: Ping) -> None:
        self.breaker = Breaker()
        self._ping = ping
        self._in_flight = {True: 0, False: 0}
        self._pinging: asyncio.Task[None] | None = None
        self._log = structlog.stdlib.get_logger("dateline.upstream").bind(upstream=name)

    @property
    def in_flight(self) -> int:
        return sum(self._in_flight.values())

    def enter(self, *, reads: bool) -> int | None:
        """A permit for one call, to be given back with its outcome; None: fail at once."""
        if self._in_flight[reads] >= MOST_CALLS:
            self._log.warning("too many calls in flight")
            return None
        permit = self.breaker.enter()
        if permit is not None:
            self._in_flight[reads] += 1
        return permit

    def leave(self, permit: int, *, reads: bool, good: bool | None) -> None:
        """`good`: whether the service did its part; None when that was not found out."""
        self._in_flight[reads] -= 1
        before = self.breaker.state
        if good is None:
            self.breaker.left(permit)
        elif good:
            self.breaker.succeeded(permit)
        else:
            self.breaker.failed(permit, asyncio.get_running_loop().time())
        if self.breaker.state != before:
            self._turned()

    async def close(self) -> None:
        if self._pinging is not None:
            self._pinging.cancel()
            await asyncio.wait({self._pinging})

    def _turned(self) -> None:
        if self.breaker.state == "open":
            self._log.error("left alone from now on: it fails every time")
            if self._pinging is None or self._pinging.done():
                self._pinging = asyncio.create_task(self._ping_until_it_answers())
        else:
            self._log.info("back")

    async def _ping_until_it_answers(self) -> None:
        clock = asyncio.get_running_loop().time
        while self.breaker.state == "open":
            await asyncio.sleep(max(self.breaker.ping_at - clock(), 0))
            answered = False
            with suppress(Exception):  # whatever it is, the service does not answer
                async with asyncio.timeout(_PING_S):
                    await self._ping()
                answered = True
            self.breaker.pinged(clock(), answered=answered)
