"""Sends requests to one service and brings whole answers back, if they are of a size that makes sense."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import httpx

from services.common.in_process import WholeBody
from services.common.outgoing import Transport
from services.common.request_id import HEADER, current_request_id
from services.common.urls import escaped_value

_NO_TIMEOUT: Final = {"timeout": {"connect": None, "read": None, "write": None, "pool": None}}
_NOTHING: Final = WholeBody(b"")
_ID: Final = HEADER.encode()
RawHeaders = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    status: int
    headers: httpx.Headers
    content: bytes


class Sender:
    """Goes straight to the transport: a client around it costs as much as the call itself and adds nothing here."""

    def __init__(self, base_url: str, headers: Mapping[str, str], transport: Transport) -> None:
        self._base_url = base_url.rstrip("/")
        given = {"Host": _url(self._base_url).netloc.decode("ascii"), "Accept-Encoding": "identity", **headers}
        self._headers = [(name.encode(), value.encode()) for name, value in given.items()]
        self._transport = transport

    def request(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: RawHeaders | None = None,
        content: bytes | None = None,
    ) -> httpx.Request:
        """May be sent more than once. Raises httpx.InvalidURL."""
        url = _url(f"{self._base_url}{path}?{_query(params)}" if params else self._base_url + path)
        sent = [*self._headers, (_ID, current_request_id().encode()), *(headers or ())]
        if content is not None:
            sent.append((b"Content-Length", str(len(content)).encode()))
        body = _NOTHING if content is None else WholeBody(content)
        # who waits for the answer keeps the time
        return httpx.Request(method, url, headers=sent, stream=body, extensions=_NO_TIMEOUT)

    async def send(self, request: httpx.Request) -> Answer:
        """Raises httpx.HTTPError. When it is cancelled, the call is ended."""
        answer = await self._transport.handle_async_request(request)
        stream = answer.stream
        content = stream.content if isinstance(stream, WholeBody) else await answer.aread()
        return Answer(answer.status_code, answer.headers, content)

    async def close(self) -> None:
        await self._transport.aclose()


@lru_cache(maxsize=1024)
def _url(text: str) -> httpx.URL:
    """To take one apart takes as long as to find what it names."""
    return httpx.URL(text)


def _query(params: Mapping[str, Any]) -> str:
    """Lists stand there once for each member."""
    parts = list[str]()
    for name, value in params.items():
        if isinstance(value, (list, tuple)):
            parts += [f"{name}={_text(one)}" for one in value]
        else:
            parts.append(f"{name}={_text(value)}")
    return "&".join(parts)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return escaped_value(value)
    return str(value).lower() if isinstance(value, bool) else escaped_value(str(value))
