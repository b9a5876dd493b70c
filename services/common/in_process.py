"""Calls an app in this process through httpx: no socket, but the same separation as over one."""

import asyncio
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextvars import Context
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol, runtime_checkable

import httpx
from msgspec import Struct, field
from starlette.types import ASGIApp, Scope

from services.common.abandoned import CANCELS
from services.common.contained import Contained

_TIMEOUT_S: Final = 30.0
_TIMEOUTS: Final = {"read": _TIMEOUT_S}
_EXTENSIONS: Final = {CANCELS: dict[str, str]()}
MAX_BYTES: Final = 32 * 1024 * 1024
"""No page of anything is larger."""
TOO_LARGE: Final = "the answer is too large"
RawHeaders = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class WholeBody(httpx.AsyncByteStream):
    """A body of a request or an answer that is there already: `content` spares its reader to read."""

    content: bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.content


class Target(NamedTuple):
    """Where a call goes, and what an app's scope has of it (`place`)."""

    url: httpx.URL
    place: Mapping[str, Any]


@lru_cache(maxsize=1024)
def target_of(url: str) -> Target:
    """To take one apart takes as long as to find what it names. Raises httpx.InvalidURL."""
    parts = httpx.URL(url)
    return Target(parts, _place(parts))


@runtime_checkable
class Answering(Protocol):
    """A transport that can be called without httpx's objects around it: they take as long as all layers of an app."""

    async def answer(
        self, method: str, target: Target, headers: RawHeaders, content: bytes, most: int = MAX_BYTES
    ) -> tuple[int, RawHeaders, bytes]:
        """Status, headers and body. The names of headers that are given are in lower case; the caller keeps the time.
        Raises httpx.HTTPError, also for a body above `most` bytes.
        """


class _Call(Struct):
    """One request, as the app receives it, and the answer that it sends."""

    body: bytes
    is_received: bool = False
    status: int = 0
    headers: RawHeaders = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    is_whole: bool = False

    async def receive(self) -> MutableMapping[str, Any]:
        if self.is_received:
            await asyncio.Event().wait()
        self.is_received = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        else:
            self.pieces.append(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)

    @property
    def content(self) -> bytes:
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)


class InProcessTransport(httpx.AsyncBaseTransport):
    """Differs from httpx.ASGITransport where that one surprises: the app gets its lifespan state, runs in its own
    context under the request's read timeout, and its bugs answer 500 instead of raising here. Answers are whole, never
    streamed.
    """

    def __init__(self, app: ASGIApp, state: dict[str, Any] | None = None) -> None:
        self._app = app
        self._state = state or {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = request.stream
        call = _Call(sent.content if isinstance(sent, WholeBody) else await request.aread())
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        scope = self._scope(request.method, _place(request.url), headers)
        try:
            async with asyncio.timeout(request.extensions.get("timeout", _TIMEOUTS).get("read", _TIMEOUT_S)):
                await self._answer(scope, call)
        except TimeoutError as exc:
            if not call.is_whole:
                raise httpx.ReadTimeout("the app did not answer in time", request=request) from exc
        return httpx.Response(call.status, headers=call.headers, stream=WholeBody(call.content), request=request)

    async def answer(
        self, method: str, target: Target, headers: RawHeaders, content: bytes, most: int = MAX_BYTES
    ) -> tuple[int, RawHeaders, bytes]:
        """See `Answering`."""
        call = _Call(content)
        await self._answer(self._scope(method, target.place, headers), call)
        if len(body := call.content) > most:
            raise httpx.ReadError(TOO_LARGE)
        return call.status, call.headers, body

    async def _answer(self, scope: Scope, call: _Call) -> None:
        bug: Exception | None = None
        try:
            await Contained(self._run(scope, call), Context().run)
        except Exception as exc:  # noqa: BLE001 told as a server's would be
            bug = exc
        if not call.is_whole:
            raise httpx.RemoteProtocolError("the app gave no whole answer") from bug

    async def _run(self, scope: Scope, call: _Call) -> None:
        try:
            await self._app(scope, call.receive, call.send)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # by who waits; otherwise it is the app's own bug

    def _scope(self, method: str, place: Mapping[str, Any], headers: RawHeaders) -> Scope:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            **place,
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 0),
            "state": self._state.copy(),
            "extensions": _EXTENSIONS,
        }


def _place(url: httpx.URL) -> Mapping[str, Any]:
    raw_path, _, query = url.raw_path.partition(b"?")
    server = url.host, url.port or 80
    return {"scheme": url.scheme, "path": url.path, "raw_path": raw_path, "query_string": query, "server": server}
