"""Outgoing HTTP: the one place that makes httpx clients."""

from collections.abc import Mapping

import httpx

from services.common.request_id import HEADER, current_request_id

Transport = httpx.AsyncBaseTransport
Transports = Mapping[str, Transport]
"""By service name; what is not named is reached over sockets."""


async def _pass_request_id(request: httpx.Request) -> None:
    request.headers[HEADER] = current_request_id()


def socket_transport() -> Transport:
    """Our own, on the parser that the server has as well: a small part of the cost of httpx's own transport."""
    from services.common.sockets import SocketTransport  # what runs in one process needs no sockets

    return SocketTransport()


def http_client(
    base_url: str,
    *,
    timeout_s: float,
    headers: dict[str, str] | None = None,
    transport: Transport | None = None,
) -> httpx.AsyncClient:
    """A client of one service, over sockets without a `transport`. Redirects are never followed, proxies of the
    environment never used.
    """
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=timeout_s,
        headers=headers,
        transport=transport or socket_transport(),
        event_hooks={"request": [_pass_request_id]},
        trust_env=False,
    )
