"""Answers whose bytes are ready look on the wire like any other, and go by the ordinary way where they have to."""

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from services.cli.patient_protocol import PatientProtocol
from services.common.header_lines import as_headers, as_lines
from services.common.ready import ready_of
from services.gateway.cache.entries import Entry
from tests.common.sockets import served

HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-colon", b"a: b"), (b"x-empty", b"")]
LARGE = 4 * 1024 * 1024


class Answers:
    """Each by both ways in turn; notes which were taken."""

    def __init__(self) -> None:
        self.ways: list[str] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        body = b"x" * LARGE if scope["path"] == "/large" else b"small"
        headers = [*HEADERS, (b"content-length", b"%d" % len(body))]
        send_ready = None if scope["query_string"] == b"ordinary" else ready_of(scope)
        shown = b"" if scope["method"] == "HEAD" else body
        if send_ready is not None and send_ready(scope, 200, as_lines(headers), shown):
            self.ways.append("ready")
            return
        self.ways.append("ordinary")
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": shown})


async def sent_back(port: int, request: bytes) -> bytes:
    """All that comes until the server closes, or says nothing more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    writer.write_eof()
    async with asyncio.timeout(5):
        got = await reader.read()
    writer.close()
    return got


def get(path: str, *more: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: x", *more, "", ""]).encode()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_both_ways_send_the_same_bytes(method: str) -> None:
    answers = Answers()
    async with served(answers, http=PatientProtocol) as port:
        while True:  # until both fall into one second, which the date tells
            ready, ordinary = [await sent_back(port, get(path, method=method)) for path in ("/", "/?ordinary")]
            if date_of(ready) == date_of(ordinary):
                break
    assert ready == ordinary
    assert answers.ways[-2:] == ["ready", "ordinary"]
    assert ready.startswith(b"HTTP/1.1 200 OK\r\n")
    assert ready.endswith(b"small" if method == "GET" else b"\r\n\r\n")


def date_of(answer: bytes) -> bytes:
    return next(line for line in answer.split(b"\r\n") if line.startswith(b"date: "))


async def test_many_on_one_connection_keep_their_order() -> None:
    answers = Answers()
    async with served(answers, http=PatientProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2 * LARGE)
        writer.write(get("/") + get("/?ordinary") + get("/large") + get("/"))
        async with asyncio.timeout(10):
            for end in (b"small", b"small", b"x" * LARGE, b"small"):
                assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")
                assert await reader.readexactly(len(end)) == end
        writer.close()
    assert answers.ways[:3] == ["ordinary"] * 3, "the connection knows the last one alone"


@pytest.mark.parametrize("request_", [get("/", "Connection: close"), get("/", version="1.0")])
async def test_what_ends_its_connection_goes_the_ordinary_way(request_: bytes) -> None:
    answers = Answers()
    async with served(answers, http=PatientProtocol) as port:
        assert b"connection: close" in await sent_back(port, request_)
    assert answers.ways == ["ordinary"]


async def test_who_does_not_read_holds_up_what_follows() -> None:
    answers = Answers()
    async with served(answers, http=PatientProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        for _ in range(20):
            writer.write(get("/large"))
        await asyncio.sleep(0.2)
        assert len(answers.ways) < 20  # an ordinary one waits until the reader has taken what was sent
        got = 0
        async with asyncio.timeout(20):
            while got < 20 * LARGE:
                got += len(await reader.read(1 << 20))
        writer.close()
    assert len(answers.ways) == 20


def test_lines_are_what_they_were_made_of() -> None:
    assert as_headers(as_lines(HEADERS)) == HEADERS


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: x=y", b"a\nb", b"a\rb", b"a\0b"])
def test_a_header_is_one_line(value: bytes) -> None:
    with pytest.raises(ValueError, match="end of a line"):
        Entry([(b"link", value)], b"", ["t"], 0.0, 1.0)
