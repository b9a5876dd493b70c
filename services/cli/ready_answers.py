"""Sends answers whose bytes are ready: of one that uvicorn puts together, a third of the time goes into its headers."""

from typing import Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_CRLF: Final = b"\r\n"


class ReadyAnswers:
    """Of one connection after the other; the server's own headers are put into bytes once for all of a second."""

    def __init__(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._lines = b""

    def send(self, cycle: RequestResponseCycle, status: int, lines: bytes, body: bytes) -> bool:
        """Does what the cycle does for an ordinary answer. False where that has to be asked for: the connection is to
        be closed after this one, its reader is slow, or something was sent already.
        """
        if not cycle.keep_alive or cycle.response_started or cycle.flow.write_paused:
            return False
        if not cycle.disconnected:
            cycle.response_started = cycle.response_complete = True
            cycle.waiting_for_100_continue = False
            cycle.transport.write(self.whole(cycle.default_headers, status, lines, body))
            cycle.message_event.set()
            cycle.on_response()
        return True

    def whole(self, own: list[tuple[bytes, bytes]], status: int, lines: bytes, body: bytes) -> bytes:
        """With the server's `own` headers, as it has them at the moment."""
        return b"".join((STATUS_LINE[status], self._own(own), lines, _CRLF, body))

    def _own(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        if headers is not self._headers:  # the server makes another list every second
            self._headers = headers
            self._lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        return self._lines
