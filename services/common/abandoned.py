"""Ends the work on reads whose callers have gone, and so the calls that they made to other services."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WATCHED_AFTER_S: Final = 0.05
CLIENT_CLOSED: Final = 499
"""For logs and what stands before: nobody is there to be told."""


class StopAbandoned:
    """Watches the callers of what takes long; most requests are over before that. Writes go on: they may be done."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        watching: list[asyncio.Task[None]] = []
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            async with asyncio.timeout(None) as until_gone:
                later = loop.call_later(
                    _WATCHED_AFTER_S, lambda: watching.append(loop.create_task(_watch(receive, until_gone)))
                )
                await self._app(scope, receive, send_and_note)
        except TimeoutError:
            if not until_gone.expired():
                raise
            if not has_begun:  # callers have gone as well once they have their answer
                await send({"type": "http.response.start", "status": CLIENT_CLOSED, "headers": []})
        finally:
            later.cancel()
            for task in watching:
                task.cancel()


async def _watch(receive: Receive, until_gone: asyncio.Timeout) -> None:
    message = await receive()
    while message.get("more_body", False):
        message = await receive()
    if message["type"] == "http.request":  # all of it; what comes next is the end
        message = await receive()
    if message["type"] == "http.disconnect":
        until_gone.reschedule(asyncio.get_running_loop().time())
