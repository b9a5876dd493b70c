"""What the routes are given: the parts that the app was built with."""

from typing import Annotated

from fastapi import Depends, Request

from services.common.callers import Address
from services.gateway.client_address import TrustedProxies
from services.gateway.compose.articles import Composer
from services.gateway.forward import Forwarder
from services.gateway.forward_comments import CommentForwarder


async def _composer(request: Request) -> Composer:
    composer: Composer = request.state.composer
    return composer


async def _forwarder(request: Request) -> Forwarder:
    forwarder: Forwarder = request.state.forwarder
    return forwarder


async def _comment_forwarder(request: Request) -> CommentForwarder:
    forwarder: CommentForwarder = request.state.comment_forwarder
    return forwarder


async def _client_address(request: Request) -> Address | None:
    proxies: TrustedProxies = request.state.trusted_proxies
    peer = request.client.host if request.client else None
    return proxies.client_of(peer, request.headers.getlist("X-Forwarded-For"))


ComposerDep = Annotated[Composer, Depends(_composer)]
ForwarderDep = Annotated[Forwarder, Depends(_forwarder)]
CommentForwarderDep = Annotated[CommentForwarder, Depends(_comment_forwarder)]
ClientAddressDep = Annotated[Address | None, Depends(_client_address)]
"""Of who sent the request, as far as it is known."""
