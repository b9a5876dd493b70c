"""Sends requests to one service and brings whole answers back, if they are of a size that makes sense."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import httpx

from services.common.in_process import MAX_BYTES, Answering, RawHeaders, Target, WholeBody, target_of
from services.common.outgoing import Transport, socket_transport
from services.common.request_id import HEADER, current_request_id
from services.common.urls import escaped_value

_NO_TIMEOUT: Final = {"timeout": {"connect": None, "read": None, "write": None, "pool": None}}
_ID: Final = HEADER.lower().encode()


class Call(NamedTuple):
    """`most`: bytes of its answer."""

    method: str
    target: Target
    headers: RawHeaders
    content: bytes
    most: int = MAX_BYTES


class Answer(NamedTuple):
    status: int
    raw_headers: RawHeaders
    content: bytes

    @property
    def headers(self) -> httpx.Headers:
        return httpx.Headers(self.raw_headers)


def sender_to(base_url: str, headers: Mapping[str, str], transport: Transport | None = None) -> "Sender":
    """Over sockets without a transport."""
    return Sender(base_url, headers, transport or socket_transport())


class Sender:
    """Goes straight to the transport: a client around it costs as much as the call itself and adds nothing here."""

    def __init__(self, base_url: str, headers: Mapping[str, str], transport: Transport) -> None:
        self._base_url = base_url.rstrip("/")
        given = {"Host": httpx.URL(self._base_url).netloc.decode("ascii"), "Accept-Encoding": "identity", **headers}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
        self._transport = transport
        self._answering = transport if isinstance(transport, Answering) else None

    def call(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: RawHeaders | None = None,
        content: bytes | None = None,
    ) -> Call:
        """What may be sent more than once; names of headers in lower case. Raises httpx.InvalidURL."""
        target = target_of(f"{self._base_url}{path}?{_query(params)}" if params else self._base_url + path)
        sent = [*self._headers, (_ID, current_request_id().encode()), *(headers or ())]
        if content is not None:
            sent.append((b"content-length", str(len(content)).encode()))
        return Call(method, target, sent, content or b"")

    async def send(self, call: Call) -> Answer:
        """Raises httpx.HTTPError. When it is cancelled, the call is ended: who waits for the answer keeps the time."""
        if self._answering is not None:
            return Answer(*await self._answering.answer(*call))
        method, target, headers, content, _ = call
        body = WholeBody(content)
        request = httpx.Request(method, target.url, headers=headers, stream=body, extensions=_NO_TIMEOUT)
        answer = await self._transport.handle_async_request(request)
        stream = answer.stream
        found = stream.content if isinstance(stream, WholeBody) else await answer.aread()
        return Answer(answer.status_code, answer.headers.raw, found)

    async def close(self) -> None:
        await self._transport.aclose()


def _query(params: Mapping[str, Any]) -> str:
    """Lists stand there once for each member."""
    parts = list[str]()
    for name, value in params.items():
        for one in value if isinstance(value, (list, tuple)) else (value,):
            text = str(one)
            if not text.isdecimal():
                text = text.lower() if isinstance(one, bool) else escaped_value(text)
            parts.append(f"{name}={text}")
    return "&".join(parts)
