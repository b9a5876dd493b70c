"""Calls an app in this process through httpx: no socket, but the same separation as over one."""

import asyncio
import contextvars
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from starlette.types import ASGIApp

_TIMEOUT_S: Final = 30.0


@dataclass(slots=True)
class _Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False


class InProcessTransport(httpx.AsyncBaseTransport):
    """Differs from httpx.ASGITransport where that one surprises: the app gets its lifespan state, runs in its own task
    and context under the request's read timeout, and its bugs answer 500 instead of raising here. Answers are whole,
    never streamed.
    """

    def __init__(self, app: ASGIApp, state: dict[str, Any] | None = None) -> None:
        self._app = app
        self._state = state or {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        timeout_s = request.extensions.get("timeout", {}).get("read", _TIMEOUT_S)
        answer = _Answer()
        call = asyncio.create_task(self._call(request, body, answer), context=contextvars.Context())
        bug: BaseException | None = None
        try:
            async with asyncio.timeout(timeout_s) as timeout:
                await call  # who stops waiting stops it
        except Exception as exc:
            if timeout.expired() and not answer.whole:
                raise httpx.ReadTimeout("the app did not answer in time", request=request) from exc
            bug = exc
        if not answer.whole:
            raise httpx.RemoteProtocolError("the app gave no whole answer", request=request) from bug
        return httpx.Response(answer.status, headers=answer.headers, content=bytes(answer.body), request=request)

    async def _call(self, request: httpx.Request, body: bytes, answer: _Answer) -> None:
        sent = False

        async def receive() -> MutableMapping[str, Any]:
            nonlocal sent
            if sent:
                await asyncio.Event().wait()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message.get("headers", []))
            else:
                answer.body += message.get("body", b"")
                answer.whole = not message.get("more_body", False)

        try:
            await self._app(self._scope(request), receive, send)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # by who waits; otherwise it is the app's own bug

    def _scope(self, request: httpx.Request) -> dict[str, Any]:
        raw_path, _, query = request.url.raw_path.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("127.0.0.1", 0),
            "server": (request.url.host, request.url.port or 80),
            "state": dict(self._state),
        }
