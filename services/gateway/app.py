"""Builds the gateway: the only app that readers and programs reach."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from services.common.access_lines import access_log_of
from services.common.app import add_routes, build_app
from services.common.health import health_router
from services.common.hot_routes import hot_routes
from services.common.logs import set_up_logs
from services.common.metrics import Metrics
from services.common.metrics_route import metrics_router
from services.common.outgoing import Transports
from services.common.problem_handlers import answer_with
from services.common.problems import Problem
from services.common.request_times import RequestTimes
from services.common.secret_files import load_or_create_secret
from services.gateway.admission import Admission, Gates
from services.gateway.api import (
    articles,
    authors,
    blocks,
    blog,
    comments,
    export,
    import_lines,
    imports,
    keys,
    labels,
    moderation,
    newest_comments,
    posts,
    publishing,
    rebuild,
    related,
    revisions,
    votes,
)
from services.gateway.api import own_comments as own_comments_api
from services.gateway.blog_host import BlogHost
from services.gateway.cache.facts import Facts
from services.gateway.calls.deadline import RequestDeadline
from services.gateway.calls.guard import MOST_CALLS
from services.gateway.client_address import TrustedProxies
from services.gateway.compose.articles import Composer
from services.gateway.early_refusals import EarlyRefusals
from services.gateway.evict.cached import cached
from services.gateway.feeds import comments as comments_feeds
from services.gateway.feeds import posts as posts_feeds
from services.gateway.forward import Forwarder
from services.gateway.forward_comments import CommentForwarder
from services.gateway.head_requests import HeadAsGet
from services.gateway.hosts import AllowedHosts
from services.gateway.measures import refused_families, upstream_families
from services.gateway.openapi import describe
from services.gateway.operator_key import operator_key
from services.gateway.pages import articles as article_pages
from services.gateway.pages import comments as comment_forms
from services.gateway.pages import docs, lists, notifications, own_comments, robots
from services.gateway.pages import votes as vote_forms
from services.gateway.pages.form_stamps import FormStamps
from services.gateway.pages.problems import problem_page, wants_html
from services.gateway.pages.renderer import Renderer
from services.gateway.refusals import Refusals
from services.gateway.same_origin import SameOriginWrites
from services.gateway.security_headers import SecurityHeaders
from services.gateway.settings import GatewaySettings
from services.gateway.turned_away import TurnedAway
from services.gateway.upstreams import connect

MAX_BYTES = {"/api/v1/posts": 4 * 1024 * 1024, "/api/v1/import/": 32 * 1024 * 1024}
STATIC = Path(__file__).parent / "static"


def create_app(
    settings: GatewaySettings, transports: Transports | None = None, metrics: Metrics | None = None
) -> FastAPI:
    """`transports` reach services in this process; those not named are reached at their URLs.

    `metrics` are told together with those of others in this process.
    """
    metrics, times, refused = metrics or Metrics(), RequestTimes("gateway"), Counter[str]()
    metrics.add(times.families)
    metrics.add(refused_families(refused))
    renderer = Renderer(settings.public_url, settings.embed_hosts)
    access_log = access_log_of("gateway", settings)
    answer = answer_with(problem_page(renderer))
    gates = Gates(settings.requests_at_once, MOST_CALLS, refused)
    refusals = Refusals(gates, access_log, times)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with AsyncExitStack() as running:
            upstreams = connect(settings, transports or {})
            running.push_async_callback(upstreams.close)
            running.enter_context(metrics.telling(upstream_families(upstreams)))
            store = await running.enter_async_context(cached(app, settings, transports or {}, access_log, metrics))
            yield {
                "composer": Composer(upstreams, settings),
                "forwarder": Forwarder(upstreams, settings, operator_key(settings.secrets)),
                "comment_forwarder": CommentForwarder(upstreams, settings, Facts(store)),
                "form_stamps": FormStamps(load_or_create_secret(settings.secrets, "comment-forms")),
                "renderer": renderer,
                "blog_host": BlogHost(upstreams.posts),
                "trusted_proxies": TrustedProxies(settings.trusted_proxies),
                "checks": {"posts": upstreams.posts.service.ping, "comments": upstreams.comments.service.ping},
            }

    app = build_app(
        access_log=access_log,
        times=times,
        lifespan=lifespan,
        first=[Middleware(TurnedAway, refusals=refusals, wants_page=wants_html)],
        hot=[*hot_routes({**article_pages.HOT, **lists.HOT}), *hot_routes(comments.HOT, method="POST")],
        routers=[
            health_router(lambda request: request.state.checks),
            metrics_router(metrics, settings.secrets),
            *(resource.router for resource in (articles, newest_comments, comments, own_comments_api, votes, blocks)),
            *(resource.router for resource in (moderation, posts, publishing, revisions, labels, authors, blog, keys)),
            *(resource.router for resource in (import_lines, imports, export, rebuild, related, docs)),
            *(resource.router for resource in (comment_forms, vote_forms, notifications, own_comments)),
            *(resource.router for resource in (robots, posts_feeds, comments_feeds, lists)),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Admission, gates=gates, answer=answer),
            Middleware(
                AllowedHosts,
                public_url=settings.public_url,
                more=settings.allowed_hosts,
                is_blogs=is_blogs,
                answer=answer,
            ),
            Middleware(SameOriginWrites, public_url=settings.public_url, answer=answer),
            Middleware(HeadAsGet),
            Middleware(RequestDeadline, seconds=settings.write_timeout_s, longer=_longer(settings)),
        ],
        max_bytes=MAX_BYTES,
        may_send_more=has_a_key,
        answer=answer,
        title="Dateline",
        version=version("dateline"),
        docs_url=None,
        redoc_url=None,
    )
    app.early = EarlyRefusals(app, refusals, wants_html)
    app.router.routes.append(Mount("/static", StaticFiles(directory=STATIC)))
    add_routes(app, article_pages.router)  # last: its path takes everything else
    describe(app)
    return app


def _longer(settings: GatewaySettings) -> dict[str, float]:
    """Batches take their time, and the key that they come with is looked up before."""
    seconds = settings.import_timeout_s + settings.write_timeout_s
    return {"/api/v1/import/": seconds}


async def is_blogs(host: str, scope: Scope) -> bool:
    """Whether the blog's settings name this host."""
    blog_host: BlogHost = scope["state"]["blog_host"]
    return await blog_host.is_(host)


async def has_a_key(request: Request) -> bool:
    """Whether the caller's key is valid, asked before a large body is read."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    forwarder: Forwarder = request.state.forwarder
    try:
        return bool((await forwarder.principal(key)).scopes)
    except Problem:
        return False


def create_app_from_environment() -> FastAPI:
    """For worker processes, which start from nothing but the environment."""
    settings = GatewaySettings.load()
    set_up_logs(settings.log_format, settings.log_level)
    return create_app(settings, metrics=Metrics(worker=str(os.getpid())))
