"""What the routes are given: the parts that the app was built with."""

from typing import Annotated

from fastapi import Depends, Request

from services.common.callers import Address
from services.common.header_lines import header_of, headers_of
from services.common.problems import UnsupportedMediaType
from services.gateway.client_address import TrustedProxies
from services.gateway.compose.articles import Composer
from services.gateway.forward import Forwarder
from services.gateway.forward_comments import CommentForwarder
from services.gateway.voting import Voting


async def _composer(request: Request) -> Composer:
    composer: Composer = request.state.composer
    return composer


async def _forwarder(request: Request) -> Forwarder:
    forwarder: Forwarder = request.state.forwarder
    return forwarder


async def _comment_forwarder(request: Request) -> CommentForwarder:
    forwarder: CommentForwarder = request.state.comment_forwarder
    return forwarder


def client_address(request: Request) -> Address | None:
    """Of who sent the request, as far as it is known."""
    scope = request.scope
    proxies: TrustedProxies = scope["state"]["trusted_proxies"]
    peer = scope["client"][0] if scope.get("client") else None
    hops = [hop.decode("latin-1") for hop in headers_of(scope["headers"], b"x-forwarded-for")]
    return proxies.client_of(peer, hops)


async def _client_address(request: Request) -> Address | None:
    return client_address(request)


def require_media_type(request: Request, media_type: str) -> None:
    """Raises UnsupportedMediaType for a body of another kind."""
    headers = request.scope["headers"]
    has_body = (header_of(headers, b"content-length") or b"0") != b"0" or header_of(headers, b"transfer-encoding")
    given = header_of(headers, b"content-type").decode("latin-1")
    if has_body and given.partition(";")[0].strip().lower() != media_type:
        raise UnsupportedMediaType(f"Send the body as {media_type}.")


ComposerDep = Annotated[Composer, Depends(_composer)]
ForwarderDep = Annotated[Forwarder, Depends(_forwarder)]
CommentForwarderDep = Annotated[CommentForwarder, Depends(_comment_forwarder)]
ClientAddressDep = Annotated[Address | None, Depends(_client_address)]


async def _voting(forwarder: ForwarderDep, address: ClientAddressDep) -> Voting:
    return Voting(forwarder.upstreams, forwarder.settings, address)


VotingDep = Annotated[Voting, Depends(_voting)]
