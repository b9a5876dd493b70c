"""The host name in the blog's own settings, which is served besides those that the gateway was started with."""

import asyncio
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from services.common.problems import Problem
from services.gateway.clients.posts import PostsClient
from services.gateway.errors import ServiceDown

_ASK_AGAIN_S: Final = 5.0
"""Whoever sends made-up names causes one call in this time."""


class BlogHost:
    """Asked only about names that are not known otherwise, so that most requests cost nothing."""

    def __init__(self, posts: PostsClient, now: Callable[[], float] = time.monotonic) -> None:
        self._posts = posts
        self._now = now
        self._asking = asyncio.Lock()
        self._asked_at = -_ASK_AGAIN_S
        self._host: str | None = None

    async def is_(self, host: str) -> bool:
        async with self._asking:
            if self._now() - self._asked_at >= _ASK_AGAIN_S:
                await self._ask()
        return host == self._host

    async def _ask(self) -> None:
        """Without an answer the last one holds."""
        self._asked_at = self._now()
        try:
            self._host = urlsplit(await self._posts.public_url() or "").hostname
        except (ServiceDown, Problem):
            return
