"""Too many requests at once: some wait, the rest are told at once to come back, and all is well afterwards."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest
from fastapi import APIRouter, Request
from starlette.middleware import Middleware

from services.common.in_process import InProcessTransport
from services.gateway import admission
from services.gateway.admission import Admission, Gates
from services.gateway.calls.guard import MOST_CALLS
from tests.common.apps import app_of
from tests.gateway.reading import assert_problem

A_TICK_S = 0.001
"""What the loop's clock rounds to."""


class Blocked:
    """Requests that are worked on until they are let go."""

    def __init__(self, at_once: int = 2) -> None:
        self.inside = 0
        self.go = asyncio.Event()
        router = APIRouter()
        router.add_api_route("/", self.work)
        router.add_api_route("/", self.work, methods=["POST", "DELETE"])
        router.add_api_route("/livez", lambda: 1)
        app = app_of(router, middleware=[Middleware(Admission, gates=Gates(at_once, MOST_CALLS))])
        self.client = httpx.AsyncClient(transport=InProcessTransport(app), base_url="http://x")

    async def work(self, request: Request) -> int:
        await request.body()
        self.inside += 1
        try:
            await self.go.wait()
        finally:
            self.inside -= 1
        return 1

    def ask(self, times: int, method: str = "GET") -> list[asyncio.Task[httpx.Response]]:
        content = b"x" if method == "POST" else None
        return [asyncio.create_task(self.client.request(method, "/", content=content)) for _ in range(times)]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 of others' making
            await asyncio.sleep(0)


@pytest.mark.parametrize(("method", "worked_on"), [("GET", 2), ("POST", 8), ("DELETE", 8)])
async def test_some_wait_and_the_rest_are_refused_at_once(method: str, worked_on: int) -> None:
    blocked = Blocked()
    asked = blocked.ask(14, method)
    await until(lambda: sum(one.done() for one in asked) == 4)
    await until(lambda: blocked.inside == worked_on)
    for one in asked:
        if one.done():
            assert_problem(one.result(), 503, "unavailable")
            assert one.result().headers["Retry-After"] == "2"
    blocked.go.set()
    assert sorted(one.status_code for one in await asyncio.gather(*asked)) == [200] * 10 + [503] * 4
    assert [one.status_code for one in await asyncio.gather(*blocked.ask(10, method))] == [200] * 10


async def test_who_waited_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_PATIENCE_S", 0.01)
    blocked = Blocked()
    asked = blocked.ask(3)
    await until(lambda: any(one.done() for one in asked))
    assert [one.result().status_code for one in asked if one.done()] == [503]
    blocked.go.set()
    await asyncio.gather(*asked)


async def test_each_waits_for_as_long_as_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes later goes later, also where the one whose clock was set has gone away."""
    monkeypatch.setattr(admission, "_PATIENCE_S", 0.2)
    blocked = Blocked()
    working = blocked.ask(2)
    await until(lambda: blocked.inside == 2)
    clock, waiting, began = asyncio.get_running_loop().time, list[asyncio.Task[httpx.Response]](), list[float]()
    for _ in range(3):
        began.append(clock())
        waiting += blocked.ask(1)
        await asyncio.sleep(0.05)
    waiting[0].cancel()
    for one, since in zip(waiting[1:], began[1:], strict=True):
        assert (await one).status_code == 503
        assert clock() - since >= 0.2 - A_TICK_S
    blocked.go.set()
    assert {one.status_code for one in await asyncio.gather(*working)} == {200}


async def test_writes_take_no_place_of_reads_and_health_none_at_all() -> None:
    blocked = Blocked()
    asked = [*blocked.ask(9, "POST"), *blocked.ask(2)]
    await until(lambda: blocked.inside == 10)
    assert (await blocked.client.get("/livez")).status_code == 200
    blocked.go.set()
    assert {one.status_code for one in await asyncio.gather(*asked)} == {200}


async def test_no_more_writes_are_let_in_than_one_service_takes() -> None:
    blocked = Blocked(MOST_CALLS // 2)
    asked = blocked.ask(MOST_CALLS + 1, "POST")
    await until(lambda: blocked.inside == MOST_CALLS)
    assert not any(one.done() for one in asked)
    blocked.go.set()
    assert {one.status_code for one in await asyncio.gather(*asked)} == {200}


async def test_places_come_back_from_who_goes_away() -> None:
    blocked = Blocked()
    asked = blocked.ask(10)
    await until(lambda: blocked.inside == 2)
    for one in asked:
        one.cancel()
    for one in asked:
        with suppress(asyncio.CancelledError):
            await one
    blocked.go.set()
    assert {one.status_code for one in await asyncio.gather(*blocked.ask(10))} == {200}


async def test_a_body_that_has_not_come_takes_no_place() -> None:
    sent: list[int] = []
    blocked = Blocked()
    app = blocked.client._transport._app  # type: ignore[attr-defined]  # httpx gives its transport as any

    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def note(_message: dict[str, object]) -> None:
        sent.append(1)

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "root_path": "", "state": {}}
    slow = [asyncio.create_task(app(scope | {"headers": [(b"content-length", b"9")]}, never, note)) for _ in range(50)]
    asked = blocked.ask(2, "POST")
    await until(lambda: blocked.inside == 2)
    blocked.go.set()
    assert {one.status_code for one in await asyncio.gather(*asked)} == {200}
    assert sent == []
    for one in slow:
        one.cancel()


async def test_of_what_never_waits_a_few_are_worked_on_in_a_turn() -> None:
    """Else new connections, and the refusals of those who are too many, would wait for all that came at once."""
    worked, turns, most = 0, 0, 0

    async def count_turns() -> None:
        nonlocal worked, turns, most
        while True:
            most, worked, turns = max(most, worked), 0, turns + 1
            await asyncio.sleep(0)

    async def work() -> int:
        nonlocal worked
        worked += 1
        return 1

    router = APIRouter()
    router.add_api_route("/", work)
    app = app_of(router, middleware=[Middleware(Admission, gates=Gates(20, MOST_CALLS))])
    async with httpx.AsyncClient(transport=InProcessTransport(app), base_url="http://x") as client:
        counting = asyncio.create_task(count_turns())
        answers = await asyncio.gather(*(client.get("/") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert 0 < most <= 4
    assert turns >= 5
    counting.cancel()
