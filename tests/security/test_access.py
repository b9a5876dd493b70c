"""Who may write what: every write route for every caller, in the gateway and again in the service that owns it."""

from typing import Any, Final, get_args

import httpx
import pytest
from fastapi.openapi.utils import get_openapi

from services.common.callers import PRINCIPAL_HEADER, SCOPES_HEADER, Principal, caller_headers
from services.common.in_process import InProcessTransport
from services.posts.domain.tokens import Token
from services.posts.schemas.keys import Scope
from tests.security.bodies import article, body_of, send, write_routes
from tests.security.inside import everything_stored, service_of
from tests.stack import PUBLIC_URL, Stack

SCOPES: Final = get_args(Scope)
NEEDED: Final[dict[str, frozenset[str]]] = {
    "/api/v1/posts": frozenset({"posts:write", "posts:publish"}),
    "/api/v1/keys": frozenset({"keys:admin"}),
    "/api/v1/import/blog": frozenset({"import:run"}),
    "/api/v1/import/posts": frozenset({"import:run"}),
    "/api/v1/import/comments": frozenset({"import:run"}),
    "/api/v1/articles/{article_id}/comments": frozenset(),
    "/articles/{article_id}/comments": frozenset(),
}
"""What a key needs; nothing for what everybody may do."""
INNER: Final[dict[tuple[str, str], tuple[str, frozenset[str]]]] = {
    ("posts", "/posts"): ("/api/v1/posts", frozenset({"posts:write", "posts:publish"})),
    ("posts", "/keys"): ("/api/v1/keys", frozenset({"keys:admin"})),
    ("posts", "/import/blog"): ("/api/v1/import/blog", frozenset({"import:run"})),
    ("posts", "/import/posts"): ("/api/v1/import/posts", frozenset({"import:run"})),
    ("comments", "/import/comments"): ("/api/v1/import/comments", frozenset({"import:run"})),
}
OPEN_TO_THE_GATEWAY: Final = {("posts", "/keys/check"), ("comments", "/threads/{post_id}/comments")}
"""What the gateway asks for readers without a key."""


async def test_every_write_route_for_every_caller(stack: Stack) -> None:
    post_id = await article(stack)
    routes = write_routes(stack.gateway)
    assert set(routes) == set(NEEDED), "a write route needs a row here"
    for route in routes:
        needed, body = NEEDED[route], body_of(route, post_id)
        stored = 303 if not route.startswith("/api/") else 200 if "/import/" in route else 201

        anonymous = await send(stack.reader, route, post_id, body)
        assert anonymous.status_code == (401 if needed else stored), route
        if needed:
            assert anonymous.headers["WWW-Authenticate"].startswith("Bearer")
        for scope in needed:
            lacking = await send(await stack.key(*(set(SCOPES) - {scope})), route, post_id, body)
            assert lacking.status_code == 403, route
            assert scope in lacking.json()["detail"]
        with_scope = await send(await stack.key(*(needed or {"posts:read-drafts"})), route, post_id, _again(body, 1))
        assert with_scope.status_code == stored, (route, with_scope.text)
        operator = await send(stack.operator, route, post_id, _again(body, 2))
        assert operator.status_code == stored, (route, operator.text)


def _again(body: dict[str, Any], number: int) -> dict[str, Any]:
    """A path that no earlier caller took."""
    return body | {"path": f"/2022/01/again-{number}.html"} if "path" in body else body


async def _stored(stack: Stack) -> list[str]:
    tables = [await everything_stored(stack, name) for name in ("posts", "comments")]
    return [row for table in tables for name, rows in table.items() if name != "keys" for row in rows]


async def test_refused_writes_change_nothing(stack: Stack) -> None:
    """The control is the same write with the operator's key."""
    post_id = await article(stack)
    before = await _stored(stack)
    key = await stack.key("posts:read-drafts")
    for route in (route for route in write_routes(stack.gateway) if NEEDED[route]):
        for client in (stack.reader, key):
            assert (await send(client, route, post_id, body_of(route, post_id))).status_code in {401, 403}
    assert await _stored(stack) == before
    assert len((await everything_stored(stack, "posts"))["keys"]) == 1

    assert (await send(stack.operator, "/api/v1/posts", post_id, body_of("/api/v1/posts", post_id))).is_success
    assert await _stored(stack) != before


async def test_keys_that_are_not_valid_are_refused_alike(stack: Stack) -> None:
    made = (await stack.operator.post("/api/v1/keys", json={"scopes": ["posts:write"]})).json()
    key: str = made["key"]
    expired = await stack.operator.post(
        "/api/v1/keys", json={"scopes": ["posts:write"], "expires": "2026-01-01T00:00:00Z"}
    )
    other_secret = str(Token(made["id"], Token.new().secret))
    wrong = {
        "malformed": "x",
        "checksum": key[:-1] + ("0" if key[-1] != "0" else "1"),
        "other secret of this id": other_secret,
        "unknown": str(Token.new()),
        "cut": key[:-9],
        "upper case": key.upper(),
        "expired": expired.json()["key"],
        "operator's prefix": "dl_operator_" + "0" * 64,
        "operator, no key": "dl_operator_",
        "odd characters": "dl_\xe9_\xff",
    }
    draft = {"title": "T", "body_html": "b", "state": "draft"}
    answers = {}
    for name, given in wrong.items():
        header = {b"Authorization": b"Bearer " + given.encode("latin-1")}
        answers[name] = await stack.reader.post("/api/v1/posts", json=draft, headers=header)
    for name, answer in answers.items():
        assert answer.status_code == 401, name
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["type"] == "urn:dateline:problem:unauthorized"
        assert wrong[name] not in answer.text or wrong[name] == "x"
    same = {answer.text.replace(answer.headers["X-Request-Id"], "") for answer in answers.values()}
    assert len(same) == 1, "nothing tells how close a guess was"
    for scheme in ("Basic", "Dateline", ""):
        header = {b"Authorization": f"{scheme} {key}".strip().encode()}
        assert (await stack.reader.post("/api/v1/posts", json=draft, headers=header)).status_code == 401
    good = stack.client({"Authorization": f"Bearer {key}"})
    assert (await good.post("/api/v1/posts", json=draft)).status_code == 201, "the control"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_nobody_names_their_own_principal(stack: Stack) -> None:
    headers = {PRINCIPAL_HEADER: "operator", SCOPES_HEADER: " ".join(SCOPES)}
    lesser = await stack.key("posts:read-drafts")
    post_id = await article(stack)

    for client, status in ((stack.client(headers), 401), (lesser, 403)):
        client.headers.update(headers)
        for route in ("/api/v1/posts", "/api/v1/keys"):
            assert (await send(client, route, post_id, body_of(route, post_id))).status_code == status


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", ["posts", "comments"])
async def test_services_answer_their_gateway_only(stack: Stack, service: str) -> None:
    """Every route but the health checks."""
    app, gateway = service_of(stack, service), stack.gateway
    secret = (gateway.state["composer"].settings.secrets / "gateway").read_text("ascii")
    wrong: list[dict[str, str]] = [
        {},
        caller_headers("gateway", "0" * 64),
        caller_headers("gateway", ""),
        caller_headers("comments", secret),
        caller_headers("", ""),
        {"Authorization": f"Bearer gateway:{secret}"},
        {PRINCIPAL_HEADER: "operator", SCOPES_HEADER: " ".join(SCOPES)},
    ]
    routes = _routes(app.app)
    assert len(routes) > 3
    async with _client(app) as client:
        for method, path in routes:
            for headers in wrong:
                answer = await client.request(method, path.replace("{post_id}", "1"), json={}, headers=headers)
                assert answer.status_code == 401, (method, path, headers)
            known = caller_headers("gateway", secret)
            answer = await client.request(method, path.replace("{post_id}", "1"), json={}, headers=known)
            assert answer.status_code in {200, 401, 404, 422}, "the control gets further"
            assert "own services" not in answer.text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", ["posts", "comments"])
async def test_services_check_scopes_themselves(stack: Stack, service: str) -> None:
    """A gateway that forgot to ask does no harm."""
    app, post_id = service_of(stack, service), await article(stack)
    secret = (stack.gateway.state["composer"].settings.secrets / "gateway").read_text("ascii")
    writes = {(service, path) for method, path in _routes(app.app) if method != "GET"}
    mine = {place for place in (set(INNER) | OPEN_TO_THE_GATEWAY) if place[0] == service}
    assert writes == mine, "a write route needs a row here"
    async with _client(app) as client:
        for place in writes - OPEN_TO_THE_GATEWAY:
            outer, needed = INNER[place]
            callers = {
                401: Principal("anonymous", frozenset(SCOPES)),
                403: Principal("key:x", frozenset(SCOPES) - needed),
                200: Principal("key:x", needed),
            }
            for status, principal in callers.items():
                headers = caller_headers("gateway", secret) | {
                    PRINCIPAL_HEADER: principal.name,
                    SCOPES_HEADER: " ".join(principal.scopes),
                }
                answer = await client.post(place[1], json=body_of(outer, post_id), headers=headers)
                assert (200 if answer.is_success else answer.status_code) == status, (place, answer.text)


async def test_only_hashes_of_keys_are_stored(stack: Stack) -> None:
    """The control finds the key's id."""
    made = (await stack.operator.post("/api/v1/keys", json={"scopes": ["posts:write"]})).json()
    secret = made["key"].split("_")[2]
    tables = await everything_stored(stack, "posts")
    stored = "\n".join(row for rows in tables.values() for row in rows)

    assert made["id"] in stored
    assert secret not in stored
    assert made["key"] not in stored


def _routes(app: Any) -> list[tuple[str, str]]:
    """What a service serves, its health checks left out; it publishes no description, so one is made here."""
    paths: dict[str, dict[str, Any]] = get_openapi(title="t", version="1", routes=app.routes)["paths"]
    return [
        (method.upper(), path)
        for path, operations in paths.items()
        for method in operations
        if path not in {"/livez", "/readyz"}
    ]


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcessTransport(app.app, app.state), base_url=PUBLIC_URL)
