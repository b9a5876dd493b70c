"""An app with more readers than it has places for."""

import asyncio
from collections import Counter
from typing import Self

import httpx
from fastapi import APIRouter
from starlette.middleware import Middleware

from services.common.access_lines import AccessEvents
from services.common.in_process import InProcessTransport
from services.common.problem_handlers import answer_with
from services.common.request_times import RequestTimes
from services.gateway.admission import Admission, Gates
from services.gateway.calls.guard import MOST_CALLS
from services.gateway.early_refusals import EarlyRefusals
from services.gateway.pages.problems import problem_page, wants_html
from services.gateway.pages.renderer import Renderer
from services.gateway.refusals import Refusals
from services.gateway.security_headers import SecurityHeaders
from services.gateway.turned_away import TurnedAway
from tests.common.apps import app_of
from tests.gateway.test_admission import until


class Crowded:
    """An app that works on one request, for whose place four wait."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.refused = Counter[str]()
        self.times = RequestTimes("test")
        gates, answer = Gates(1, MOST_CALLS, self.refused), answer_with(problem_page(Renderer("http://x", "")))
        router = APIRouter()
        router.add_api_route("/{path:path}", self.go.wait, methods=["GET", "HEAD", "POST"])
        refusals = Refusals(gates, AccessEvents("turned"), self.times)
        self.app = app_of(
            router,
            first=[Middleware(TurnedAway, refusals=refusals, wants_page=wants_html)],
            middleware=[Middleware(SecurityHeaders), Middleware(Admission, gates=gates, answer=answer)],
        )
        self.app.early = EarlyRefusals(self.app, refusals, wants_html)
        self.client = httpx.AsyncClient(transport=InProcessTransport(self.app), base_url="http://x")
        self._held = [asyncio.create_task(self.client.get("/held")) for _ in range(5)]
        self._gates = gates

    async def __aenter__(self) -> Self:
        await until(lambda: self._gates.reads.is_crowded)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.go.set()
        assert {one.status_code for one in await asyncio.gather(*self._held)} == {200}
        assert (await self.client.get("/later")).status_code == 200
