"""Which host names are served: the public URL's, loopback, and what the operator adds."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.problem_handlers import Answer, plain_answer
from services.common.problems import Misdirected

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class AllowedHosts:
    """Refuses other host names with 421. Ports are not compared: a mapped port is not another site."""

    def __init__(self, app: ASGIApp, *, public_url: str, more: str, answer: Answer = plain_answer) -> None:
        self._app = app
        self._answer = answer
        self._allowed = frozenset(_names([urlsplit(public_url).hostname or "", *more.split(","), *_LOOPBACK]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_allowed(scope):
            await self._app(scope, receive, send)
            return
        problem = Misdirected("Set DATELINE_PUBLIC_URL or DATELINE_ALLOWED_HOSTS to serve this host name.")
        await self._answer(Request(scope), problem)(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        try:
            return (urlsplit(f"//{host.decode('ascii')}").hostname or "") in self._allowed
        except ValueError:
            return False


def _names(hosts: Iterable[str]) -> list[str]:
    return [host.strip().lower() for host in hosts if host.strip()]
