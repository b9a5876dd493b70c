"""What the routes are given: the parts that the app was built with."""

from typing import Annotated

from fastapi import Depends, Request

from services.gateway.compose.articles import Composer
from services.gateway.forward import Forwarder


async def _composer(request: Request) -> Composer:
    composer: Composer = request.state.composer
    return composer


async def _forwarder(request: Request) -> Forwarder:
    forwarder: Forwarder = request.state.forwarder
    return forwarder


ComposerDep = Annotated[Composer, Depends(_composer)]
ForwarderDep = Annotated[Forwarder, Depends(_forwarder)]
