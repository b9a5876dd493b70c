"""Builds a service's app: the order of its middleware is the order of one list."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol, cast

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.abandoned import StopAbandoned
from services.common.access_lines import AccessLog
from services.common.body_limits import BodyLimits, Trust, brings_authorization
from services.common.bugs import CatchBugs
from services.common.early import Early
from services.common.hot_routes import HotRoute, HotRoutes
from services.common.noted_requests import NotedRequests
from services.common.problem_handlers import Answer, install_problem_handlers, plain_answer
from services.common.request_times import RequestTimes
from services.common.whole_answers import WholeAnswers


class Front(Protocol):
    """Something before an app that may answer as well."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def may_answer(self, path: str, query: bytes) -> bool:
        """Whether it may do so without what stands behind it, which is too busy."""


class FrontedApp(FastAPI):
    """FastAPI behind layers of its own middleware for requests, the innermost of which answers hot routes.

    `inside` goes past its front. `early` is for its server to ask before all that.
    """

    front: Front | None = None
    early: Early | None = None
    layers: Sequence[Middleware] = ()
    _layered: ASGIApp

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        answers = self.front or self.inside
        return cast("Coroutine[Any, Any, None]", answers(scope, receive, send))

    def inside(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http":
            return super().__call__(scope, receive, send)
        scope["app"] = self
        if self.middleware_stack is None:
            self.middleware_stack = self.build_middleware_stack()
        return self._layered(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """FastAPI's own, and the layers before it. Once for each start."""
        own = self._layered = super().build_middleware_stack()
        for layer in reversed(self.layers):
            self._layered = layer.cls(self._layered, *layer.args, **layer.kwargs)
        return own


_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
"""FastAPI asks before every request whether somebody listens; what services measure is at `/metrics`."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[dict[str, Any]]]


def build_app(
    *,
    access_log: AccessLog | None,
    times: RequestTimes,
    lifespan: Lifespan,
    routers: Sequence[APIRouter],
    hot: Sequence[HotRoute] = (),
    first: Sequence[Middleware] = (),
    middleware: Sequence[Middleware] = (),
    max_bytes: Mapping[str, int] | None = None,
    trust_caller: bool = False,
    may_send_more: Trust = brings_authorization,
    answer: Answer = plain_answer,
    **options: Any,
) -> FrontedApp:
    """An app with logs, request ids, body limits and problem answers.

    `first` goes before ids are given and requests are noted, `middleware` after. `hot` routes are looked at before
    those of `routers`; `max_bytes` limits bodies by the beginning of the path;
    `options` are FastAPI's own.
    """
    app = FrontedApp(
        lifespan=lifespan if access_log is None else _flushing(access_log, lifespan),
        middleware=[Middleware(CatchBugs, answer=answer)],
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
        **options,
    )
    app.layers = [
        Middleware(WholeAnswers),
        *first,
        Middleware(NotedRequests, log=access_log, times=times, trust_caller=trust_caller),
        Middleware(StopAbandoned),
        *middleware,
        Middleware(BodyLimits, max_bytes=max_bytes, may_send_more=may_send_more, answer=answer),
        Middleware(HotRoutes, routes=hot, answer=answer),
    ]
    install_problem_handlers(app, answer)
    app.router.routes.extend(hot)  # for other methods at their paths
    for router in routers:
        add_routes(app, router)
    return app


def add_routes(app: FastAPI, router: APIRouter) -> None:
    """As they are: to include a router is to make each of its routes anew, which takes a tenth of a start."""
    app.router.routes.extend(router.routes)


def _flushing(access_log: AccessLog, lifespan: Lifespan) -> Lifespan:
    @asynccontextmanager
    async def flushing(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with lifespan(app) as state:
            try:
                yield state
            finally:
                access_log.flush()

    return flushing
