"""Runs an app under uvicorn until it is told to stop, and stops it in order."""

import asyncio
import signal
import socket
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from services.cli.embedded import StartedApp
from services.cli.says import Stop


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


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on; raises Stop when the port is not free."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as exc:
        raise Stop(f"Port {port} of {host} cannot be used: {exc.strerror}. Choose another one with --port.") from exc


async def serve(app: StartedApp, listening: socket.socket) -> None:
    await _Server(server_config(app)).serve(sockets=[listening])


def server_config(app: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off" if isinstance(app, StartedApp) else "on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
        **more,
    )


def run_async(work: Coroutine[Any, Any, None]) -> None:
    """Runs to the end on uvloop."""
    import uvloop

    uvloop.run(work)
