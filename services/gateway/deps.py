"""What the routes are given: the parts that the app was built with."""

from typing import Annotated

from fastapi import Depends, Request

from services.gateway.compose.articles import Composer
from services.gateway.forward import Forwarder
from services.gateway.pages.renderer import Renderer


async def _composer(request: Request) -> Composer:
    composer: Composer = request.state.composer
    return composer


async def _forwarder(request: Request) -> Forwarder:
    forwarder: Forwarder = request.state.forwarder
    return forwarder


async def _renderer(request: Request) -> Renderer:
    renderer: Renderer = request.state.renderer
    return renderer


ComposerDep = Annotated[Composer, Depends(_composer)]
ForwarderDep = Annotated[Forwarder, Depends(_forwarder)]
RendererDep = Annotated[Renderer, Depends(_renderer)]
