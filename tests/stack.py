"""A whole Dateline in the test's process: real services, real databases, calls through HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.cli.started import StartedApp, started
from services.comments.commands.quotas import Limits
from services.common.ids import IdSource
from services.common.in_process import InProcessTransport
from services.common.quotas import parse_quotas
from services.gateway.app import create_app as create_gateway
from services.gateway.calls.breaker import Breaker
from services.gateway.operator_key import operator_key
from services.gateway.settings import GatewaySettings
from services.posts import jobs
from services.posts.commands.relate_posts import Relating
from tests.apps import Apps, apps
from tests.compiled import share_compiled
from tests.databases import Databases
from tests.recorder import Recorder, SwitchableTransport

PUBLIC_URL = "https://blog.example"
TOLD_ITS_AUTHOR = {"edit_token", "editable_until", "challenge"}
NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)


class HeldClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass(frozen=True)
class Stack:
    """`reader` calls the gateway as anybody, `operator` with every scope."""

    reader: httpx.AsyncClient
    operator: httpx.AsyncClient
    gateway: StartedApp
    clock: HeldClock
    recorder: Recorder
    upstreams: dict[str, SwitchableTransport] = field(default_factory=dict)
    comments_state: dict[str, Any] = field(default_factory=dict)
    posts_state: dict[str, Any] = field(default_factory=dict)

    async def post(self, **given: Any) -> dict[str, Any]:
        """A post, live unless the test says otherwise."""
        body = {"title": "A Title", "body_html": "<p>Some text.</p>"} | given
        answer = await self.operator.post("/api/v1/posts", json=body)
        assert answer.status_code == 201, answer.text
        written: dict[str, Any] = answer.json()
        return written

    async def comment(self, article_id: str, body: str = "Well said.", **given: Any) -> dict[str, Any]:
        answer = await self.reader.post(f"/api/v1/articles/{article_id}/comments", json={"body": body} | given)
        assert answer.status_code == 201, answer.text
        written: dict[str, Any] = answer.json()
        return written

    async def shown_comment(self, article_id: str, body: str = "Well said.", **given: Any) -> dict[str, Any]:
        """A new comment as readers are told of it."""
        written = await self.comment(article_id, body, **given)
        return {name: value for name, value in written.items() if name not in TOLD_ITS_AUTHOR}

    async def imported_posts(self, *posts: dict[str, Any], source: str = "test") -> list[dict[str, Any]]:
        blank = {"kind": "post", "state": "live", "title": "T", "body": "<p>b</p>", "body_format": "html"}
        dated = [blank | {"published": "2022-01-08T12:00:00Z"} | post for post in posts]
        answer = await self.operator.post("/api/v1/import/posts", json={"source": source, "posts": dated})
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    async def imported_comments(self, *comments: dict[str, Any], source: str = "test") -> list[dict[str, Any]]:
        blank = {"state": "live", "body": "<p>c</p>", "body_format": "html", "published": "2022-01-09T12:00:00Z"}
        body = {"source": source, "comments": [blank | comment for comment in comments]}
        answer = await self.operator.post("/api/v1/import/comments", json=body)
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    async def relate(self) -> None:
        """Lets the job that relates posts do all that there is to do."""
        relating = Relating(self.posts_state["database"], self.clock, PUBLIC_URL)
        while await relating():
            pass

    def filters(self, *, on: bool) -> None:
        """Whether the filter looks at new comments; in tests it does not unless they say so."""
        self.comments_state["is_filtered"] = on

    def limits(self, network: str = "", article: str = "") -> None:
        """Quotas of new comments; in tests there are none unless they say so."""
        self.comments_state["limits"] = Limits(parse_quotas(network), parse_quotas(article))

    async def key(self, *scopes: str) -> httpx.AsyncClient:
        """A client with a new API key."""
        answer = await self.operator.post("/api/v1/keys", json={"scopes": list(scopes)})
        assert answer.status_code == 201, answer.text
        return self.client({"Authorization": f"Bearer {answer.json()['key']}"})

    def client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        transport = InProcessTransport(self.gateway.app, self.gateway.state)
        return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers)

    def take_away(self, service: str, answer: Callable[[httpx.Request], httpx.Response] | None = None) -> None:
        """From now on the service does not answer, or answers as the function says."""

        def refuse(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("taken away by a test", request=request)

        self.upstreams[service].instead = httpx.MockTransport(answer or refuse)
        self._close_breaker(service)

    def bring_back(self, service: str) -> None:
        self.upstreams[service].instead = None
        self._close_breaker(service)

    def _close_breaker(self, service: str) -> None:
        """So that the gateway asks the service again at once."""
        if service in {"posts", "comments"}:
            getattr(self.gateway.state["composer"].upstreams, service).service.guard.breaker = Breaker()


@asynccontextmanager
async def running_stack(
    databases: Databases, folder: Path, *, smtp_url: str = "", **gateway_settings: Any
) -> AsyncIterator[Stack]:
    jobs.RELATE_EVERY_S = 3600.0  # type: ignore[misc]  # tests say when, so that nothing else is counted or told
    clock, recorder, built = HeldClock(), Recorder(), apps(PUBLIC_URL)
    posts_url, comments_url = [await databases.fresh(name, folder) for name in ("posts", "comments")]
    built.clock.thing = clock
    built.present["posts"].thing = built.posts_settings.model_copy(update={"posts_database_url": posts_url})
    built.present["comments"].thing = built.comments_settings.model_copy(
        update={"comments_database_url": comments_url, "smtp_url": smtp_url}
    )
    async with AsyncExitStack() as opened:
        posts = await opened.enter_async_context(started(built.posts))
        feed = SwitchableTransport("posts", InProcessTransport(posts.app, posts.state))
        built.followed["posts"] = feed
        comments = await opened.enter_async_context(started(built.comments))
        upstreams = {"feed of posts": feed}
        for name, service in {"posts": posts, "comments": comments}.items():
            # its own clock, also when another stack is started beside it
            service.state.update(clock=clock, ids=IdSource(clock))
            share_compiled(service.state["database"])
            for engine in service.state["database"].engines():
                recorder.listen_to(name, engine)
            upstreams[name] = SwitchableTransport(name, InProcessTransport(service.app, service.state), recorder)
        settings = GatewaySettings.model_validate(built.gateway_settings.model_dump() | gateway_settings)
        async with started(
            _gateway(built, settings, upstreams, own=bool(gateway_settings.keys() - {"cache_mb"}))
        ) as gateway:
            anybody = httpx.AsyncClient(transport=InProcessTransport(gateway.app, gateway.state), base_url=PUBLIC_URL)
            stack = Stack(anybody, anybody, gateway, clock, recorder, upstreams, comments.state, posts.state)
            operator = stack.client({"Authorization": f"Bearer {operator_key(settings.secrets)}"})
            yield replace(stack, operator=operator)


def _changed(settings: GatewaySettings, given: dict[str, Any]) -> GatewaySettings:
    return GatewaySettings.model_validate(settings.model_dump() | given) if given else settings


def _gateway(
    built: Apps, settings: GatewaySettings, upstreams: dict[str, SwitchableTransport], *, own: bool
) -> FastAPI:
    """The one of the process, or one of its own for settings that it was not built with."""
    if own:
        return create_gateway(settings, upstreams)
    built.present["gateway"].thing = settings
    built.transports.update(upstreams)
    return built.gateway
