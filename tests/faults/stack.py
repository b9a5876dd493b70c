"""A stack whose gateway reaches its services over sockets, through proxies that can misbehave."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx

from services.cli.started import StartedApp, started
from services.common.in_process import InProcessTransport
from services.common.outgoing import socket_transport
from services.gateway.app import create_app
from services.gateway.calls.breaker import Breaker
from services.gateway.clients.service import Service
from services.gateway.compose.articles import Composer
from services.gateway.settings import GatewaySettings
from tests.common.sockets import served
from tests.databases import Databases
from tests.faults.proxy import FaultProxy, fault_proxy
from tests.gateway.reading import HTML
from tests.recorder import Recorder, SwitchableTransport
from tests.stack import PUBLIC_URL, Stack, running_stack


@dataclass(frozen=True)
class FaultyStack:
    """`healthy` reaches the services directly; `reader` goes through the proxies."""

    healthy: Stack
    reader: httpx.AsyncClient
    gateway: StartedApp
    proxies: dict[str, FaultProxy]
    recorder: Recorder

    def breaker(self, service: str) -> Breaker:
        return self.service(service).guard.breaker

    def service(self, name: str) -> Service:
        composer: Composer = self.gateway.state["composer"]
        found: Service = getattr(composer.upstreams, name).service
        return found

    async def until_back(self, path: str, is_back: Callable[[httpx.Response], bool]) -> float:
        """Seconds until the page at the path is as it should be."""
        begun = time.perf_counter()
        while not is_back(await self.reader.get(path, headers=HTML)):
            assert time.perf_counter() - begun < 10
            await asyncio.sleep(0.01)
        return time.perf_counter() - begun


@asynccontextmanager
async def faulty_stack(
    databases: Databases, folder: Path, *, long: bool = False, **settings: Any
) -> AsyncIterator[FaultyStack]:
    """Unless it is to take long, breakers pause for a moment only."""
    async with running_stack(databases, folder) as healthy, AsyncExitStack() as opened:
        proxies = {}
        for name in ("posts", "comments"):
            inside = cast("InProcessTransport", healthy.upstreams[name]._inner)
            port = await opened.enter_async_context(served(StartedApp(cast("Any", inside._app), inside._state)))
            proxies[name] = await opened.enter_async_context(fault_proxy(port))
        urls = {f"{name}_url": f"http://127.0.0.1:{proxy.port}" for name, proxy in proxies.items()}
        secrets = healthy.gateway.state["composer"].settings.secrets
        told = GatewaySettings.load(
            public_url=PUBLIC_URL, secrets=secrets, log_level="error", **urls, **({"cache_mb": 0} | settings)
        )
        recorder = Recorder()
        transports = {name: SwitchableTransport(name, socket_transport(), recorder) for name in proxies}
        gateway = await opened.enter_async_context(started(create_app(told, transports)))
        transport = InProcessTransport(gateway.app, gateway.state)
        reader = await opened.enter_async_context(httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL))
        stack = FaultyStack(healthy, reader, gateway, proxies, recorder)
        if not long:
            for name in proxies:
                stack.service(name).guard.breaker.pause_s = 0.05
        yield stack
