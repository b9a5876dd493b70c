"""Whoever comes when as many wait as may is told so at once: what is done for one of them is taken from the others."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.access_lines import AccessLog
from services.common.header_lines import Header, as_lines
from services.common.ready import ready_of
from services.common.request_id import HEADER, new_request_id
from services.common.request_times import RequestTimes
from services.gateway.admission import IS_REFUSED, UNLIMITED, Gates

_ID: Final = HEADER.lower().encode()
_START: Final = "http.response.start"
_BODY: Final = "http.response.body"


class TurnedAway:
    """Goes before everything else. The first one is refused behind it, as all are that waited for too long; the next
    ones get copies of that answer, each under an id of its own.

    `wants_page` tells by the headers which representation is asked for.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        gates: Gates,
        wants_page: Callable[[Mapping[str, str]], bool],
        log: AccessLog | None,
        times: RequestTimes,
    ) -> None:
        self._app = app
        self._reads = gates.reads
        self._wants_page = wants_page
        self._log = log
        self._times = times
        self._answers: dict[tuple[bool, bool], _Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._reads.is_crowded or scope["method"] != "GET" or scope["path"].startswith(UNLIMITED):
            await self._app(scope, receive, send)
            return
        kind = scope["path"].startswith("/api/"), self._wants_page(Headers(scope=scope))
        if (answer := self._answers.get(kind)) is None:
            first = _Answer(send)
            await self._app(scope, receive, first.hear)
            if scope.get(IS_REFUSED):
                self._answers[kind] = first
        else:
            self._reads.turn_away()
            await self._copy(answer, scope, send)

    async def _copy(self, answer: "_Answer", scope: Scope, send: Send) -> None:
        began, request_id = time.monotonic(), new_request_id()
        await answer.send_under(request_id.encode(), scope, send)
        ended = time.monotonic()
        self._times.note(scope, answer.status, ended - began)
        if self._log is not None:
            self._log.note(scope["method"], scope["path"], answer.status, began, ended, request_id)


class _Answer:
    """One that is sent, and kept. Ids are of one length."""

    def __init__(self, send: Send) -> None:
        self.status = 0
        self._send = send
        self._headers = list[Header]()
        self._lines = b""
        self._id = b""
        self._body = b""

    async def hear(self, message: Message) -> None:
        if message["type"] == _START:
            headers = dict(message["headers"])
            self.status, self._id = message["status"], headers.pop(_ID)
            self._headers = list(headers.items())
            self._lines = as_lines(self._headers) + _ID + b": "
        else:
            self._body += message.get("body", b"")
        await self._send(message)

    async def send_under(self, request_id: bytes, scope: Scope, send: Send) -> None:
        body, send_ready = self._body.replace(self._id, request_id), ready_of(scope)
        if send_ready is not None and send_ready(scope, self.status, self._lines + request_id + b"\r\n", body):
            return
        await send({"type": _START, "status": self.status, "headers": [*self._headers, (_ID, request_id)]})
        await send({"type": _BODY, "body": body})
