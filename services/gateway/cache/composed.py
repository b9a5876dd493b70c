"""Holds an answer back while it is being composed, if it may be stored; others go on as they come."""

from collections.abc import Sequence
from typing import Final

from starlette.types import Message, Send

from services.common.header_lines import Header
from services.gateway.cache.gathering import Noted

_OK: Final = 200
_UNAVAILABLE: Final = 503
_OWN_TERMS: Final = frozenset({b"etag", b"set-cookie", b"cache-control", b"content-encoding", b"transfer-encoding"})
"""An answer with any of these knows better: versions for those who edit, what is somebody's own."""


class Composed:
    """`send` for the app inside. Afterwards `is_whole` says that nothing was sent yet and `body` is all of it."""

    def __init__(self, send: Send, noted: Noted, *, is_head: bool, has_stale: bool) -> None:
        self._send = send
        self._noted = noted
        self._is_head = is_head
        self._has_stale = has_stale
        self._is_held = False
        self.status = 0
        self.headers: Sequence[Header] = ()
        self.body = b""
        self.is_whole = False

    @property
    def is_good(self) -> bool:
        """Whether it can be stored."""
        return self.is_whole and self.status == _OK

    @property
    def request_id(self) -> str:
        return next(value.decode() for name, value in self.headers if name == b"x-request-id")

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
            self._is_held = self._may_be_stored() or (self._has_stale and self.status == _UNAVAILABLE)
        if not self._is_held:
            await self._pass_on(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)

    async def release(self) -> None:
        """Sends what was held back after all."""
        await self._send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await self._pass_on({"type": "http.response.body", "body": self.body})

    def _may_be_stored(self) -> bool:
        names = {name.lower() for name, _ in self.headers}
        return self.status == _OK and bool(self._noted.tags) and not names & _OWN_TERMS

    async def _pass_on(self, message: Message) -> None:
        if self._is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)
