"""Puts the page cache before the gateway, as long as it runs and follows what changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from services.common.access_lines import AccessLog
from services.common.app import FrontedApp
from services.common.job_runs import JobRuns
from services.common.metrics import Metrics
from services.common.outgoing import Transports
from services.common.repeated import repeated
from services.gateway.cache.caching_headers import CachingHeaders
from services.gateway.cache.page_cache import PageCache
from services.gateway.cache.store import Store
from services.gateway.cache.takedowns import Takedowns
from services.gateway.evict.following import following
from services.gateway.measures import store_families
from services.gateway.settings import GatewaySettings

_MB = 1024 * 1024
_LOOK_EVERY_S = 0.2


@asynccontextmanager
async def cached(
    app: FrontedApp,
    settings: GatewaySettings,
    transports: Transports,
    access_log: AccessLog | None,
    metrics: Metrics,
) -> AsyncIterator[Store | None]:
    """The store, or None where nothing is to be kept."""
    if not settings.cache_mb:
        yield None
        return
    store = Store(settings.cache_mb * _MB, ("posts", "comments"))
    runs = JobRuns("gateway")
    takedowns = Takedowns(settings.takedowns, store)
    cache = PageCache(
        app.inside,
        store,
        host=urlsplit(settings.public_url).netloc.encode(),
        caching=CachingHeaders(settings.shared_cache_s),
        takedowns=takedowns,
        access_log=access_log,
    )

    async def look() -> int:
        takedowns.catch_up()
        return 0

    with metrics.telling(runs.families), metrics.telling(store_families(store)):
        async with (
            following(settings, transports, store, runs) as cache.catch_up,
            repeated("reading takedowns", look, _LOOK_EVERY_S, runs),
        ):
            app.front = cache
            try:
                yield store
            finally:
                app.front = None
