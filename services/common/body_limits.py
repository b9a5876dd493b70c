"""Limits on request bodies as they arrive: their size, no encodings that unpack to more, no body that drips for ever.

FastAPI's own `max_body_size` answers in plain text from outside of every middleware, so it is not used.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.header_lines import header_of
from services.common.in_time import in_time
from services.common.problem_handlers import Answer, plain_answer
from services.common.problems import ContentTooLarge, Problem, UnsupportedMediaType

BODY_DEADLINE_S: Final = 10.0
MIN_BYTES_PER_S: Final = 64 * 1024
MAX_BYTES: Final = 64 * 1024


Trust = Callable[[Request], Awaitable[bool]]


async def brings_authorization(request: Request) -> bool:
    """Enough for services that only the gateway reaches."""
    return "Authorization" in request.headers


class BodyLimits:
    """Refuses a `Content-Encoding` (415), a body above its route's limit (413), and one that is late (408).

    A body has ten seconds, and one more for each 64 KiB that have come.

    `max_bytes` gives other limits than `MAX_BYTES` by the beginning of the path, to callers that `may_send_more`: what
    a large body costs to read and parse is not for everybody to spend.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: Mapping[str, int] | None = None,
        may_send_more: Trust = brings_authorization,
        deadline_s: float = BODY_DEADLINE_S,
        answer: Answer = plain_answer,
    ) -> None:
        self._app = app
        self._answer = answer
        self._max_bytes = max_bytes or {}
        self._may_send_more = may_send_more
        self._deadline_s = deadline_s

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        answers = self._app if scope["method"] in {"GET", "HEAD"} else self._with_body
        return answers(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = header_of(scope["headers"], b"content-length")
        limit = await self._limit(scope, length)
        if b"content-encoding" in dict(scope["headers"]):
            problem: Problem = UnsupportedMediaType("Send the body without a Content-Encoding.")
            await self._answer(Request(scope), problem)(scope, receive, send)
        elif _announced(length) > limit:
            await self._answer(Request(scope), _too_large(limit))(scope, receive, send)
        else:
            await self._app(scope, _limited(receive, limit, self._deadline_s), send)

    async def _limit(self, scope: Scope, length: bytes) -> int:
        """Who sends is looked up only where a body is large."""
        path = scope["path"]
        limit = next((limit for start, limit in self._max_bytes.items() if path.startswith(start)), MAX_BYTES)
        small = length and _announced(length) <= MAX_BYTES
        return limit if small or limit == MAX_BYTES or await self._may_send_more(Request(scope)) else MAX_BYTES


def _limited(receive: Receive, limit: int, deadline_s: float) -> Receive:
    """`receive` that raises HTTPException, which FastAPI lets through where it reads bodies; what follows may wait."""
    ends_at = asyncio.get_running_loop().time() + deadline_s
    size, whole = 0, False

    async def receive_in_time() -> Message:
        nonlocal size, whole
        if whole:
            return await receive()
        try:
            message = await in_time(receive(), ends_at + size / MIN_BYTES_PER_S)
        except TimeoutError as exc:
            raise HTTPException(408, headers={"Connection": "close"}) from exc
        size += len(message.get("body", b""))
        if size > limit:
            raise HTTPException(ContentTooLarge.status)
        whole = message["type"] == "http.disconnect" or not message.get("more_body", False)
        return message

    return receive_in_time


def _announced(length: bytes) -> int:
    return int(length) if length.isdigit() else 0


def _too_large(limit: int) -> Problem:
    return ContentTooLarge(f"At most {limit} bytes are taken here.")
