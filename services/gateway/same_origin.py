"""Keeps other sites from making a reader's browser write here."""

from collections.abc import Awaitable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

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
        if scope["method"] in _SAFE or self._is_own(Headers(scope=scope)):
            return self._app(scope, receive, send)
        problem = Forbidden("Writes are taken from this site's own pages only.")
        return self._answer(Request(scope), problem)(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        if (site := headers.get("Sec-Fetch-Site")) is not None:
            return site == "same-origin"
        if (origin := headers.get("Origin")) is not None:
            scheme, host = urlsplit(self._public_url).scheme, headers.get("Host")
            # https also where the public URL is not: a proxy may have taken TLS away
            return origin in {self._public_url, f"{scheme}://{host}", f"https://{host}"}
        return "Cookie" not in headers
