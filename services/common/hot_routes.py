"""Routes of every page and every comment: found before all others, and without what FastAPI does for the rest."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache
from typing import Any, Self, TypeVar

import msgspec
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.bugs import problem_or_bug
from services.common.parameters import given_by
from services.common.problem_handlers import Answer

Endpoint = Callable[[Request], Awaitable[Response]]
M = TypeVar("M", bound=BaseModel)
A = TypeVar("A", bound="Asked")


class Asked(BaseModel):
    """What readers and programs ask for by the path and the query, each parameter once; FastAPI documents it."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def of(cls, request: Request) -> Self:
        """Raises RequestValidationError."""
        query = request.scope["query_string"].decode("latin-1")
        try:
            if not query and cls.__pydantic_fields__.keys().isdisjoint(request.path_params):
                nothing: Self = _nothing_asked(cls)
                return nothing
            return cls.model_validate(given_by(query) | request.path_params if query else request.path_params)
        except ValidationError as exc:
            raise _refusal("query", exc) from exc


@cache
def _nothing_asked(kind: type[A]) -> A:
    """The same each time, as nobody can change it."""
    return kind.model_validate({})


async def whole_body(request: Request) -> bytes:
    """To be called once, instead of `Request.body`: of what comes in one piece that makes a stream first.

    Raises ClientDisconnect.
    """
    message = await request.receive()
    pieces: list[bytes] = [message.get("body", b"")]
    while message.get("more_body", False):
        message = await request.receive()
        pieces.append(message.get("body", b""))
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return b"".join(pieces)


def model_of(body: bytes, kind: type[M]) -> M:
    """JSON of a kind. Raises RequestValidationError."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as exc:
        raise _refusal("body", exc) from exc


def _refusal(part: str, exc: ValidationError) -> RequestValidationError:
    return RequestValidationError([{**error, "loc": (part, *error["loc"])} for error in exc.errors()])


class HotRoute(Route):
    """Known to the router as well, for other methods at its path."""

    def __init__(self, path: str, endpoint: Endpoint, method: str) -> None:
        super().__init__(path, endpoint)
        self.answers = endpoint
        self.methods = {method}  # as FastAPI has it; where HEAD is taken it has become GET before

    def asked_at(self, path: str) -> dict[str, Any] | None:
        """The parameters in the path; None for a path that is not its own."""
        found = self.path_regex.match(path)
        if found is None:
            return None
        return {name: self.param_convertors[name].convert(value) for name, value in found.groupdict().items()}


class HotRoutes:
    """Answers hot routes, and hands on whatever is not one."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[HotRoute], answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._by_method: defaultdict[str, list[HotRoute]] = defaultdict(list)
        for route in routes:
            for method in route.methods or ():
                self._by_method[method].append(route)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        for route in self._by_method.get(scope["method"], ()):
            if (parameters := route.asked_at(scope["path"])) is not None:
                scope["route"], scope["path_params"] = route, parameters
                return self._answered(route, scope, receive, send)
        return self._app(scope, receive, send)

    async def _answered(self, route: HotRoute, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await route.answers(request)
        except Exception as exc:  # noqa: BLE001 as FastAPI's handlers and CatchBugs do for other routes
            response = self._answer(request, problem_or_bug(exc, scope["path"]))
        await response(scope, receive, send)


def hot_routes(endpoints: Mapping[str, Endpoint], *, method: str = "GET") -> list[HotRoute]:
    """By path."""
    return [HotRoute(path, endpoint, method) for path, endpoint in endpoints.items()]


def json_answer(content: object, status_code: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Of a model, a dataclass or a mapping. They are taken for checked: nothing that they hold is looked at again."""
    if isinstance(content, BaseModel):
        body = content.__pydantic_serializer__.to_json(content, by_alias=True)
    else:
        body = msgspec.json.encode(content)
    return _Json(body, status_code, headers)


class _Json(Response):
    """Has the headers that Response would find out for each one anew."""

    def __init__(self, body: bytes, status_code: int, headers: Mapping[str, str] | None) -> None:
        self.status_code, self.body, self.background = status_code, body, None
        self.raw_headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"application/json")]
        for name, value in (headers or {}).items():
            self.raw_headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
