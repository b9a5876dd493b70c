"""Each request is noted once, with how it ended."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from services.common.noted_requests import NotedRequests
from services.common.request_times import RequestTimes

SCOPE = {"type": "http", "method": "GET", "path": "/", "headers": []}


class Noted:
    def __init__(self) -> None:
        self.statuses: list[int] = []

    def note(self, _method: str, _path: str, status: int, *_: Any) -> None:
        self.statuses.append(status)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize(
    ("begun", "ends", "noted"),
    [
        (True, None, 200),
        (True, asyncio.CancelledError(), 200),
        (False, asyncio.CancelledError(), 499),  # nobody waits for it any more: that is no bug
        (False, LookupError(), 500),
        (False, None, 500),
    ],
)
async def test_how_a_request_ends_is_noted(*, begun: bool, ends: BaseException | None, noted: int) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200})
        if ends is not None:
            raise ends

    async def nothing(*_: object) -> Any:
        return None

    log = Noted()
    noted_requests = NotedRequests(app, log=log, times=RequestTimes("test"), trust_caller=False)  # type: ignore[arg-type]  # it only has to note
    with suppress(asyncio.CancelledError, LookupError):
        await noted_requests(dict(SCOPE), nothing, nothing)
    assert log.statuses == [noted]
