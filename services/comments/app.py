"""Builds the comments service: its database, its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from services.comments.commands.address_hashes import AddressHashes
from services.comments.commands.quotas import Limits
from services.comments.deps import Tokens
from services.comments.jobs import jobs
from services.comments.mailer import Mailer
from services.comments.posts_service import connect
from services.comments.queries.blocks import KnownBlocks
from services.comments.routes import (
    blocks,
    export,
    import_lines,
    imports,
    moderation,
    newest,
    own,
    rebuild,
    subscriptions,
    threads,
    votes,
    writing,
)
from services.comments.settings import CommentsSettings
from services.comments.tables import changes
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
from services.common.outgoing import Transports
from services.common.quotas import parse_quotas
from services.common.request_times import RequestTimes
from services.common.secret_files import load_or_create_secret

# Of comments that come together: twice 64 KiB for each of 32, where all of it has to be escaped, and as much again.
MAX_BYTES = {"/import/": 32 * 1024 * 1024, "/comments": 8 * 1024 * 1024}
MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(
    settings: CommentsSettings,
    clock: Clock = utc_now,
    transports: Transports | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """`transports` are by service name; without one of its own, posts is reached over sockets.

    `metrics` are told together with those of others in this process.
    """
    metrics, times, runs = metrics or Metrics(), RequestTimes("comments"), JobRuns("comments")
    metrics.add(times.families)
    metrics.add(runs.families)
    secret = load_or_create_secret(settings.secrets, "gateway")
    address_secret = load_or_create_secret(settings.secrets, "comment-addresses")
    token_secret = load_or_create_secret(settings.secrets, "comment-tokens")
    voters_key = load_or_create_secret(settings.secrets, "comment-voters")
    of_readers = (newest, own, subscriptions, votes)
    of_editors = (blocks, import_lines, imports, moderation, export, rebuild)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        database = await open_database(settings.comments_database_url)
        posts = connect(settings, (transports or {}).get("posts"))
        server = settings.mail_server()
        mailer = None if server is None else Mailer(database, posts, clock, server, token_secret)
        try:
            await migrate(database, MIGRATIONS)
            with metrics.telling(database_families("comments", database)):
                async with jobs(database, posts, clock, runs, mailer):
                    yield {
                        "database": database,
                        "posts": posts,
                        "ids": IdSource(clock),
                        "clock": clock,
                        "is_filtered": settings.comment_filter,
                        "limits": Limits(parse_quotas(settings.comment_quota), parse_quotas(settings.article_quota)),
                        "address_hashes": AddressHashes(database, address_secret),
                        "tokens": Tokens(token_secret, timedelta(minutes=settings.comment_edit_minutes)),
                        "notifies": server is not None,
                        "token_secret": token_secret,
                        "known_blocks": KnownBlocks(),
                        "voters_key": voters_key,
                    }
        finally:
            await posts.close()
            await database.close()

    return build_app(
        access_log=access_log_of("comments", settings),
        times=times,
        lifespan=lifespan,
        hot=[
            *hot_routes({**threads.HOT, **change_routes(changes)}),
            *hot_routes(writing.HOT, method="POST"),
        ],
        routers=[
            health_router(lambda request: {"database": request.state.database.ping}),
            metrics_router(metrics, settings.secrets),
            *(resource.router for resource in (*of_readers, *of_editors)),
        ],
        middleware=[Middleware(OnlyCallers, secrets={"gateway": secret})],
        max_bytes=MAX_BYTES,
        trust_caller=True,
        title="Dateline comments",
        openapi_url=None,
    )
