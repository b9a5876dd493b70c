"""Builds a service's app: the order of its middleware is the order of one list."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from services.common.body_limits import BodyLimits
from services.common.bugs import CatchBugs
from services.common.logs import AccessLog
from services.common.problem_handlers import ProblemPage, answer_with, install_problem_handlers
from services.common.request_id import RequestId

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[dict[str, Any]]]
DEFAULT_MAX_BODY: Final = 64 * 1024


def build_app(
    *,
    service: str,
    lifespan: Lifespan,
    routers: Sequence[APIRouter],
    middleware: Sequence[Middleware] = (),
    trust_caller: bool = False,
    problem_page: ProblemPage | None = None,
    **options: Any,
) -> FastAPI:
    """An app with logs, request ids, body limits and problem answers; `options` are FastAPI's own."""
    answer = answer_with(problem_page)
    app = FastAPI(
        lifespan=lifespan,
        middleware=[
            Middleware(RequestId, trust_caller=trust_caller),
            Middleware(AccessLog, service=service),
            *middleware,
            Middleware(CatchBugs, answer=answer),
            Middleware(BodyLimits),
        ],
        max_body_size=DEFAULT_MAX_BODY,
        redirect_slashes=False,
        **options,
    )
    install_problem_handlers(app, answer)
    for router in routers:
        app.include_router(router)
    return app
