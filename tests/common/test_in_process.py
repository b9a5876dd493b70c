"""Calls of an app in the same process behave like calls over a socket, in the good cases and the bad."""

import asyncio
import contextlib
from contextvars import ContextVar
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.in_process import InProcessTransport, WholeBody, target_of
from services.common.sockets import SocketTransport
from tests.common.sockets import served

PERSON: ContextVar[str] = ContextVar("person", default="nobody")
COMPARED = "type http_version method scheme path raw_path query_string root_path headers server".split()
URLS = "/ /a%20b /caf%C3%A9 /a%2Fb /a%25b /%ff //double /a;b?c /?x=1&y=%20z&x=2 /a?b?c /x? /../up /?q=é".split()


async def answer(send: Send, body: bytes = b"hello", status: int = 200, *, more: bool = False) -> None:
    headers = [(b"content-type", b"text/plain"), (b"x-twice", b"1"), (b"x-twice", b"2")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more})


def client(app: ASGIApp, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcessTransport(app, {"kept": []}), base_url="http://inside", **options)


class Echo:
    """Keeps the scopes and bodies that reach it."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.calls.append({name: scope[name] for name in COMPARED} | {"body": message["body"]})
        await answer(send)


async def test_requests_arrive_as_over_a_socket() -> None:
    echo = Echo()
    async with served(echo) as port:
        for url in URLS:
            for transport in (None, InProcessTransport(echo)):
                base_url = f"http://127.0.0.1:{port}"
                async with httpx.AsyncClient(transport=transport, base_url=base_url, trust_env=False) as over:
                    headers = [("X-Twice", "1"), ("x-twice", "2"), ("Host", "blog.example"), ("Content-Type", "a/b")]
                    await over.post(url, content=b"\x00body\xff", headers=headers)
            socket_call, inside_call = echo.calls[-2:]
            for call in (socket_call, inside_call):
                call["headers"] = sorted(call["headers"])
            assert inside_call == socket_call, url


async def test_answer_arrives_whole() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, b"in two ", 418, more=True)
        await send({"type": "http.response.body", "body": b"parts"})

    async with client(app) as inside:
        got = await inside.get("/")
    assert (got.status_code, got.content) == (418, b"in two parts")
    assert got.headers.get_list("x-twice") == ["1", "2"]


async def test_state_of_the_lifespan_reaches_the_app() -> None:
    """What is in it is shared, the mapping itself is each request's own."""
    states: list[dict[str, Any]] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        states.append(dict(scope["state"]))
        scope["state"]["of_this_request"] = True
        scope["state"]["kept"].append("seen")
        await answer(send)

    async with client(app) as inside:
        await inside.get("/")
        await inside.get("/")
    assert [set(state) for state in states] == [{"kept"}, {"kept"}]
    assert states[0]["kept"] is states[1]["kept"]
    assert states[0]["kept"] == ["seen", "seen"]


async def test_context_stays_on_its_side() -> None:
    seen: list[str] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        seen.append(PERSON.get())
        PERSON.set("the app")
        await answer(send)

    PERSON.set("the caller")
    async with client(app) as inside:
        await inside.get("/")
    assert seen == ["nobody"]
    assert PERSON.get() == "the caller"


async def test_read_timeout_is_raised_and_ends_the_call() -> None:
    ended = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with client(app, timeout=0.01) as inside:
        with pytest.raises(httpx.ReadTimeout):
            await inside.get("/")
    assert ended.is_set()


async def test_cancelled_caller_ends_the_call() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with client(app) as inside:
        caller = asyncio.create_task(inside.get("/"))
        await begun.wait()
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
    assert ended.is_set()


BUGS = [KeyError("inner"), RuntimeError("inner"), TimeoutError("inner"), asyncio.CancelledError("inner")]


@pytest.mark.parametrize("bug", BUGS, ids=repr)
async def test_bug_without_an_answer_is_an_error_of_the_protocol(bug: BaseException) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise bug

    async with client(app) as inside:
        with pytest.raises(httpx.TransportError):
            await inside.get("/")


@pytest.mark.parametrize("bug", BUGS[:2], ids=repr)
async def test_bug_in_the_middle_of_an_answer_gives_no_answer(bug: BaseException) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, more=True)
        raise bug

    async with client(app) as inside:
        with pytest.raises(httpx.RemoteProtocolError):
            await inside.get("/")


@pytest.mark.parametrize("bug", BUGS, ids=repr)
async def test_bug_behind_a_whole_answer_leaves_the_answer(bug: BaseException) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send)
        raise bug

    async with client(app) as inside:
        assert (await inside.get("/")).text == "hello"


async def test_app_that_ends_early_gives_no_answer() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        return

    async with client(app) as inside:
        with pytest.raises(httpx.RemoteProtocolError):
            await inside.get("/")


@pytest.mark.parametrize("sent", [b"whole", None])
async def test_a_call_without_httpx_around_it_is_the_same(sent: bytes | None) -> None:
    calls = list[Scope]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        calls.append({**scope, "body": (await receive())["body"]})
        if sent is None:
            raise LookupError
        await answer(send, sent)

    inside = InProcessTransport(app, {"kept": []})
    target, headers = target_of("http://inside/a%20b?x=1"), [(b"host", b"inside"), (b"x-twice", b"1")]
    if sent is None:
        with pytest.raises(httpx.RemoteProtocolError):
            await inside.answer("POST", target, headers, b"said")
    else:
        status, given, content = await inside.answer("POST", target, headers, b"said")
        assert (status, given[0], content) == (200, (b"content-type", b"text/plain"), sent)
    with contextlib.suppress(httpx.RemoteProtocolError):
        request = httpx.Request("POST", target.url, headers=headers, stream=WholeBody(b"said"))
        await inside.handle_async_request(request)
    assert calls[0] == calls[1]


@pytest.mark.parametrize("over_sockets", [False, True])
async def test_more_than_was_asked_for_is_no_answer(*, over_sockets: bool) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, b"x" * 1000)

    async with served(app) as port:
        transport = SocketTransport() if over_sockets else InProcessTransport(app)
        target = target_of(f"http://127.0.0.1:{port}/")
        async with transport:
            assert (await transport.answer("GET", target, [], b"", 1000))[2] == b"x" * 1000
            with pytest.raises(httpx.ReadError, match="too large"):
                await transport.answer("GET", target, [], b"", 999)
