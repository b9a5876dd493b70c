"""Ends the work on reads whose callers have gone, and so the calls that they made to other services."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.begun import Begun
from services.common.interrupt import Interrupt

_WATCHED_AFTER_S: Final = 0.05
CANCELS: Final = "dateline.cancels"
"""An extension of callers that end the work themselves when they go."""
CLIENT_CLOSED: Final = 499
"""For logs and what stands before: nobody is there to be told."""


class StopAbandoned:
    """Watches the callers of what takes long; most requests are over before that. Writes go on: they may be done."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"} or CANCELS in scope.get("extensions", ()):
            await self._app(scope, receive, send)
            return
        watch = _Watch(receive, send)
        try:
            await Begun(self._app(scope, receive, watch.send), watch.begin)
        except asyncio.CancelledError:
            if watch.stop is None or not watch.stop.is_over():
                raise
            if not watch.has_begun:  # callers have gone as well once they have their answer
                await send({"type": "http.response.start", "status": CLIENT_CLOSED, "headers": []})
        finally:
            watch.end()


class _Watch:
    """Of one request and its caller; `stop` is there once the work waits for something."""

    __slots__ = ("_later", "_receive", "_send", "_watching", "has_begun", "stop")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._watching: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None
        self.stop: Interrupt | None = None
        self.has_begun = False

    def begin(self) -> None:
        self.stop = Interrupt()
        self._later = asyncio.get_running_loop().call_later(_WATCHED_AFTER_S, self._watch, self.stop)

    async def send(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)

    def _watch(self, stop: Interrupt) -> None:
        self._watching = asyncio.create_task(self._until_gone(stop))

    def end(self) -> None:
        if self._later is not None:
            self._later.cancel()
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None  # it holds on to this one, and neither would be freed before garbage is looked for

    async def _until_gone(self, stop: Interrupt) -> None:
        message = await self._receive()
        while message.get("more_body", False):
            message = await self._receive()
        if message["type"] == "http.request":  # all of it; what comes next is the end
            message = await self._receive()
        if message["type"] == "http.disconnect":
            stop()
