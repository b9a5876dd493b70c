"""Who goes away while a read takes long ends the work on it; a write goes on."""

import asyncio

import pytest
from fastapi import APIRouter
from starlette.types import Message, Receive, Scope, Send

from services.common.abandoned import StopAbandoned
from tests.common.apps import app_of
from tests.common.sockets import served


class Work:
    def __init__(self) -> None:
        self.begun, self.over = asyncio.Event(), asyncio.Event()
        self.was_ended: bool | None = None

    async def do(self) -> None:
        self.begun.set()
        try:
            await asyncio.sleep(0.15)
            self.was_ended = False
        except asyncio.CancelledError:
            self.was_ended = True
            raise
        finally:
            self.over.set()


@pytest.mark.parametrize(("method", "is_ended"), [("GET", True), ("POST", False)])
async def test_work_ends_when_its_caller_goes_away(method: str, *, is_ended: bool) -> None:
    work, router = Work(), APIRouter()
    router.add_api_route("/", work.do, methods=[method])
    async with served(app_of(router)) as port, asyncio.timeout(5):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        await work.begun.wait()
        writer.transport.abort()
        await work.over.wait()
    assert work.was_ended is is_ended


async def test_who_waits_is_answered() -> None:
    work, router = Work(), APIRouter()
    router.add_api_route("/", work.do)
    async with served(app_of(router)) as port, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200 OK" in await reader.readline()
            await reader.readuntil(b"null")
        writer.transport.abort()
    assert work.was_ended is False


async def test_a_caller_who_goes_with_the_answer_is_told_nothing_more() -> None:
    """Servers say that the caller is gone as soon as the answer is complete, while the application tidies up."""
    gone, sent = asyncio.Event(), list[str]()

    async def answers_and_tidies_up(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        gone.set()
        await asyncio.Event().wait()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await StopAbandoned(answers_and_tidies_up)({"type": "http", "method": "GET"}, receive, send)
    assert sent == ["http.response.start", "http.response.body"]
