"""An answer that is held until it is whole looks on the wire like any other, but comes in one packet."""

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from services.cli.patient_protocol import PatientProtocol
from services.common.ready import ready_of
from services.common.whole_answers import WholeAnswers
from tests.common.sockets import served

Head = tuple[int, list[tuple[bytes, bytes]]]
LENGTH = (b"content-length", b"5")
ANSWERS: dict[str, tuple[Head, list[bytes]]] = {
    "/whole": ((200, [LENGTH, (b"x-colon", b"a: b")]), [b"small"]),
    "/empty": ((200, [(b"content-length", b"0")]), [b""]),
    "/error": ((503, [LENGTH, (b"retry-after", b"2")]), [b"later"]),
    "/pieces": ((200, [LENGTH]), [b"sm", b"all"]),
    "/chunked": ((200, []), [b"small"]),
    "/unchanged": ((304, [LENGTH]), [b""]),
    "/nothing": ((204, []), [b""]),
    "/closing": ((408, [LENGTH, (b"connection", b"close")]), [b"later"]),
}
WHOLE = {"/whole", "/empty", "/error"}


async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
    (status, headers), pieces = ANSWERS[scope["path"]]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for at, piece in enumerate(pieces, 1):
        await send({"type": "http.response.body", "body": piece, "more_body": at < len(pieces)})


class Ways:
    """The same answers, held or not; notes those that were sent at once."""

    def __init__(self) -> None:
        self.at_once: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"] == b"plain":
            await answer(scope, receive, send)
            return
        send_ready = ready_of(scope)
        assert send_ready is not None

        def noted(scope: Any, status: int, lines: bytes, body: bytes) -> bool:
            self.at_once.append(scope["path"])
            return send_ready(scope, status, lines, body)

        scope["extensions"] = dict.fromkeys(scope["extensions"], noted)
        await WholeAnswers(answer)(scope, receive, send)


async def sent_back(port: int, method: str, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    writer.write_eof()
    async with asyncio.timeout(5):
        got = await reader.read()
    writer.close()
    return got


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("path", ANSWERS)
async def test_both_ways_send_the_same_bytes(method: str, path: str) -> None:
    ways = Ways()
    async with served(ways, http=PatientProtocol) as port:
        while True:  # until both fall into one second, which the date tells
            held, plain = [await sent_back(port, method, asked) for asked in (path, f"{path}?plain")]
            if held == plain or date_of(held) == date_of(plain):
                break
    assert held == plain
    assert held.startswith(b"HTTP/1.1 %d " % ANSWERS[path][0][0])
    assert (path in ways.at_once) is (path in WHOLE and method != "HEAD")


def date_of(answer: bytes) -> bytes:
    return next(line for line in answer.split(b"\r\n") if line.startswith(b"date: "))


async def test_who_holds_a_head_and_fails_answers_500() -> None:
    async def failing(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
        raise LookupError

    async with served(WholeAnswers(failing), http=PatientProtocol) as port:
        assert (await sent_back(port, "GET", "/")).startswith(b"HTTP/1.1 500 ")
