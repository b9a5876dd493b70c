"""Requests leave nothing behind that only a look for garbage would free: a twelfth of all time under load."""

import asyncio
import gc
from collections.abc import Iterator

import pytest
from fastapi import APIRouter

from services.cli.patient_protocol import PatientProtocol
from services.common import abandoned
from services.common.ready import ready_of
from tests.common.apps import app_of
from tests.common.sockets import served

REQUESTS = 30


@pytest.fixture(autouse=True)
def nobody_looks_for_garbage() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def answered(port: int) -> None:
    """On one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(10):
        for _ in range(REQUESTS):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readuntil(b"null")
    writer.close()


def left(*names: str) -> int:
    return sum(type(one).__name__ in names for one in gc.get_objects())


@pytest.mark.parametrize("watched_after_s", [60.0, 0.0])
async def test_requests_are_forgotten(monkeypatch: pytest.MonkeyPatch, watched_after_s: float) -> None:
    """Also those that take so long that their callers are watched."""
    monkeypatch.setattr(abandoned, "_WATCHED_AFTER_S", watched_after_s)
    router = APIRouter()

    async def work() -> None:
        await asyncio.sleep(0.01)

    router.add_api_route("/", work)
    async with served(app_of(router), http=PatientProtocol) as port:
        await answered(port)
        await asyncio.sleep(0.02)
        assert left("RequestResponseCycle", "_Watch") < REQUESTS / 2


async def test_ready_answers_are_forgotten() -> None:
    async def app(scope: object, _receive: object, _send: object) -> None:
        send_ready = ready_of(scope)  # type: ignore[arg-type]  # one of uvicorn
        assert send_ready is not None
        assert send_ready(scope, 200, b"content-length: 4\r\n", b"null")

    async with served(app, http=PatientProtocol) as port:
        await answered(port)
        assert left("RequestResponseCycle") < REQUESTS / 2
