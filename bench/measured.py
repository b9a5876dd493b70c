"""One posts service on each archive in this process, asked in turns, so that noise hits all alike."""

import gc
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mode
from typing import Final

import httpx
from sqlalchemy import select

from bench import content
from bench.requests import LIMIT, Kind, Known
from bench.vocabulary import SEED
from services.cli.started import started
from services.common.callers import Principal, caller_headers, principal_headers
from services.common.database import Database
from services.common.in_process import InProcessTransport
from services.common.request_id import HEADER as REQUEST_ID
from services.common.secret_files import load_or_create_secret
from services.posts.app import create_app
from services.posts.settings import PostsSettings
from services.posts.tables import posts
from tests.recorder import Recorder, SwitchableTransport

_PATHS: Final = 100
_EDITOR: Final = Principal("operator", frozenset({"posts:read-drafts"}))


@dataclass(frozen=True, slots=True)
class Service:
    client: httpx.AsyncClient
    database: Database
    recorder: Recorder
    known: Known


@dataclass(slots=True)
class Costs:
    """Of one kind of request on one archive."""

    queries: int = 0
    items: float = 0
    seconds: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        return sorted(self.seconds)[min(int(len(self.seconds) * share), len(self.seconds) - 1)] * 1_000


@asynccontextmanager
async def services(urls: Sequence[str], secrets: Path) -> AsyncIterator[list[Service]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_service(url, secrets)) for url in urls]


@asynccontextmanager
async def _service(url: str, secrets: Path) -> AsyncIterator[Service]:
    settings = PostsSettings.load(posts_database_url=url, secrets=secrets, log_level="error")
    secret = load_or_create_secret(secrets, "gateway")
    headers = caller_headers("gateway", secret) | principal_headers(_EDITOR) | {REQUEST_ID: "0" * 16}
    async with started(create_app(settings)) as app:
        recorder = Recorder()
        transport = SwitchableTransport("posts", InProcessTransport(app.app, app.state), recorder)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://posts", headers=headers, timeout=60
        ) as client:
            database = app.state["database"]
            for engine in database.engines():
                recorder.listen_to("posts", engine)
            yield Service(client, database, recorder, await _known(client, database))


async def _known(client: httpx.AsyncClient, database: Database) -> Known:
    first = (await client.get("/articles", params={"limit": LIMIT})).json()
    async with database.read() as reads:
        newest = (await reads.execute(select(posts.c.source_id).order_by(posts.c.id.desc()).limit(1))).scalar_one()
        size, rng = int(newest) + 1, random.Random(SEED)
        live = [n for n in range(size) if not content.is_draft(n)]
        asked = [content.post_id(n) for n in rng.sample(live, _PATHS)]
        paths = (await reads.execute(select(posts.c.path).where(posts.c.id.in_(asked)))).scalars().all()
    former = [path for n in range(size) if (path := content.former_path(n))]
    return Known(paths, rng.sample(former, min(_PATHS, len(former))), first["next_cursor"])


async def measure(services: Sequence[Service], kind: Kind, rounds: int) -> list[Costs]:
    """One entry for each service."""
    urls = [kind.of(service.known) for service in services]
    costs = [Costs() for _ in services]
    for service, own, cost in zip(services, urls, costs, strict=True):
        await _warm_up(service, own, cost)
    gc.collect()
    gc.disable()  # else what one request leaves behind is cleared away in the time of another
    try:
        for at in range(rounds):
            for turn in range(len(services)):
                which = (at + turn) % len(services)
                own = urls[which]
                costs[which].seconds.append(await _timed(services[which], own[at % len(own)]))
    finally:
        gc.enable()
    return costs


async def _timed(service: Service, url: str) -> float:
    started_at = time.perf_counter()
    await service.client.get(url)
    return time.perf_counter() - started_at


async def _warm_up(service: Service, urls: Sequence[str], cost: Costs) -> None:
    queries, items = list[int](), 0
    for url in (*urls, *urls, *urls):
        with service.recorder.recording() as recorded:
            answer = await service.client.get(url)
        assert answer.is_success or answer.is_redirect, f"{url}: {answer.text}"
        queries.append(len(recorded.queries["posts"]))
        items += len(answer.json().get("items", ())) if answer.is_success else 0
    cost.queries = mode(queries)  # now and then the service's own jobs are counted as well
    cost.items = items / len(queries)
