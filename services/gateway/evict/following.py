"""Follows both services as long as the gateway runs."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

from services.common.callers import caller_headers
from services.common.followed import FollowedService
from services.common.job_runs import JobRuns
from services.common.outgoing import Transports
from services.common.repeated import repeated
from services.common.secret_files import load_or_create_secret
from services.common.sender import sender_to
from services.gateway.cache.page_cache import CatchUp
from services.gateway.cache.store import Store
from services.gateway.evict.follower import Follower
from services.gateway.evict.related_places import evicted_by
from services.gateway.settings import GatewaySettings

FOLLOW_EVERY_S: Final = 0.05
SWEEP_EVERY_S: Final = 30.0


@asynccontextmanager
async def following(
    settings: GatewaySettings, transports: Transports, store: Store, runs: JobRuns
) -> AsyncIterator[CatchUp]:
    """Yields what evicts all that services changed until now."""
    headers = caller_headers("gateway", load_or_create_secret(settings.secrets, "gateway"))
    followers: dict[str, Follower] = {}
    async with AsyncExitStack() as running:
        for name, url in (("posts", settings.posts_url), ("comments", settings.comments_url)):
            feed = FollowedService(sender_to(url, headers, transports.get(name)))
            running.push_async_callback(feed.close)
            evicted = partial(evicted_by, related_shown=settings.related_shown)
            followers[name] = follower = Follower(name, feed, store, evicted)
            await running.enter_async_context(repeated(f"following {name}", follower.follow, FOLLOW_EVERY_S, runs))
            await running.enter_async_context(repeated(f"sweeping {name}", follower.sweep, SWEEP_EVERY_S, runs))

        async def catch_up(services: Collection[str]) -> None:
            await asyncio.gather(*(followers[name].catch_up() for name in services))

        yield catch_up
