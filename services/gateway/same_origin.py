"""Keeps other sites from making a reader's browser write here."""

from collections.abc import Awaitable, Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.header_lines import Header, header_of, headers_of
from services.common.problem_handlers import Answer, plain_answer
from services.common.problems import Forbidden

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOriginWrites:
    """A browser tells where a write comes from: by `Sec-Fetch-Site`, an older one by `Origin`.

    `Origin` may name any host that is served, as long as it is the one that was asked; `hosts.py` has checked that.
    A write that tells neither is no browser's. It is let through unless it brings a cookie, the only thing that a
    browser would add on somebody else's behalf.
    """

    def __init__(self, app: ASGIApp, *, public_url: str, answer: Answer = plain_answer) -> None:
        self._app = app
        self._answer = answer
        self._public_url = public_url

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["method"] in _SAFE or self._is_own(scope["headers"]):
            return self._app(scope, receive, send)
        problem = Forbidden("Writes are taken from this site's own pages only.")
        return self._answer(Request(scope), problem)(scope, receive, send)

    def _is_own(self, headers: Iterable[Header]) -> bool:
        if site := headers_of(headers, b"sec-fetch-site"):
            return site[0] == b"same-origin"
        if origin := headers_of(headers, b"origin"):
            scheme, host = urlsplit(self._public_url).scheme, header_of(headers, b"host").decode("latin-1")
            # https also where the public URL is not: a proxy may have taken TLS away
            return origin[0].decode("latin-1") in {self._public_url, f"{scheme}://{host}", f"https://{host}"}
        return not headers_of(headers, b"cookie")
