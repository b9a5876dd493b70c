"""Whoever comes when as many wait as may is told so at once: what is done for one of them is taken from the others."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.early import EarlyAnswer
from services.common.header_lines import as_headers
from services.common.ready import ready_of
from services.gateway.admission import IS_REFUSED, UNLIMITED
from services.gateway.refusals import Refusal, Refusals

_START: Final = "http.response.start"
_BODY: Final = "http.response.body"
WantsPage = Callable[[Mapping[str, str]], bool]
"""Tells by the headers which representation is asked for."""


class TurnedAway:
    """Goes before everything else. The first one is refused behind it, as all are that waited for too long; the next
    ones get copies of that answer.
    """

    def __init__(self, app: ASGIApp, *, refusals: Refusals, wants_page: WantsPage) -> None:
        self._app = app
        self._refusals = refusals
        self._wants_page = wants_page

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        is_due = self._refusals.are_due and scope["method"] == "GET" and not scope["path"].startswith(UNLIMITED)
        answers = self._refuse if is_due else self._app
        return answers(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, wants_page = scope["path"], self._wants_page(Headers(scope=scope))
        if (copy := self._refusals.copy(path, wants_page=wants_page)) is not None:
            await _send(copy, scope, send)
            return
        first = _First(send)
        await self._app(scope, receive, first.hear)
        if scope.get(IS_REFUSED):
            self._refusals.keep(path, first.refusal(), wants_page=wants_page)


class _First:
    """One that is sent, and kept."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def hear(self, message: Message) -> None:
        if message["type"] == _START:
            self._start = message
        else:
            self._body += message.get("body", b"")
        await self._send(message)

    def refusal(self) -> Refusal:
        return Refusal(self._start["status"], self._start["headers"], self._body)


async def _send(copy: EarlyAnswer, scope: Scope, send: Send) -> None:
    status, lines, body = copy
    send_ready = ready_of(scope)
    if send_ready is None or not send_ready(scope, status, lines, body):
        await send({"type": _START, "status": status, "headers": as_headers(lines)})
        await send({"type": _BODY, "body": body})
