"""HTTP connections that do not wait for ever: uvicorn by itself waits for whoever is slow, or says nothing at all."""

import asyncio
from typing import Any, ClassVar, Final, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from services.cli.ready_answers import ReadyAnswers
from services.common.early import early_of
from services.common.ready import offer_ready

MAX_HEAD_BYTES: Final = 64 * 1024
_REFUSAL: Final = (
    b"HTTP/1.1 %b\r\ncontent-type: text/plain\r\ncontent-length: 0\r\nconnection: close\r\nretry-after: 2\r\n\r\n"
)
_LATE: Final = b"408 Request Timeout"
_TOO_LARGE: Final = b"431 Request Header Fields Too Large"
_FULL: Final = b"503 Service Unavailable"
_PROGRESS_BYTES: Final = 4096
"""Who reads less than this between two looks has stopped."""


class _Owed(NamedTuple):
    cycle: RequestResponseCycle | None
    what: str
    progress: int = 0


class PatientProtocol(HttpToolsProtocol):
    """Closes connections on which nothing moves. It looks every five seconds, which costs requests nothing.

    Two looks are for a head to be whole (408), for silence before it, and for a body that goes on after its answer;
    six for an answer to be read. Heads have 64 KiB (431). Uvicorn's limit of concurrency is taken as one of
    connections: those beyond it get a 503 that says when to come back. Bodies have deadlines of their own.
    """

    look_every_s: ClassVar[float] = 5.0
    head_looks: ClassVar[int] = 2
    unread_looks: ClassVar[int] = 6
    ready_answers: ClassVar[ReadyAnswers] = ReadyAnswers()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._most_connections, self.limit_concurrency = self.limit_concurrency, None
        self._early = early_of(self.app)
        self._head_bytes = 0
        self._seen: _Owed | None = None
        self._looks = 0
        self._looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it so too
        super().connection_made(transport)
        if self._most_connections is not None and len(self.connections) > self._most_connections:
            self._refuse(_FULL)
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._early is not None and self._is_between() and (answer := self._early(data)) is not None:
            self._answer_early(*answer)
            return
        super().data_received(data)
        if self.cycle is not None and self.cycle.scope is self.scope:
            self._head_bytes = 0  # as almost always: the head is whole
        elif self._is_in_head() and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(_TOO_LARGE)

    def _is_between(self) -> bool:
        """Whether a request begins here, and nothing is to be sent before its answer. A body that goes on after its
        own answer is never told to be whole.
        """
        cycle = self.cycle
        is_over = cycle is None or (cycle.response_complete and not cycle.more_body)
        return is_over and not self._head_bytes and not self.flow.write_paused and not self.transport.is_closing()

    def _answer_early(self, status: int, lines: bytes, body: bytes) -> None:
        """And waits for the next request as after any other."""
        self.transport.write(self.ready_answers.whole(self.server_state.default_headers, status, lines, body))
        self.on_response_complete()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if (cycle := self.cycle) is not None and cycle.scope is self.scope:
            offer_ready(self.scope, self._send_ready)

    def _send_ready(self, scope: Any, status: int, lines: bytes, body: bytes) -> bool:
        """Not bound to the cycle, which has the scope: neither would be freed before somebody looks for garbage."""
        cycle = self.cycle
        return cycle is not None and cycle.scope is scope and self.ready_answers.send(cycle, status, lines, body)

    def _is_in_head(self) -> bool:
        return self.scope is not None and (self.cycle is None or self.cycle.scope is not self.scope)

    def _look_later(self) -> None:
        self._looking = self.loop.call_later(self.look_every_s, self._look)

    def _look(self) -> None:
        seen = self._owed()
        self._looks = self._looks + 1 if seen is not None and seen == self._seen else 1
        self._seen = seen
        if seen is not None and self._looks >= (self.unread_looks if seen.what == "reading" else self.head_looks):
            self._give_up(seen.what)
        self._look_later()

    def _owed(self) -> _Owed | None:
        """What the client is to do next; None while it is our turn."""
        cycle, unread = self.cycle, self.transport.get_write_buffer_size()
        if self.transport.is_closing() or (unread and self.flow.write_paused):
            return _Owed(cycle, "reading", unread // _PROGRESS_BYTES)
        if cycle is not None and not cycle.response_complete:
            return None
        return None if self.timeout_keep_alive_task is not None else _Owed(cycle, "sending")

    def _give_up(self, owed: str) -> None:
        if owed == "reading":
            self.transport.abort()
        elif self._is_in_head():
            self._refuse(_LATE)
        else:
            self.transport.close()

    def _refuse(self, status: bytes) -> None:
        self.transport.write(_REFUSAL % status)
        self.transport.close()
