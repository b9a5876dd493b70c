"""Carries httpx's requests over sockets: connections are kept, and a call makes few things beside its bytes."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import httpx

from services.common.header_lines import as_lines
from services.common.http_connection import FRAMING, HttpConnection, Whole
from services.common.in_process import MAX_BYTES, RawHeaders, Target, WholeBody, target_of

_IDLE_S: Final = 3.0
"""Servers close what is idle for five seconds; who closes first never sends into a connection that is just ending."""
Origin = tuple[str, str, int]


class SocketTransport(httpx.AsyncBaseTransport):
    """Answers are whole, never streamed, and end with ReadError above `MAX_BYTES`. Also what is no HTTP at all is an
    error of httpx. HEAD is not for it: nobody here asks so.
    """

    def __init__(self) -> None:
        self._idle: defaultdict[Origin, list[tuple[float, HttpConnection]]] = defaultdict(list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = request.stream
        body = sent.content if isinstance(sent, WholeBody) else await request.aread()
        headers = [(name, value) for name, value in request.headers.raw if name.lower() not in FRAMING]
        if body or FRAMING & {name.lower() for name, _ in request.headers.raw}:
            headers.append((b"content-length", b"%d" % len(body)))
        timeouts = request.extensions.get("timeout", {})
        target = target_of(str(request.url))
        status, given, content = await self._answer(request.method, target, headers, body, MAX_BYTES, timeouts)
        return httpx.Response(status, headers=given, stream=WholeBody(content), request=request)

    async def answer(
        self, method: str, target: Target, headers: RawHeaders, content: bytes, most: int = MAX_BYTES
    ) -> Whole:
        """See `Answering`."""
        return await self._answer(method, target, headers, content, most, {})

    async def _answer(
        self, method: str, target: Target, headers: RawHeaders, body: bytes, most: int, timeouts: Mapping[str, Any]
    ) -> Whole:
        request = _head(method, target, headers) + body
        origin = _origin(target)
        connection = self._kept(origin) or await _connected(origin, timeouts.get("connect"))
        seconds = timeouts.get("read")
        try:
            if seconds is None:
                return await connection.ask(request, most)
            async with asyncio.timeout(seconds):
                return await connection.ask(request, most)
        except TimeoutError as exc:
            raise httpx.ReadTimeout("no answer in time") from exc
        finally:
            if connection.may_be_used_again:
                self._idle[origin].append((asyncio.get_running_loop().time(), connection))

    async def aclose(self) -> None:
        for kept in self._idle.values():
            for _, connection in kept:
                connection.close()
        self._idle.clear()

    def _kept(self, origin: Origin) -> HttpConnection | None:
        """The one that was used last; older ones are closed when all of them have been idle for too long."""
        kept = self._idle[origin]
        good_since = asyncio.get_running_loop().time() - _IDLE_S
        while kept:
            since, connection = kept.pop()
            if connection.may_be_used_again and since > good_since:
                return connection
            connection.close()
        return None


def _head(method: str, target: Target, headers: RawHeaders) -> bytes:
    """Raises httpx.LocalProtocolError for what would be more than one line."""
    try:
        return b"%b %b HTTP/1.1\r\n%b\r\n" % (method.encode("ascii"), target.url.raw_path, as_lines(headers))
    except ValueError as exc:
        raise httpx.LocalProtocolError(str(exc)) from exc


def _origin(target: Target) -> Origin:
    host, port = target.place["server"]
    scheme = target.place["scheme"]
    return scheme, host, target.url.port or (443 if scheme == "https" else port)


@cache
def _secure() -> ssl.SSLContext:
    """Made once: it reads all authorities that the system trusts."""
    return ssl.create_default_context()


async def _connected(origin: Origin, seconds: float | None) -> HttpConnection:
    scheme, host, port = origin
    secure = _secure() if scheme == "https" else None
    try:
        async with asyncio.timeout(seconds):
            _, connection = await asyncio.get_running_loop().create_connection(HttpConnection, host, port, ssl=secure)
    except TimeoutError as exc:
        raise httpx.ConnectTimeout(f"no connection to {host}:{port} in time") from exc
    except OSError as exc:
        raise httpx.ConnectError(str(exc)) from exc
    return connection
