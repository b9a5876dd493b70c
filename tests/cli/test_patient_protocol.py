"""Connections on which nothing moves are closed, and there are not more of them than a process can hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.types import Receive, Scope, Send

from services.cli.patient_protocol import MAX_HEAD_BYTES, PatientProtocol
from tests.common.sockets import served

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = 8 * 1024 * 1024


class Hurried(PatientProtocol):
    look_every_s = 0.02


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    body = b"x" * LARGE if scope["path"] == "/large" else b"small"
    if scope["path"] == "/later":
        await asyncio.sleep(Hurried.look_every_s * 10)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    try:
        async with asyncio.timeout(5):
            yield reader, writer
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(("sent", "told"), [(b"", b""), (b"GET / HTTP/1.1\r\nHo", b"HTTP/1.1 408 Request Timeout")])
async def test_who_says_nothing_or_half_of_it_is_closed(sent: bytes, told: bytes) -> None:
    async with served(app, http=Hurried) as port, connection(port) as (reader, writer):
        writer.write(sent)
        assert (await reader.read()).split(b"\r\n")[0] == told


@pytest.mark.parametrize(
    ("sent", "then", "told"),
    [
        (GET, b"GET / HTTP/1.1\r\nHo", b"HTTP/1.1 408"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"xx", b""),
    ],
)
async def test_who_stops_in_the_middle_after_an_answer_is_closed(sent: bytes, then: bytes, told: bytes) -> None:
    async with served(app, http=Hurried) as port, connection(port) as (reader, writer):
        writer.write(sent)
        await reader.readuntil(b"small")
        writer.write(then)
        assert (await reader.read())[: len(told) or None] == told


async def test_a_head_that_drips_is_closed() -> None:
    async with served(app, http=Hurried) as port, connection(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\n")
        dripping = asyncio.create_task(drip(writer))
        with suppress(ConnectionResetError):  # where a drop comes to the closed end before the answer is read
            assert (await reader.read()).startswith(b"HTTP/1.1 408")
        dripping.cancel()


async def drip(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"X-Drip: x\r\n")
        await asyncio.sleep(Hurried.look_every_s / 4)


async def test_who_does_not_read_is_closed() -> None:
    async with served(app, http=Hurried) as port, connection(port) as (reader, writer):
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        await asyncio.sleep(Hurried.look_every_s * (Hurried.unread_looks + 4))
        got = 0
        with suppress(ConnectionResetError):
            while piece := await reader.read(65536):
                got += len(piece)
    assert got < LARGE


async def test_who_reads_slowly_gets_everything() -> None:
    async with served(app, http=Hurried) as port, connection(port) as (reader, writer):
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        got = 0
        while piece := await reader.read(LARGE // 32):
            got += len(piece)
            if got % 7 == 0:
                await asyncio.sleep(Hurried.look_every_s / 4)
    assert got == LARGE


async def test_work_that_takes_long_is_waited_for_and_the_connection_kept() -> None:
    async with served(app, http=Hurried) as port, connection(port) as (reader, writer):
        for _ in range(2):
            writer.write(b"GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
            assert await reader.readuntil(b"small")


async def test_a_head_without_an_end_is_refused() -> None:
    async with served(app, http=PatientProtocol) as port, connection(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * MAX_HEAD_BYTES)
        assert (await reader.readline()).startswith(b"HTTP/1.1 431")


async def test_connections_beyond_the_limit_are_told_to_come_back() -> None:
    async with served(app, http=PatientProtocol, limit_concurrency=2) as port, connection(port) as first:
        async with connection(port) as second, connection(port) as third:
            refused = await third[0].read()
            assert refused.startswith(b"HTTP/1.1 503")
            assert b"retry-after: 2" in refused
            second[1].write(GET)
            assert await second[0].readline() == b"HTTP/1.1 200 OK\r\n"
        while True:
            async with connection(port) as again:
                again[1].write(GET)
                if b"200" in await again[0].readline():
                    break
        first[1].write(GET)
        assert await first[0].readline() == b"HTTP/1.1 200 OK\r\n"
