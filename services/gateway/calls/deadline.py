"""Until when the request that is being answered is worth work: no call to a service outlives it."""

import asyncio
from collections.abc import Awaitable, Mapping
from contextvars import ContextVar
from math import inf

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ends_at: ContextVar[float] = ContextVar("request_ends_at", default=inf)


def request_ends_at() -> float:
    """By the loop's clock."""
    return _ends_at.get()


def ends_in(seconds: float) -> None:
    """For what this task does, for requests of others."""
    _ends_at.set(asyncio.get_running_loop().time() + seconds)


class RequestDeadline:
    """Gives every request so many seconds, counted from when it is whole; others by the beginning of the path."""

    def __init__(self, app: ASGIApp, *, seconds: float, longer: Mapping[str, float]) -> None:
        self._app = app
        self._seconds = seconds
        self._longer = longer

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        clock, seconds = asyncio.get_running_loop().time, self._of(scope["path"])
        _ends_at.set(clock() + seconds)
        if scope["method"] in {"GET", "HEAD"}:
            return self._app(scope, receive, send)

        async def receive_and_begin() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                _ends_at.set(clock() + seconds)
            return message

        return self._app(scope, receive_and_begin, send)

    def _of(self, path: str) -> float:
        return next((seconds for start, seconds in self._longer.items() if path.startswith(start)), self._seconds)
