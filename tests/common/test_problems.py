"""Errors are problems of RFC 9457: their members, their places in the body, and nothing of what was sent."""

import json
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.common import problems
from services.common.problem_handlers import MEDIA_TYPE, from_status, from_validation, problem_response
from services.common.problems import Invalid, NotFound, Problem, Unauthorized, Unavailable
from tests.common.apps import client_of

router = APIRouter()
SECRET = "Zq9-secret-input"
FAMILY = [kind for kind in problems.family() if kind.__module__ == problems.__name__]


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int = Field(alias="a/b~c")


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    items: list[Inner] = []
    kind: str = Field("x", pattern="^x$")


@router.post("/things")
async def post_thing(thing: Outer, limit: Annotated[int, Query(le=100)] = 1) -> int:
    return limit + len(thing.items)


@router.get("/missing")
async def missing() -> None:
    raise NotFound("No such thing.", headers={"X-Told": "yes"}, looked_for="a thing")


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.slug)
def test_every_problem_has_its_members(kind: type[Problem]) -> None:
    problem = kind([]) if issubclass(kind, Invalid) else kind("Because.")
    members = problem.members()
    assert members["type"] == f"urn:dateline:problem:{kind.slug}"
    assert members["title"] == kind.title
    assert members["status"] == kind.status
    assert 400 <= kind.status < 600
    assert members.get("detail") == (None if issubclass(kind, Invalid) else "Because.")
    answer = problem_response(problem)
    assert (answer.status_code, answer.media_type) == (kind.status, MEDIA_TYPE)
    assert set(json.loads(bytes(answer.body))) == {*members, "request_id"}


def test_problems_statuses_and_slugs_are_one_each() -> None:
    assert len({kind.status for kind in FAMILY}) == len({kind.slug for kind in FAMILY}) == len(FAMILY) == 16


def test_problems_that_owe_a_header_send_it() -> None:
    assert Unauthorized().headers == {"WWW-Authenticate": "Bearer"}
    assert Unavailable(retry_after_s=7).headers == {"Retry-After": "7"}


async def test_raised_problem_is_the_answer() -> None:
    async with client_of(router) as client:
        answer = await client.get("/missing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)
    assert answer.headers["x-told"] == "yes"
    assert answer.json() == {
        "type": "urn:dateline:problem:not-found",
        "title": "There is nothing here",
        "status": 404,
        "detail": "No such thing.",
        "looked_for": "a thing",
        "request_id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize(
    ("body", "query", "places"),
    [
        ({"kind": SECRET}, "", [{"pointer": "/kind"}]),
        ({"items": [{"a/b~c": 1}, {"a/b~c": SECRET}]}, "", [{"pointer": "/items/1/a~1b~0c"}]),
        ({"items": [{}]}, "", [{"pointer": "/items/0/a~1b~0c"}]),
        ([SECRET], "", [{"pointer": ""}]),
        ({"extra/~": SECRET}, "", [{"pointer": "/extra~1~0"}]),
        ({}, f"?limit={SECRET}", [{"parameter": "limit"}]),
        ({}, "?limit=101", [{"parameter": "limit"}]),
        ({"kind": SECRET}, "?limit=0x", [{"parameter": "limit"}, {"pointer": "/kind"}]),
    ],
)
async def test_invalid_names_the_place_and_not_the_value(body: Any, query: str, places: list[dict[str, str]]) -> None:
    async with client_of(router) as client:
        answer = await client.post(f"/things{query}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    errors = answer.json()["errors"]
    assert [{name: error[name] for name in error if name != "detail"} for error in errors] == places
    assert all(error["detail"] for error in errors)
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 422),
        (b"\xff\xfe", 400),
        (b'{"kind": NaN}', 422),
        (b'{"items": [{"a/b~c": Infinity}]}', 422),
        (b'{"kind": "\\ud800"}', 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"kind": ' + b"[" * 30_000, 400),
        (b'{"kind": ' + b"9" * 20_000 + b"}", 400),
        (b"null", 422),
    ],
    ids=lambda value: repr(value)[:30],
)
async def test_hostile_json_is_the_callers_mistake(body: bytes, status: int) -> None:
    async with client_of(router) as client:
        answer = await client.post("/things", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/things", 405)])
async def test_frameworks_own_errors_are_problems(method: str, path: str, status: int) -> None:
    async with client_of(router) as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)


@pytest.mark.parametrize(
    ("status", "slug"), [(418, "bad-request"), (422, "invalid"), (502, "internal-error"), (503, "unavailable")]
)
def test_any_status_has_a_problem(status: int, slug: str) -> None:
    assert from_status(status, {"X-Kept": "1"}).slug == slug
    assert from_status(status, {"X-Kept": "1"}).headers["X-Kept"] == "1"


def test_own_validators_speak_without_a_prefix() -> None:
    problem = from_validation(
        [{"type": "value_error", "loc": ("body", "at"), "msg": "Value error, not a time", "input": SECRET}]
    )
    assert problem.extensions["errors"] == [{"pointer": "/at", "detail": "not a time"}]
