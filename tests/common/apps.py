"""The smallest service around a router: the middleware and handlers of the real ones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from services.common.access_lines import AccessEvents
from services.common.app import FrontedApp, build_app
from services.common.in_process import InProcessTransport
from services.common.request_times import RequestTimes


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    yield {}


def app_of(router: APIRouter | None = None, **options: Any) -> FrontedApp:
    times = RequestTimes("test")
    return build_app(
        access_log=AccessEvents("test"), times=times, lifespan=_nothing, routers=[router] if router else [], **options
    )


def client_of(router: APIRouter, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcessTransport(app_of(router, **options)), base_url="http://service")
