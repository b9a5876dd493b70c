"""Bodies that unpack to more, drip for ever or are too large are refused, as a problem, on every kind of route."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel
from starlette.middleware import Middleware
from starlette.types import Message

from services.common.body_limits import MAX_BYTES, BodyLimits
from services.common.problem_handlers import MEDIA_TYPE
from tests.common.apps import app_of, client_of
from tests.common.sockets import served

router = APIRouter()
HURRIED = Middleware(BodyLimits, deadline_s=0.01)
PATHS = ["/parsed", "/raw", "/streamed"]


class Thing(BaseModel):
    name: str


@router.post("/parsed")
async def parsed(thing: Thing) -> int:
    return len(thing.name)


@router.post("/raw")
async def raw(request: Request) -> int:
    return len(await request.body())


@router.post("/streamed")
async def streamed(request: Request) -> int:
    return sum([len(chunk) async for chunk in request.stream()])


@router.get("/read")
async def read() -> int:
    return 0


async def call(
    app: FastAPI, path: str, arriving: Iterator[Message], method: str = "POST", *, key: bytes = b""
) -> list[Message]:
    """The app's answer to a body that arrives in these pieces and then stays away."""
    sent: list[Message] = []

    async def receive() -> Message:
        for message in arriving:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), *([(b"authorization", key)] if key else [])]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers, "state": {}}
    async with asyncio.timeout(5):
        await app(scope | {"raw_path": path.encode(), "root_path": "", "server": ("x", 80)}, receive, send)
    return sent


def piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize("path", PATHS)
async def test_body_that_stops_arriving_is_408(path: str) -> None:
    app = app_of(router, middleware=[HURRIED])
    for pieces in ([], [piece(b'{"na', more=True)]):
        start, _ = await call(app, path, iter(pieces))
        assert start["status"] == 408
        assert dict(start["headers"])[b"content-type"] == MEDIA_TYPE.encode()


@pytest.mark.parametrize("path", PATHS)
async def test_body_that_drips_for_ever_is_408(path: str) -> None:
    """Each piece is quick; it is the whole that takes too long."""

    async def drip(request_queue: "asyncio.Queue[Message]") -> None:
        while True:
            request_queue.put_nowait(piece(b" ", more=True))
            await asyncio.sleep(0.001)

    queue: asyncio.Queue[Message] = asyncio.Queue()
    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    dripping = asyncio.create_task(drip(queue))
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": [], "state": {}}
    async with asyncio.timeout(5):
        await app_of(router, middleware=[HURRIED])(scope | {"root_path": ""}, queue.get, keep)
    dripping.cancel()
    assert sent[0]["status"] == 408


async def test_408_ends_the_connection() -> None:
    """Otherwise the client goes on to drip: uvicorn waits for the rest of the body without a limit."""
    async with served(app_of(router, middleware=[HURRIED])) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        async with asyncio.timeout(5):
            assert b"408" in await reader.readline()
            head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
    assert b"connection: close" in head.lower()


@pytest.mark.parametrize("path", PATHS)
async def test_body_in_time_is_whole(path: str) -> None:
    arriving = iter([piece(b'{"name": ', more=True), piece(b'"Ann"}', more=True), piece(b"", more=False)])
    start, body = await call(app_of(router), path, arriving)
    assert (start["status"], body["body"]) == (200, b"3" if path == "/parsed" else b"15")


async def test_requests_without_a_body_have_no_deadline() -> None:
    start, _ = await call(app_of(router, middleware=[HURRIED]), "/read", iter([]), method="GET")
    assert start["status"] == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity", ""])
async def test_encoded_body_is_415(encoding: str) -> None:
    async with client_of(router) as client:
        answer = await client.post("/raw", content=b"x", headers={"Content-Encoding": encoding})
        assert (answer.status_code, answer.headers["content-type"]) == (415, MEDIA_TYPE)
        assert (await client.post("/raw", content=b"x")).status_code == 200


@pytest.mark.parametrize("path", PATHS)
async def test_body_over_the_limit_is_413(path: str) -> None:
    async with client_of(router) as client:
        answer = await client.post(path, json={"name": "a" * MAX_BYTES})
        assert (answer.status_code, answer.headers["content-type"]) == (413, MEDIA_TYPE)
        assert (await client.post(path, json={"name": "a" * (MAX_BYTES - 20)})).status_code == 200


@pytest.mark.parametrize("path", PATHS)
async def test_body_that_does_not_announce_its_length_is_counted(path: str) -> None:
    pieces = [piece(b'{"name": "', more=True), piece(b"a" * MAX_BYTES, more=True), piece(b'"}', more=False)]
    start, _ = await call(app_of(router), path, iter(pieces))
    assert (start["status"], dict(start["headers"])[b"content-type"]) == (413, MEDIA_TYPE.encode())


async def test_routes_may_take_more_from_callers_with_a_key() -> None:
    app = app_of(router, max_bytes={"/raw": MAX_BYTES + 1})
    cases = (("/raw", 1, b"k", 200), ("/raw", 2, b"k", 413), ("/streamed", 1, b"k", 413), ("/raw", 1, b"", 413))
    for path, size, key, status in cases:
        start, _ = await call(app, path, iter([piece(b"a" * (MAX_BYTES + size), more=False)]), key=key)
        assert start["status"] == status, (path, size, key)
