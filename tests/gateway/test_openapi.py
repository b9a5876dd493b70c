"""The API's description: valid, whole, and shown without anything from the network."""

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from openapi_spec_validator import validate

from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from tests.gateway.reading import HTML, parts
from tests.stack import PUBLIC_URL, Stack

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
TAKES_NO_KEY = {"DELETE /api/v1/comments/{comment_id}", "POST /api/v1/comments/{comment_id}/proof"}
"""Writes for which something else is shown."""
TAKES_A_KEY = {
    "PATCH /api/v1/comments/{comment_id}",
    "POST /api/v1/articles/{article_id}/comments",
    "PUT /api/v1/comments/{comment_id}/vote",
    "DELETE /api/v1/comments/{comment_id}/vote",
    "GET /api/v1/articles/{article_id}/related",
    "GET /api/v1/labels",
    "GET /api/v1/authors",
    "GET /api/v1/authors/{author_id}",
}
_OF_EDITORS = ("GET /api/v1/posts", "GET /api/v1/comments", "GET /api/v1/export", "GET /api/v1/related")
FOR_EVERYBODY = {"GET /api/v1/comments/counts", "GET /api/v1/comments/newest"}
Operation = dict[str, Any]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(GatewaySettings.load(public_url=PUBLIC_URL, secrets=tmp_path_factory.mktemp("secrets")))


@pytest.fixture(scope="module")
def operations(app: FastAPI) -> dict[str, Operation]:
    """Every operation by `METHOD /path`."""
    paths = app.openapi()["paths"]
    return {
        f"{method.upper()} {path}": operation
        for path, item in paths.items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_description_is_valid(app: FastAPI) -> None:
    spec = app.openapi()
    validate(spec)
    assert spec["info"]["title"] == "Dateline"
    assert re.fullmatch(r"\d+\.\d+\.\d+", spec["info"]["version"])
    assert set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(spec))) == set(spec["components"]["schemas"])


def test_every_operation_is_named_and_explained(app: FastAPI, operations: dict[str, Operation]) -> None:
    assert len(operations) > 10
    described = {tag["name"] for tag in app.openapi()["tags"]}
    for name, operation in operations.items():
        assert re.fullmatch(r"[a-z]+[A-Za-z]+", operation["operationId"]), name
        assert operation["summary"], name
        assert len(operation["tags"]) >= 1, name
        assert set(operation["tags"]) <= described, name
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(set(ids)) == len(ids)


def test_every_operation_tells_its_problems_with_an_example(operations: dict[str, Operation]) -> None:
    """Health checks have none of their own: what goes wrong is what they tell; nor has a mere redirect."""
    for name, operation in operations.items():
        if operation["tags"] == ["health"] or operation["operationId"] == "getOldFeed":
            continue
        problems = {
            status: content["application/problem+json"]
            for status, response in operation["responses"].items()
            if "application/problem+json" in (content := response.get("content", {}))
        }
        assert "503" in problems, name
        for status, problem in problems.items():
            assert problem["schema"] == {"$ref": "#/components/schemas/ProblemDetails"}
            assert problem["example"]["status"] == int(status)
        assert all(status in problems for status in operation["responses"] if status >= "4"), name


def test_every_body_and_address_has_an_example(app: FastAPI, operations: dict[str, Operation]) -> None:
    schemas = app.openapi()["components"]["schemas"]
    for name, operation in operations.items():
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert "examples" in parameter["schema"] or "examples" in parameter or "example" in parameter, name
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is not None and operation["operationId"] in {"createPost", "createComment"}:
            schema = schemas[body["schema"]["$ref"].rpartition("/")[2]]
            assert "examples" in json.dumps(schema), name


def test_operations_say_whether_they_need_a_key(operations: dict[str, Operation]) -> None:
    """Every write, and what only editors read; a few take a key and need none."""
    for name, operation in operations.items():
        method, _, path = name.partition(" ")
        is_write = path.startswith("/api/v1/") and method != "GET"
        if name in TAKES_A_KEY:
            assert operation["security"] == [{}, {"ApiKey": []}], name
        elif name not in TAKES_NO_KEY | FOR_EVERYBODY and (is_write or name.startswith(_OF_EDITORS)):
            assert operation["security"] == [{"ApiKey": []}], name
        else:
            assert "security" not in operation, name


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_every_public_route_is_described(stack: Stack, operations: dict[str, Operation]) -> None:
    """Asked of the running app: a route that is not described must not answer."""
    described = {name.partition(" ")[2] for name in operations}
    for path in ("/api/v1/articles", "/api/v1/posts", "/livez", "/readyz", "/", "/{path}"):
        assert path in described
    routes = {re.sub(r":\w+}", "}", route.path) for route in api_routes(stack.gateway.app.routes)}
    assert len(routes) > 10
    assert routes - described == {"/docs", "/metrics"}
    assert described - routes == set()


def api_routes(routes: list[Any]) -> list[APIRoute]:
    """Included routers are flattened by this FastAPI or kept, whichever it does."""
    found: list[APIRoute] = []
    for route in routes:
        if isinstance(route, APIRoute):
            found.append(route)
        elif hasattr(route, "original_router"):
            found += api_routes(route.original_router.routes)
    return found


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_docs_need_nothing_from_the_network(stack: Stack) -> None:
    answer = await stack.reader.get("/docs", headers=HTML)
    assert answer.status_code == 200
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    addresses = [
        node.attributes.get("src") or node.attributes.get("href") for node in parts(answer.text, "script, link")
    ]
    assert len(addresses) >= 4
    for address in addresses:
        assert address is not None
        assert address.startswith("/static/")
        asset = await stack.reader.get(address)
        assert asset.status_code == 200
        assert asset.headers["X-Content-Type-Options"] == "nosniff"
        assert asset.content
    assert (await stack.reader.get("/openapi.json")).json()["openapi"].startswith("3.1")
    assert (await stack.reader.get("/redoc")).status_code == 404
