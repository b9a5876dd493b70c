"""Which host names are served: the public URL's, loopback, what the operator adds, and the blog's own."""

from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache, partial
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.header_lines import header_of
from services.common.problem_handlers import Answer, plain_answer
from services.common.problems import Misdirected

IsBlogs = Callable[[str, Scope], Awaitable[bool]]
"""Whether the blog's settings name this host."""
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class AllowedHosts:
    """Refuses other host names with 421. Ports are not compared: a mapped port is not another site."""

    def __init__(
        self, app: ASGIApp, *, public_url: str, more: str, is_blogs: IsBlogs, answer: Answer = plain_answer
    ) -> None:
        self._app = app
        self._answer = answer
        self._is_blogs = is_blogs
        self._allowed = frozenset(_names([urlsplit(public_url).hostname or "", *more.split(","), *_LOOPBACK]))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        host = _host_name(header_of(scope["headers"], b"host"))
        answers = self._app if host in self._allowed else partial(self._blogs_alone, host)
        return answers(scope, receive, send)

    async def _blogs_alone(self, host: str, scope: Scope, receive: Receive, send: Send) -> None:
        if host and await self._is_blogs(host, scope):
            await self._app(scope, receive, send)
            return
        problem = Misdirected("Set DATELINE_PUBLIC_URL or DATELINE_ALLOWED_HOSTS to serve this host name.")
        await self._answer(Request(scope), problem)(scope, receive, send)


@lru_cache(maxsize=256)
def _host_name(header: bytes) -> str:
    """Empty for what is none."""
    try:
        return urlsplit(f"//{header.decode('ascii')}").hostname or ""
    except ValueError:
        return ""


def _names(hosts: Iterable[str]) -> list[str]:
    return [host.strip().lower() for host in hosts if host.strip()]
