"""Routes of every page and every comment: found before all others, and without what FastAPI does for the rest."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Self, TypeVar

import msgspec
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

Endpoint = Callable[[Request], Awaitable[Response]]
Check = Callable[[Request], Awaitable[None]]
M = TypeVar("M", bound=BaseModel)


class Asked(BaseModel):
    """What is asked for by the path and the query."""

    model_config = ConfigDict(frozen=True)
    repeated: ClassVar[frozenset[str]] = frozenset()
    """Parameters of which there may be several."""

    @classmethod
    def of(cls, request: Request) -> Self:
        """Raises RequestValidationError."""
        query = request.query_params
        given: dict[str, Any] = {
            name: query.getlist(name) if name in cls.repeated else value for name, value in query.items()
        }
        with _refusing("query"):
            return cls.model_validate(given | request.path_params)


async def body_of(request: Request, kind: type[M]) -> M:
    """JSON of a kind. Raises RequestValidationError."""
    with _refusing("body"):
        return kind.model_validate_json(await request.body())


@contextmanager
def _refusing(part: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as exc:
        errors = [{**error, "loc": (part, *error["loc"])} for error in exc.errors()]
        raise RequestValidationError(errors) from exc


def hot_routes(endpoints: Mapping[str, Endpoint], check: Check | None = None, *, method: str = "GET") -> list[Route]:
    """By path; `check` lets callers in, without it everybody is."""
    return [
        _route(path, endpoint if check is None else _checked(endpoint, check), method)
        for path, endpoint in endpoints.items()
    ]


class _HotRoute(Route):
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leaves itself in the scope, as FastAPI's routes do."""
        match, found = super().matches(scope)
        return match, {**found, "route": self} if match is Match.FULL else found


def _route(path: str, endpoint: Endpoint, method: str) -> Route:
    route = _HotRoute(path, endpoint)
    route.methods = {method}  # as FastAPI has it; where HEAD is taken it has become GET before
    return route


def _checked(endpoint: Endpoint, check: Check) -> Endpoint:
    async def checked(request: Request) -> Response:
        await check(request)
        return await endpoint(request)

    return checked


def json_answer(
    content: BaseModel | dict[str, Any], status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Models are taken for checked: nothing that they hold is looked at again."""
    if isinstance(content, BaseModel):
        body = content.__pydantic_serializer__.to_json(content, by_alias=True)
    else:
        body = msgspec.json.encode(content)
    return Response(body, status_code, headers, media_type="application/json")
