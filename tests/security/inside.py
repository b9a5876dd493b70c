"""Ways into a running stack that no caller has, for controls and for what tables hold."""

from typing import Any, Final

import httpx
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import MetaData, select
from starlette.routing import Route

from services.cli.started import StartedApp
from services.comments.tables import metadata as comments_metadata
from services.common.database import Database
from services.common.in_process import InProcessTransport
from services.posts.tables import metadata as posts_metadata
from tests.stack import PUBLIC_URL, Stack

METADATA: Final = {"posts": posts_metadata, "comments": comments_metadata}


def service_of(stack: Stack, name: str) -> StartedApp:
    """A service behind the gateway, without the gateway."""
    inner = stack.upstreams[name]._inner
    assert isinstance(inner, InProcessTransport)
    return StartedApp(inner._app, inner._state)  # type: ignore[arg-type]  # it is the FastAPI app


def routes_of(app: StartedApp) -> list[tuple[str, str]]:
    """What a service serves, its health checks left out; it publishes no description, so one is made here."""
    paths: dict[str, dict[str, Any]] = get_openapi(title="t", version="1", routes=app.app.routes)["paths"]
    hot = [
        (*(route.methods or ()), route.path)
        for route in app.app.routes
        if isinstance(route, Route) and not isinstance(route, APIRoute)
    ]
    return hot + [
        (method.upper(), path)
        for path, operations in paths.items()
        for method in operations
        if path not in {"/livez", "/readyz"}
    ]


def client_of(app: StartedApp, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcessTransport(app.app, app.state), base_url=PUBLIC_URL, headers=headers)


def gateway_secret(stack: Stack) -> str:
    """What the gateway proves itself by."""
    secret: str = (stack.gateway.state["composer"].settings.secrets / "gateway").read_text("ascii")
    return secret


def database_of(stack: Stack, name: str) -> Database:
    database: Database = service_of(stack, name).state["database"]
    return database


async def everything_stored(stack: Stack, name: str) -> dict[str, list[str]]:
    """Every row of every table of a service as text, by table."""
    metadata: MetaData = METADATA[name]
    async with database_of(stack, name).read() as reads:
        return {
            table.name: [repr(tuple(row)) for row in (await reads.execute(select(table))).all()]
            for table in metadata.sorted_tables
        }


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(html)


def without_request_id(text: str, request_id: str) -> str:
    return text.replace(request_id, "REQUEST-ID")


def leaves(body: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where a JSON body holds strings."""
    if isinstance(body, dict):
        return [leaf for name, value in body.items() for leaf in leaves(value, (*path, name))]
    if isinstance(body, list):
        return [leaf for at, value in enumerate(body) for leaf in leaves(value, (*path, at))]
    return [path] if isinstance(body, str) else []


def replaced(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The body with another value at a path."""
    if not path:
        return value
    step, *rest = path
    if isinstance(body, list):
        return [replaced(one, tuple(rest), value) if at == step else one for at, one in enumerate(body)]
    return {name: replaced(one, tuple(rest), value) if name == step else one for name, one in body.items()}
