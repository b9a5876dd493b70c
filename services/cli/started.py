"""An app that runs: its lifespan has begun."""

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from msgspec import Struct
from starlette.types import Receive, Scope, Send

from services.common.early import Early, early_of


class StartedApp(Struct, frozen=True):
    """An app whose lifespan has begun, with the state that it yielded for its requests."""

    app: FastAPI
    state: dict[str, Any]

    @property
    def early(self) -> Early | None:
        return early_of(self.app)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Returns the app's own coroutine: one more around it is felt by ten thousands of cached pages a second."""
        scope.setdefault("state", {}).update(self.state)
        return self.app(scope, receive, send)


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[StartedApp]:
    app.middleware_stack = None  # made anew: what the one before waits with belongs to its event loop
    async with app.router.lifespan_context(app) as state:
        yield StartedApp(app, dict(state or {}))
