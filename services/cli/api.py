"""The API that a command talks to: of a data folder that it opens itself, or of a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from services.cli.folder_settings import EmbeddedSettings
from services.cli.running import everything_is_loaded
from services.cli.says import Stop
from services.common.outgoing import http_client
from services.common.urls import http_url
from services.gateway.operator_key import operator_key

if TYPE_CHECKING:
    from services.cli.started import StartedApp

_INSIDE: Final = "http://localhost"
_TIMEOUT_S: Final = 180.0


@asynccontextmanager
async def in_this_process(gateway: "StartedApp", secrets: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway of this process, as the operator."""
    from services.common.in_process import InProcessTransport

    transport = InProcessTransport(gateway.app, gateway.state)
    async with _client(_INSIDE, operator_key(secrets), transport) as client:
        yield client


@asynccontextmanager
async def of_folder(data: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Opens the folder, as the operator; raises DatabaseBusyError when a server has it."""
    # commands say what they do themselves; the access log is written by the services' own level
    settings = EmbeddedSettings.for_folder(data, _INSIDE, log_level="error")
    settings.refuse_if_served(data)
    from services.cli.embedded import embedded

    async with embedded(settings) as gateway, in_this_process(gateway, settings.gateway.secrets) as client:
        yield client


@asynccontextmanager
async def of_server(url: str, key: str) -> AsyncIterator[httpx.AsyncClient]:
    try:
        http_url(url)
    except ValueError as exc:
        raise Stop(f"--to {url}: {exc}") from exc
    async with _client(url, key, None) as client:
        everything_is_loaded()
        yield client


def _client(url: str, key: str, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {key}"}
    return http_client(url, timeout_s=_TIMEOUT_S, headers=headers, transport=transport)
