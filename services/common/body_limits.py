"""Limits on request bodies as they arrive: no encodings that unpack to more, no body that drips for ever."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.problem_handlers import problem_response
from services.common.problems import Problem, RequestTimeout, UnsupportedMediaType

BODY_DEADLINE_S: Final = 10.0


class BodyLimits:
    """Refuses a `Content-Encoding` (415) and ends a body that has not arrived after `deadline_s` (408)."""

    def __init__(self, app: ASGIApp, *, deadline_s: float = BODY_DEADLINE_S) -> None:
        self._app = app
        self._deadline_s = deadline_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
        elif any(name == b"content-encoding" for name, _ in scope["headers"]):
            await _refuse(UnsupportedMediaType("Send the body without a Content-Encoding."), scope, receive, send)
        else:
            await self._app(scope, _hurried(receive, self._deadline_s), send)


def _hurried(receive: Receive, deadline_s: float) -> Receive:
    """`receive` that raises RequestTimeout when the body is not whole in time; what follows a body may wait."""
    ends_at = asyncio.get_running_loop().time() + deadline_s
    whole = False

    async def receive_in_time() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(ends_at):
                message = await receive()
        except TimeoutError as exc:
            raise RequestTimeout from exc
        whole = message["type"] == "http.disconnect" or not message.get("more_body", False)
        return message

    return receive_in_time


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    await problem_response(problem)(scope, receive, send)
