"""Builds a service's app: the order of its middleware is the order of one list."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from services.common.abandoned import StopAbandoned
from services.common.access_lines import AccessLog
from services.common.body_limits import BodyLimits, Trust, brings_authorization
from services.common.bugs import CatchBugs
from services.common.noted_requests import NotedRequests
from services.common.problem_handlers import Answer, install_problem_handlers, plain_answer
from services.common.request_id import RequestId
from services.common.request_times import RequestTimes


class FrontedApp(FastAPI):
    """An app that something before it may answer for; `inside` goes past that."""

    front: Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]] | None = None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        return (self.front or self.inside)(scope, receive, send)

    async def inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)


_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
"""FastAPI asks before every request whether somebody listens; what services measure is at `/metrics`."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[dict[str, Any]]]


def build_app(
    *,
    access_log: AccessLog | None,
    times: RequestTimes,
    lifespan: Lifespan,
    routers: Sequence[APIRouter],
    hot: Sequence[BaseRoute] = (),
    middleware: Sequence[Middleware] = (),
    max_bytes: Mapping[str, int] | None = None,
    trust_caller: bool = False,
    may_send_more: Trust = brings_authorization,
    answer: Answer = plain_answer,
    **options: Any,
) -> FrontedApp:
    """An app with logs, request ids, body limits and problem answers.

    `hot` routes are looked at before those of `routers`; `max_bytes` limits bodies by the beginning of the path;
    `options` are FastAPI's own.
    """
    app = FrontedApp(
        lifespan=lifespan if access_log is None else _flushing(access_log, lifespan),
        middleware=[
            Middleware(RequestId, trust_caller=trust_caller),
            Middleware(NotedRequests, log=access_log, times=times),
            Middleware(StopAbandoned),
            *middleware,
            Middleware(CatchBugs, answer=answer),
            Middleware(BodyLimits, max_bytes=max_bytes, may_send_more=may_send_more, answer=answer),
        ],
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
        **options,
    )
    install_problem_handlers(app, answer)
    app.router.routes.extend(hot)
    for router in routers:
        app.include_router(router)
    return app


def _flushing(access_log: AccessLog, lifespan: Lifespan) -> Lifespan:
    @asynccontextmanager
    async def flushing(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with lifespan(app) as state:
            try:
                yield state
            finally:
                access_log.flush()

    return flushing
