"""Runs an app under uvicorn until it is told to stop, and stops it in order."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from services.cli.started import StartedApp


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn raises the signal again as soon as it has stopped; here databases are still to be closed then."""
        loop = asyncio.get_running_loop()
        caught = (signal.SIGINT, signal.SIGTERM)
        for number in caught:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in caught:
                loop.remove_signal_handler(number)


async def serve(app: StartedApp, listening: socket.socket) -> None:
    await _Server(server_config(app)).serve(sockets=[listening])


def server_config(app: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",  # it would look for `async def`, and ours hand on what they call
        lifespan="off" if isinstance(app, StartedApp) else "on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
        **more,
    )
