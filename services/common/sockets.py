"""Carries httpx's requests over sockets, with aiohttp below."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import aiohttp
import httpx
from yarl import URL

from services.common.in_process import MAX_BYTES, TOO_LARGE, RawHeaders, Target, WholeBody

_MOST_CONNECTIONS: Final = 256
_IDLE_S: Final = 3.0
"""Servers close what is idle for five seconds; who closes first never sends into a connection that is just ending."""
_NO_TIMEOUT: Final = aiohttp.ClientTimeout()
_NOT_OURS: Final = frozenset({"Accept", "Accept-Encoding", "User-Agent", "Content-Type"})


class SocketTransport(httpx.AsyncBaseTransport):
    """Answers are whole, never streamed, and end with ReadError above `MAX_BYTES`. Also what is no HTTP at all is an
    error of httpx.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = request.stream
        body = sent.content if isinstance(sent, WholeBody) else await request.aread()
        timeouts = _timeouts(request.extensions.get("timeout", {}))
        found = await self._answer(request.method, str(request.url), request.headers.raw, body, timeouts, MAX_BYTES)
        status, headers, content = found
        return httpx.Response(status, headers=headers, stream=WholeBody(content), request=request)

    async def answer(
        self, method: str, target: Target, headers: RawHeaders, content: bytes, most: int = MAX_BYTES
    ) -> tuple[int, RawHeaders, bytes]:
        """See `Answering`."""
        return await self._answer(method, target.text, headers, content, _NO_TIMEOUT, most)

    async def _answer(
        self, method: str, url: str, headers: RawHeaders, body: bytes, timeouts: aiohttp.ClientTimeout, most: int
    ) -> tuple[int, RawHeaders, bytes]:
        try:
            async with self._opened().request(
                method,
                _address(url),
                data=body or None,
                headers=[(name.decode("ascii"), _text(value)) for name, value in headers],
                skip_auto_headers=_NOT_OURS,
                allow_redirects=False,
                timeout=timeouts,
            ) as answer:
                return answer.status, [*answer.raw_headers], await _whole(answer, most)
        except aiohttp.ClientConnectorError as exc:
            raise httpx.ConnectError(str(exc)) from exc
        except aiohttp.ServerTimeoutError as exc:
            raise httpx.ReadTimeout(str(exc)) from exc
        except aiohttp.ClientError as exc:
            raise httpx.RemoteProtocolError(str(exc)) from exc

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """On the first request, because it belongs to the event loop that runs then."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, keepalive_timeout=_IDLE_S)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        return self._session


async def _whole(answer: aiohttp.ClientResponse, most: int) -> bytes:
    pieces, size = list[bytes](), 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > most:
            raise httpx.ReadError(TOO_LARGE)
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _timeouts(given: Mapping[str, Any]) -> aiohttp.ClientTimeout:
    connect, read, pool = given.get("connect"), given.get("read"), given.get("pool")
    if connect is None and read is None and pool is None:
        return _NO_TIMEOUT
    return aiohttp.ClientTimeout(sock_connect=connect, sock_read=read, connect=pool)


@lru_cache(maxsize=1024)
def _address(url: str) -> URL:
    """To take one apart takes a tenth of a call."""
    return URL(url, encoded=True)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
