"""Carries httpx's requests over sockets."""

from typing import Final

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

_MOST_CONNECTIONS: Final = 256
_IDLE_S: Final = 3.0
"""Servers close what is idle for five seconds; who closes first never sends into a connection that is just ending."""


class SocketTransport(AiohttpTransport):
    """Also what is no HTTP at all is an error of httpx."""

    def __init__(self) -> None:
        super().__init__(limits=httpx.Limits(max_connections=_MOST_CONNECTIONS, keepalive_expiry=_IDLE_S))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except aiohttp.ClientError as exc:
            raise httpx.RemoteProtocolError(str(exc), request=request) from exc
