"""Runs an app under uvicorn until it is told to stop, and stops it in order."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

import uvicorn

from services.cli.patient_protocol import PatientProtocol
from services.cli.started import StartedApp
from services.common.health import DRAINING
from services.common.settings import ServiceSettings

_ACCEPTED_EACH_TURN: Final = 4
"""New connections in one turn of the event loop, as many as pages are worked on in one (`gateway/admission.py`): uvloop
takes one for each socket that it listens on, and a rush of readers would wait for seconds."""


class _Server(uvicorn.Server):
    drain_s = 0.0

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

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Says at once that it is not ready, and ends later; at once when it is asked by hand, or again."""
        is_first = DRAINING not in self.lifespan.state
        self.lifespan.state[DRAINING] = True
        if sig == signal.SIGTERM and is_first and self.drain_s:
            asyncio.get_running_loop().call_later(self.drain_s, super().handle_exit, sig, frame)
        else:
            super().handle_exit(sig, frame)


async def serve(app: StartedApp, listening: socket.socket, settings: ServiceSettings) -> None:
    server = _Server(server_config(app, settings))
    server.drain_s = settings.drain_s
    await server.serve(sockets=[listening, *(listening.dup() for _ in range(_ACCEPTED_EACH_TURN - 1))])


def server_config(app: Any, settings: ServiceSettings, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",  # it would look for `async def`, and ours hand on what they call
        lifespan="off" if isinstance(app, StartedApp) else "on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        http=PatientProtocol,
        limit_concurrency=settings.max_connections,
        timeout_graceful_shutdown=10,
        **more,
    )
