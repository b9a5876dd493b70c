"""Routes that are asked for with every page: found before all others, and without what FastAPI does for the rest."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, Self

import msgspec
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response
from starlette.routing import Route

Endpoint = Callable[[Request], Awaitable[Response]]
Check = Callable[[Request], Awaitable[None]]


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
        try:
            return cls.model_validate(given | request.path_params)
        except ValidationError as exc:
            errors = [{**error, "loc": ("query", *error["loc"])} for error in exc.errors()]
            raise RequestValidationError(errors) from exc


def hot_routes(endpoints: Mapping[str, Endpoint], check: Check | None = None) -> list[Route]:
    """GET routes by path; `check` lets callers in, without it everybody is."""
    return [
        _route(path, endpoint if check is None else _checked(endpoint, check)) for path, endpoint in endpoints.items()
    ]


def _route(path: str, endpoint: Endpoint) -> Route:
    route = Route(path, endpoint)
    route.methods = {"GET"}  # as FastAPI has it; where HEAD is taken it has become GET before
    return route


def _checked(endpoint: Endpoint, check: Check) -> Endpoint:
    async def checked(request: Request) -> Response:
        await check(request)
        return await endpoint(request)

    return checked


def json_answer(content: BaseModel | dict[str, Any]) -> Response:
    """Models are taken for checked: nothing that they hold is looked at again."""
    if isinstance(content, BaseModel):
        return Response(content.__pydantic_serializer__.to_json(content), media_type="application/json")
    return Response(msgspec.json.encode(content), media_type="application/json")
