"""The client's end of a connection over which one request goes after another."""

import asyncio
from typing import Final, cast

import httptools
import httpx

from services.common.in_process import TOO_LARGE, RawHeaders

MAX_HEAD_BYTES: Final = 64 * 1024
FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
"""Headers that say how long a body is."""
_INTERIM: Final = range(100, 200)
Whole = tuple[int, RawHeaders, bytes]
"""Status, headers as they came, and body."""


class HttpConnection(asyncio.Protocol):
    """Takes whole answers: of a length that is said, in chunks, or until the connection ends (RFC 9112, 6.3)."""

    def __init__(self) -> None:
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Whole] | None = None
        self._headers: RawHeaders = []
        self._pieces: list[bytes] = []
        self._head_bytes = self._left = 0
        self._is_in_head = True
        self.may_be_used_again = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    async def ask(self, request: bytes, most: int) -> Whole:
        """Raises httpx.HTTPError. Whoever stops waiting ends the connection."""
        if self._transport is None:
            raise httpx.ReadError("the connection is closed")
        self.may_be_used_again = False
        self._head_bytes, self._left = 0, most
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            self._answer = None
            if not self.may_be_used_again:
                self.close()

    def close(self) -> None:
        self.may_be_used_again = False
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            self._head_bytes += len(data)
        try:
            if self._parser is not None:
                self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as exc:
            self._fail(httpx.RemoteProtocolError(str(exc) or "it speaks no HTTP"))
        if self._is_in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._fail(httpx.ReadError(TOO_LARGE))

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is None and self._lasts_until_the_end():
            self.on_message_complete()
        self._transport = self._parser = None  # which hold on to this one
        self._fail(httpx.ReadError(str(exc)) if exc else httpx.RemoteProtocolError("it gave no whole answer"))

    def on_message_begin(self) -> None:
        self._headers, self._pieces, self._is_in_head = [], [], True
        if self._answer is None or self._answer.done():
            self.close()  # nobody asked for it, and it must not be taken for the next one's

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._is_in_head = False

    def on_body(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            self._fail(httpx.ReadError(TOO_LARGE))
        else:
            self._pieces.append(piece)

    def on_message_complete(self) -> None:
        parser, answer = self._parser, self._answer
        self._is_in_head = True
        if parser is None or answer is None or answer.done():
            return
        if (status := parser.get_status_code()) not in _INTERIM:
            self.may_be_used_again = parser.should_keep_alive()
            pieces = self._pieces
            answer.set_result((status, self._headers, pieces[0] if len(pieces) == 1 else b"".join(pieces)))

    def _lasts_until_the_end(self) -> bool:
        return not self._is_in_head and FRAMING.isdisjoint(name.lower() for name, _ in self._headers)

    def _fail(self, exc: httpx.HTTPError) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc)
