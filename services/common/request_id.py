"""The id that joins a request's log lines and error answers, across services."""

import re
import secrets
from contextvars import ContextVar, Token

from starlette.types import Scope

from services.common.header_lines import header_of

HEADER = "X-Request-Id"
NAME = b"x-request-id"
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


def under_request_id(request_id: str) -> None:
    """What this task does from now on is part of that request, which came together with others."""
    _current.set(request_id)


def begin_request(scope: Scope, *, trust_caller: bool) -> tuple[str, Token[str | None]]:
    """Its id, with what takes it back. Only a trusted caller's id is taken over."""
    given = header_of(scope["headers"], NAME) if trust_caller else b""
    request_id = given.decode() if _OWN_FORM.fullmatch(given) else new_request_id()
    return request_id, _current.set(request_id)


def end_request(token: Token[str | None]) -> None:
    _current.reset(token)
