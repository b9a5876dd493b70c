"""The id that joins a request's log lines and error answers, across services."""

import re
import secrets
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.header_lines import header_of

HEADER = "X-Request-Id"
_NAME = b"x-request-id"
NO_REQUEST = "-"
_current: ContextVar[str | None] = ContextVar("request_id", default=None)
_OWN_FORM = re.compile(rb"[0-9a-f]{16}")


def current_request_id() -> str:
    return _current.get() or NO_REQUEST


_BATCH = 256
_ready: list[str] = []


def new_request_id() -> str:
    """16 hexadecimal digits. Made many at a time: to ask the system takes longer than all else about one."""
    if not _ready:
        digits = secrets.token_hex(8 * _BATCH)
        _ready.extend(digits[start : start + 16] for start in range(0, len(digits), 16))
    return _ready.pop()


class RequestId:
    """Gives every request an id and tells it in the answer. Only a trusted caller's id is taken over."""

    def __init__(self, app: ASGIApp, *, trust_caller: bool) -> None:
        self._app = app
        self._trust_caller = trust_caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = self._incoming(scope) or new_request_id()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [header for header in message.get("headers", ()) if header[0] != _NAME]
                told.append((_NAME, request_id.encode()))
                message["headers"] = told
            await send(message)

        token = _current.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _current.reset(token)

    def _incoming(self, scope: Scope) -> str | None:
        if not self._trust_caller:
            return None
        given = header_of(scope["headers"], _NAME)
        return given.decode() if _OWN_FORM.fullmatch(given) else None
