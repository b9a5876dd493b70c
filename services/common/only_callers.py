"""Lets other services in, each by its secret, and nobody else."""

import hmac
from collections.abc import Awaitable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.callers import SCHEME
from services.common.header_lines import header_of
from services.common.problem_handlers import Answer, plain_answer
from services.common.problems import Unauthorized

OPEN: Final = frozenset({"/livez", "/readyz", "/metrics"})
"""Paths that are asked for by others than services, and look after themselves."""


class OnlyCallers:
    """`secrets` are by caller; those of `also`, by the beginning of a path, are let in there beside them.

    Before all routes, so that none can be left open, and nobody is told which there are.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        secrets: Mapping[str, str],
        also: Mapping[str, Mapping[str, str]] | None = None,
        answer: Answer = plain_answer,
    ) -> None:
        self._app = app
        self._answer = answer
        self._expected = _expected(secrets)
        self._also = {start: _expected(others) for start, others in (also or {}).items()}

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self._lets_in(scope):
            return self._app(scope, receive, send)
        problem = Unauthorized("Only Dateline's own services may call this one.")
        return self._answer(Request(scope), problem)(scope, receive, send)

    def _lets_in(self, scope: Scope) -> bool:
        path, given = scope["path"], header_of(scope["headers"], b"authorization")
        if path in OPEN or any(hmac.compare_digest(given, one) for one in self._expected):
            return True
        others = [one for start, expected in self._also.items() if path.startswith(start) for one in expected]
        return any(hmac.compare_digest(given, one) for one in others)


def _expected(secrets: Mapping[str, str]) -> list[bytes]:
    return [f"{SCHEME} {caller}:{secret}".encode() for caller, secret in secrets.items() if secret]
