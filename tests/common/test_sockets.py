"""Calls over sockets: whole answers in whatever pieces they come, errors of httpx for all else, connections kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from services.common import sockets
from services.common.http_connection import MAX_HEAD_BYTES
from services.common.in_process import target_of
from services.common.sockets import SocketTransport

Answers = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SMALL = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Twice: a\r\nX-Twice: b\r\n\r\nsmall"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsma\r\n2\r\nll\r\n0\r\n\r\n"


class Server:
    """Takes requests one after the other, as `answers` does; `connections` counts, `heads` are what came."""

    def __init__(self, answers: Answers) -> None:
        self.connections = 0
        self.heads = list[bytes]()
        self.port = 0
        self._answers = answers

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.heads.append(head)
                await self._answers(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()


@asynccontextmanager
async def running(answers: Answers) -> AsyncIterator[tuple[Server, SocketTransport]]:
    server = Server(answers)
    listening = await asyncio.start_server(server.take, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening, SocketTransport() as transport, asyncio.timeout(10):
        yield server, transport


def saying(*pieces: bytes, then_close: bool = False) -> Answers:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.001)
        if then_close:
            writer.close()

    return answer


async def asked(server: Server, transport: SocketTransport, most: int = 1000) -> tuple[int, bytes]:
    target = target_of(f"http://127.0.0.1:{server.port}/a%20b?x=1")
    status, _, body = await transport.answer("GET", target, [(b"host", b"x")], b"", most)
    return status, body


@pytest.mark.parametrize("whole", [SMALL, CHUNKED, b"HTTP/1.1 100 Continue\r\n\r\n" + SMALL])
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_an_answer_comes_in_any_pieces_and_its_connection_is_kept(whole: bytes, size: int) -> None:
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    async with running(saying(*pieces)) as (server, transport):
        assert [await asked(server, transport) for _ in range(3)] == [(200, b"small")] * 3
        assert server.connections == 1
        assert server.heads == [b"GET /a%20b?x=1 HTTP/1.1\r\nhost: x\r\n\r\n"] * 3


@pytest.mark.parametrize(
    ("status", "more"), [(b"204 No Content", b""), (b"304 Not Modified", b"Content-Length: 9\r\n")]
)
async def test_what_has_no_body_is_whole(status: bytes, more: bytes) -> None:
    async with running(saying(b"HTTP/1.1 " + status + b"\r\n" + more + b"\r\n")) as (server, transport):
        assert [await asked(server, transport) for _ in range(2)] == [(int(status[:3]), b"")] * 2
        assert server.connections == 1


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        SMALL[:-1],
        CHUNKED[:-5],
        b"what?\r\n\r\n",
        b"\0\xff" * 100,
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nsmall",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nsmall",
    ],
)
async def test_what_is_no_whole_answer_is_an_error_of_httpx(said: bytes) -> None:
    async with running(saying(said, then_close=True)) as (server, transport):
        with pytest.raises(httpx.TransportError):
            await asked(server, transport)


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
async def test_what_says_no_length_lasts_until_the_connection_ends(more: bytes) -> None:
    pieces = b"HTTP/1.1 200 OK\r\n" + more + b"\r\n", b"sma", b"ll"
    async with running(saying(*pieces, then_close=True)) as (server, transport):
        for count in (1, 2):
            assert await asked(server, transport) == (200, b"small")
            assert server.connections == count


@pytest.mark.parametrize("said", [SMALL.replace(b"5", b"1001"), b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * MAX_HEAD_BYTES])
async def test_what_is_too_large_is_not_read_to_its_end(said: bytes) -> None:
    async with running(saying(said, b"x" * 1000)) as (server, transport):
        with pytest.raises(httpx.ReadError, match="too large"):
            await asked(server, transport)


@pytest.mark.parametrize("more", [b"H", SMALL])
async def test_what_nobody_asked_for_is_nobodys_answer(more: bytes) -> None:
    async with running(saying(SMALL + more)) as (server, transport):
        for count in (1, 2):
            assert await asked(server, transport) == (200, b"small")
            assert server.connections == count
    async with running(saying(SMALL, more)) as (server, transport):
        assert await asked(server, transport) == (200, b"small")
        await asyncio.sleep(0.05)
        assert await asked(server, transport) == (200, b"small")
        assert server.connections == 2


async def test_connections_that_end_or_were_idle_for_long_are_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for answers in (saying(SMALL, then_close=True), saying(SMALL.replace(b"X-Twice: a", b"Connection: close"))):
        async with running(answers) as (server, transport):
            for count in (1, 2):
                assert await asked(server, transport) == (200, b"small")
                await asyncio.sleep(0.02)
                assert server.connections == count
    monkeypatch.setattr(sockets, "_IDLE_S", 0.01)
    async with running(saying(SMALL)) as (server, transport):
        for _ in range(2):
            await asked(server, transport)
            await asyncio.sleep(0.02)
        assert server.connections == 2


async def test_who_stops_waiting_ends_the_connection() -> None:
    ended = asyncio.Event()

    async def until_gone(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""
        ended.set()

    async with running(until_gone) as (server, transport):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asked(server, transport)
        await ended.wait()


async def test_calls_at_once_have_connections_of_their_own() -> None:
    async with running(saying(b"", b"", SMALL)) as (server, transport):
        for _ in range(2):
            assert await asyncio.gather(*(asked(server, transport) for _ in range(5))) == [(200, b"small")] * 5
        assert server.connections == 5


async def test_a_client_of_httpx_has_its_timeouts_and_its_bodies() -> None:
    said = list[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said.append(await reader.readexactly(10))
        writer.write(SMALL)

    async def pieces() -> AsyncIterator[bytes]:
        yield b"01234"
        yield b"56789"

    async with running(answer) as (server, transport):
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{server.port}") as client:
            for content in (b"0123456789", pieces()):
                found = await client.post("/", content=content)
                assert (found.status_code, found.text, found.headers.get_list("X-Twice")) == (200, "small", ["a", "b"])
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/", timeout=0.05)
        assert said == [b"0123456789"] * 2
        assert all(head.lower().count(b"content-length: 10") == 1 for head in server.heads[:2])
        assert not any(b"chunked" in head for head in server.heads)


async def test_nobody_there_is_no_connection() -> None:
    async with running(saying(SMALL)) as (server, _):
        port = server.port
    async with httpx.AsyncClient(transport=SocketTransport()) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/")
        with pytest.raises(httpx.ConnectError):
            await client.get("http://nobody.invalid/")


@pytest.mark.parametrize("value", [b"a\r\nX: y", b"a\nb", b"a\0b"])
async def test_a_header_is_one_line(value: bytes) -> None:
    async with running(saying(SMALL)) as (server, transport):
        target = target_of(f"http://127.0.0.1:{server.port}/")
        with pytest.raises(httpx.LocalProtocolError):
            await transport.answer("GET", target, [(b"x", value)], b"")
        assert server.connections == 0
