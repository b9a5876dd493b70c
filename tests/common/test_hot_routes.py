"""Hot routes are answered like others: their problems, their bugs, and other methods at their paths."""

import json
from typing import Annotated, ClassVar

import httpx
import pytest
from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.common.body_limits import MAX_BYTES
from services.common.hot_routes import Asked, Endpoint, hot_routes, json_answer, model_of, whole_body
from services.common.in_process import InProcessTransport
from services.common.logs import set_up_logs
from services.common.parameters import Parameters
from services.common.problems import Conflict, Unauthorized
from tests.common.apps import app_of


class AskedThing(Parameters, frozen=True):
    repeated: ClassVar[frozenset[str]] = frozenset({"tag"})
    number: int
    tag: tuple[str, ...] = ()
    word: str = ""


class AskedByReaders(Asked):
    number: int
    word: Annotated[str, Field(max_length=3)] = ""


class Thing(BaseModel):
    name: str


async def get_thing(request: Request) -> Response:
    return json_answer(AskedThing.of(request))


async def show_thing(request: Request) -> Response:
    return json_answer(AskedByReaders.of(request))


async def put_thing(request: Request) -> Response:
    return json_answer(model_of(await whole_body(request), Thing), 201)


async def conflicting(_request: Request) -> Response:
    raise Conflict("It is there already.")


async def broken(_request: Request) -> Response:
    raise RuntimeError("a secret")


async def closed(_request: Request) -> Response:
    raise Unauthorized


GET: dict[str, Endpoint] = {
    "/things/{number}": get_thing,
    "/shown/{number}": show_thing,
    "/conflict": conflicting,
    "/broken": broken,
    "/closed": closed,
}


def client() -> httpx.AsyncClient:
    hot = [
        *hot_routes(GET),
        *hot_routes({"/things": put_thing}, method="POST"),
    ]
    return httpx.AsyncClient(transport=InProcessTransport(app_of(hot=hot)), base_url="http://service")


async def test_what_is_asked_for_comes_from_path_and_query() -> None:
    async with client() as asked:
        answer = await asked.get("/things/7?tag=a&tag=b%26c&word=x&word=y&unknown=1&number=8")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json() == {"number": 7, "tag": ["a", "b&c"], "word": "y"}
    assert len(answer.headers["X-Request-Id"]) == 16


async def test_readers_ask_by_path_and_query() -> None:
    async with client() as asked:
        answer = await asked.get("/shown/7?word=%C3%A9&word=x%2By&unknown=1")
        assert answer.json() == {"number": 7, "word": "x+y"}
        assert (await asked.get("/shown/7")).json() == {"number": 7, "word": ""}


@pytest.mark.parametrize(
    ("path", "parameter"), [("/things/x", "number"), ("/shown/x", "number"), ("/shown/7?word=long", "word")]
)
async def test_what_is_wrong_is_named(path: str, parameter: str) -> None:
    async with client() as asked:
        answer = await asked.get(path)
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]
    assert "x" not in answer.json()["errors"][0]["detail"].split()


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/things/x", 422, "invalid"),
        ("GET", "/conflict", 409, "conflict"),
        ("GET", "/closed", 401, "unauthorized"),
        ("POST", "/things/7", 405, "method-not-allowed"),
        ("GET", "/things", 405, "method-not-allowed"),
        ("GET", "/nothing", 404, "not-found"),
    ],
)
async def test_problems_are_told(method: str, path: str, status: int, slug: str) -> None:
    async with client() as asked:
        answer = await asked.request(method, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"].endswith(f":{slug}")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


async def test_a_bug_is_logged_and_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json", "info")
    async with client() as asked:
        answer = await asked.get("/broken")
    assert (answer.status_code, answer.json()["title"]) == (500, "Something went wrong here")
    assert "a secret" not in answer.text
    bug, request = map(json.loads, capsys.readouterr().err.splitlines())
    assert "RuntimeError: a secret" in json.dumps(bug)
    assert (bug["path"], request["status"]) == ("/broken", 500)
    assert bug["request_id"] == request["request_id"] == answer.json()["request_id"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"name": "x"}', {}, 201),
        (b'{"name": 1}', {}, 422),
        (b'{"name": ', {}, 400),
        (b"x" * (MAX_BYTES + 1), {}, 413),
        (b"{}", {"Content-Encoding": "gzip"}, 415),
    ],
)
async def test_bodies_have_limits(body: bytes, headers: dict[str, str], status: int) -> None:
    async with client() as asked:
        answer = await asked.post("/things", content=body, headers=headers)
    assert answer.status_code == status, answer.text
