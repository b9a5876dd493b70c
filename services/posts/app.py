"""Builds the posts service: its database, its job, its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from services.common.access_lines import access_log_of
from services.common.app import build_app
from services.common.change_routes import change_routes
from services.common.clock import Clock, utc_now
from services.common.database_metrics import database_families
from services.common.health import health_router
from services.common.hot_routes import hot_routes
from services.common.ids import IdSource
from services.common.job_runs import JobRuns
from services.common.metrics import Metrics
from services.common.metrics_route import metrics_router
from services.common.migrate import migrate
from services.common.only_callers import OnlyCallers
from services.common.open_database import open_database
from services.common.request_times import RequestTimes
from services.common.secret_files import load_or_create_secret
from services.posts.commands.archive import count_archive_if_missing
from services.posts.domain.bodies import body_policy
from services.posts.jobs import jobs
from services.posts.routes import (
    archive,
    articles,
    authors,
    blog,
    commenting,
    imports,
    keys,
    labels,
    lists,
    live_posts,
    paths,
    posts,
    publishing,
    related,
    related_rules,
    revisions,
)
from services.posts.settings import PostsSettings
from services.posts.tables import changes

MIGRATIONS = Path(__file__).parent / "migrations"
MAX_BYTES = {"/posts": 4 * 1024 * 1024, "/import/": 32 * 1024 * 1024}
"""A post has a million characters at most, each escaped as JSON may escape it."""


def create_app(settings: PostsSettings, clock: Clock = utc_now, metrics: Metrics | None = None) -> FastAPI:
    """`metrics` are told together with those of others in this process."""
    metrics, times, runs = metrics or Metrics(), RequestTimes("posts"), JobRuns("posts")
    metrics.add(times.families)
    metrics.add(runs.families)
    secrets = {"gateway": load_or_create_secret(settings.secrets, "gateway")}
    follower = {"comments": load_or_create_secret(settings.secrets, "comments")}
    of_readers = (archive, lists, live_posts, labels, authors)
    of_writers = (blog, imports, keys, paths, posts, publishing, related, related_rules, revisions)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        database = await open_database(settings.posts_database_url)
        try:
            await migrate(database, MIGRATIONS)
            await database.write(count_archive_if_missing)
            with metrics.telling(database_families("posts", database)):
                async with jobs(database, clock, settings.public_url, runs):
                    yield {
                        "database": database,
                        "ids": IdSource(clock),
                        "clock": clock,
                        "public_url": settings.public_url,
                        "policy": body_policy(frozenset(settings.embed_hosts.split())),
                    }
        finally:
            await database.close()

    return build_app(
        access_log=access_log_of("posts", settings),
        times=times,
        lifespan=lifespan,
        hot=hot_routes({**articles.HOT, **lists.HOT, **change_routes(changes)}),
        routers=[
            health_router(lambda request: {"database": request.state.database.ping}),
            metrics_router(metrics, settings.secrets),
            commenting.router,
            *(resource.router for resource in (*of_readers, *of_writers)),
        ],
        middleware=[
            Middleware(OnlyCallers, secrets=secrets, also={"/changes": follower, "/commenting/": follower}),
        ],
        max_bytes=MAX_BYTES,
        trust_caller=True,
        title="Dateline posts",
        openapi_url=None,
    )
