"""Sends requests to one service and brings whole answers back, if they are of a size that makes sense."""

from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from services.common.outgoing import Transport
from services.common.request_id import HEADER, current_request_id

MAX_BYTES: Final = 32 * 1024 * 1024
"""No page of anything is larger."""
_NO_TIMEOUT: Final = {"timeout": {"connect": None, "read": None, "write": None, "pool": None}}


class Sender:
    """Goes straight to the transport: a client around it costs as much as the call itself and adds nothing here."""

    def __init__(self, base_url: str, headers: Mapping[str, str], transport: Transport) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {"Accept-Encoding": "identity", **headers}
        self._transport = transport

    def request(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | bytes] | None = None,
        content: bytes | None = None,
    ) -> httpx.Request:
        """May be sent more than once. Raises httpx.InvalidURL."""
        sent = {**self._headers, HEADER: current_request_id(), **(headers or {})}
        # who waits for the answer keeps the time
        return httpx.Request(
            method,
            _url(self._base_url + path + (f"?{_query(params)}" if params else "")),
            headers=sent,  # type: ignore[arg-type]  # httpx takes text and bytes, but says one or the other
            content=content,
            extensions=_NO_TIMEOUT,
        )

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.HTTPError. When it is cancelled, the call is ended."""
        answer = await self._transport.handle_async_request(request)
        answer.request = request
        if answer.is_closed:
            return answer
        assert isinstance(answer.stream, httpx.AsyncByteStream)  # noqa: S101 what asynchronous transports give
        answer.stream = _Bounded(answer.stream)
        try:
            await answer.aread()
        finally:
            await answer.aclose()
        return answer

    async def close(self) -> None:
        await self._transport.aclose()


@lru_cache(maxsize=1024)
def _url(text: str) -> httpx.URL:
    """To take one apart takes as long as to find what it names."""
    return httpx.URL(text)


def _query(params: Mapping[str, Any]) -> str:
    told = {name: str(value).lower() if isinstance(value, bool) else value for name, value in params.items()}
    return urlencode(told, doseq=True)


class _Bounded(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._stream:
            size += len(piece)
            if size > MAX_BYTES:
                raise httpx.ReadError("the answer is too large")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
