"""Who may do what: every operation for every caller and state of a post, in the gateway and again in its owner."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpx
import pytest

from services.cli.started import StartedApp
from services.common.callers import Principal, caller_headers, principal_headers
from tests.security.bodies import body_of, send, write_operations
from tests.security.callers import NEEDED, OPEN_TO_ALL, PUBLISHING, SCOPES, is_conflict, states_of
from tests.security.inside import client_of, everything_stored, gateway_secret, routes_of, service_of
from tests.security.things import PostState, Things, new_things
from tests.stack import Stack

OPEN_TO_THE_GATEWAY = {
    "posts": {
        "POST /keys/check",
        "GET /archive",
        "GET /articles",
        "GET /articles/by-path",
        "GET /articles/{post_id}",
        "GET /articles/{post_id}/commenting",
        "GET /articles/{post_id}/related",
        "GET /authors",
        "GET /authors/{author_id}",
        "GET /blog",
        "GET /changes",
        "GET /changes/head",
        "GET /commenting/all-posts",
        "GET /commenting/articles",
        "GET /commenting/rules",
        "GET /commenting/posts",
        "GET /labels",
        "POST /paths",
        "GET /live-posts",
    },
    "comments": {
        "POST /comments",
        "GET /comments/{comment_id}/own",
        "PATCH /comments/{comment_id}",
        "DELETE /comments/{comment_id}",
        "POST /comments/{comment_id}/proof",
        "GET /threads/{post_id}",
        "POST /subscriptions/find",
        "POST /subscriptions/confirm",
        "POST /subscriptions/end",
        "GET /comments/{comment_id}/post",
        "PUT /comments/{comment_id}/vote",
        "DELETE /comments/{comment_id}/vote",
        "GET /counts",
        "GET /newest",
        "GET /shown-counts",
        "GET /changes",
        "GET /changes/head",
    },
}
"""What the gateway asks for readers, and what services follow; an owner's other routes are in `NEEDED`."""
Call = Callable[[Sequence[str] | None], Awaitable[httpx.AsyncClient]]
"""A client with a key of these scopes; None for nobody."""


def _too_few(needed: Iterable[str]) -> list[tuple[str, ...]]:
    """Every scope alone, and all but one of those that are needed."""
    needed = frozenset(needed)
    alone = [(scope,) for scope in SCOPES if not needed <= {scope}]
    return [*alone, *(tuple(sorted(set(SCOPES) - {scope})) for scope in sorted(needed))]


async def _assert_row(stack: Stack, call: Call, operation: str, state: PostState, *, to_owner: bool) -> None:
    """Refused to nobody and to too few scopes, and nothing is changed; done for what is needed and no more."""
    needed, things = NEEDED[operation](state), await new_things(stack, operation, state)
    before = await _as_it_is(stack, things)
    nobody = await _tried(await call(None), operation, things, to_owner=to_owner)
    assert nobody.status_code == 401, (operation, state)
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    for scopes in _too_few(needed):
        lacking = await _tried(await call(scopes), operation, things, to_owner=to_owner)
        assert lacking.status_code == 403, (operation, state, scopes, lacking.text)
        assert any(scope in lacking.json()["detail"] for scope in needed - set(scopes))
    assert await _as_it_is(stack, things) == before
    enough = await _tried(await call(sorted(needed)), operation, things, to_owner=to_owner)
    assert (enough.status_code == 409) is is_conflict(operation, state), (operation, state, enough.text)
    assert enough.is_success or enough.status_code == 409, (operation, state, enough.text)


async def _tried(client: httpx.AsyncClient, operation: str, things: Things, *, to_owner: bool) -> httpx.Response:
    body = None if operation.startswith("GET") else body_of(operation, things)
    return await send(client, operation, things, body, to_owner=to_owner)


async def _as_it_is(stack: Stack, things: Things) -> str:
    return (await stack.operator.get(things.fill("/api/v1/posts/{post_id}"))).text


def _with_keys(stack: Stack) -> Call:
    clients: dict[tuple[str, ...], httpx.AsyncClient] = {}

    async def call(scopes: Sequence[str] | None) -> httpx.AsyncClient:
        if scopes is None:
            return stack.reader
        if tuple(scopes) not in clients:
            clients[tuple(scopes)] = await stack.key(*scopes)
        return clients[tuple(scopes)]

    return call


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_every_operation_has_a_row(stack: Stack) -> None:
    paths = stack.gateway.app.openapi()["paths"]
    keyed = {
        f"{method.upper()} {path}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        if "security" in operation
    }
    assert keyed | set(write_operations(stack.gateway)) == set(NEEDED) | OPEN_TO_ALL


_PARTS = range(6)
"""Of the operations: one stack and its keys serve many."""


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("part", _PARTS)
async def test_every_caller_in_every_state(stack: Stack, part: int) -> None:
    call = _with_keys(stack)
    # one that is not public and one that is; the owner, who knows states, is asked about each
    for operation in sorted(NEEDED)[part :: len(_PARTS)]:
        for state in (state for state in states_of(operation) if state in {"draft", "live"}):
            await _assert_row(stack, call, operation, state, to_owner=False)
            again = await _tried(stack.operator, operation, await new_things(stack, operation, state), to_owner=False)
            assert again.status_code == 409 if is_conflict(operation, state) else again.is_success, (state, again.text)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("part", _PARTS)
async def test_owners_check_scopes_themselves(stack: Stack, part: int) -> None:
    """A gateway that forgot to ask does no harm."""
    for operation in sorted(NEEDED)[part :: len(_PARTS)]:
        call = _as_the_gateway(stack, service_of(stack, "comments" if "/comments" in operation else "posts"))
        for state in states_of(operation):
            await _assert_row(stack, call, operation, state, to_owner=True)


def _as_the_gateway(stack: Stack, owner: StartedApp) -> Call:
    async def call(scopes: Sequence[str] | None) -> httpx.AsyncClient:
        principal = Principal(
            "anonymous" if scopes is None else "key:x", frozenset(SCOPES if scopes is None else scopes)
        )
        return client_of(owner, caller_headers("gateway", gateway_secret(stack)) | principal_headers(principal))

    return call


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", ["posts", "comments"])
async def test_every_route_of_an_owner_has_a_row(stack: Stack, service: str) -> None:
    served = {f"{method} {path}" for method, path in routes_of(service_of(stack, service))}
    checked = {operation.replace(" /api/v1", " ") for operation in NEEDED}
    mine = {one for one in checked if (service == "comments") is ("/comments" in one)}
    assert served == mine | OPEN_TO_THE_GATEWAY[service]


async def test_making_public_takes_its_own_scope(stack: Stack) -> None:
    """Whatever the request looks like that makes a draft live or scheduled."""
    for operation, body in PUBLISHING:
        things = await new_things(stack, state="draft")
        refused = await send(await stack.key("posts:write"), operation, things, body)
        assert refused.status_code == 403, (operation, body)
        assert (await stack.operator.get(things.fill("/api/v1/posts/{post_id}"))).json()["state"] == "draft"
        done = await send(await stack.key("posts:write", "posts:publish"), operation, things, body)
        assert done.json()["state"] in {"live", "scheduled"}, "the control"
    draft = {"title": "T", "body_html": "b", "state": "draft"}
    assert (await (await stack.key("posts:write")).post("/api/v1/posts", json=draft)).status_code == 201


async def test_names_of_what_is_unused_take_a_scope(stack: Stack) -> None:
    """Labels and authors that no live post bears; they are listed for everybody once one does."""
    things = await new_things(stack, state="draft")
    fresh = things.ids["fresh"]
    others = await stack.key(*(set(SCOPES) - {"posts:read-drafts"}))
    for address, name in (("/api/v1/labels", f"{fresh} label"), ("/api/v1/authors", f"{fresh} author")):
        for client, status in ((stack.reader, 401), (others, 403)):
            assert (await client.get(address, params={"unused": True})).status_code == status
            assert name not in (await client.get(address)).text
        assert name in (await (await stack.key("posts:read-drafts")).get(address, params={"unused": True})).text
    profile = things.fill("/api/v1/authors/{author_id}")
    assert [(await client.get(profile)).status_code for client in (stack.reader, others)] == [404, 404]
    live = {"author_id": things.ids["author_id"], "state": "live"}
    await send(stack.operator, "PATCH /api/v1/posts/{post_id}", things, live)
    assert f"{fresh} label" in (await stack.reader.get("/api/v1/labels")).text
    assert f"{fresh} author" in (await stack.reader.get("/api/v1/authors")).text
    assert (await stack.reader.get(profile)).status_code == 200


READS_BY_POST = {"POST /api/v1/keys", "POST /api/v1/import/find-posts", "POST /api/v1/comments/rebuild"}
"""Keys are left out here, too many paths for an address are looked up, and numbers that are right stay."""
BESIDE = {"keys", "followed_posts", "posts_feed", "staff_names"}
"""Made by the test, and written by who follows posts."""


async def test_refused_writes_change_nothing(stack: Stack) -> None:
    """In any table; the control is the same write with the operator's key."""

    async def stored() -> list[str]:
        tables = [await everything_stored(stack, name) for name in ("posts", "comments")]
        rows = [row for table in tables for name, rows in table.items() if name not in BESIDE for row in rows]
        return [row for row in rows if "thread.turned" not in row]  # comments hear of posts when they do

    key = await stack.key("posts:read-drafts")
    things = [
        (operation, await new_things(stack, operation)) for operation in NEEDED if not operation.startswith("GET")
    ]
    before = await stored()
    for operation, on in things:
        for client in (stack.reader, key):
            assert (await send(client, operation, on, body_of(operation, on))).status_code in {401, 403}
    assert await stored() == before
    assert len((await everything_stored(stack, "posts"))["keys"]) == 1

    for operation, on in reversed(things):  # a blog is imported until it is set up
        assert (await send(stack.operator, operation, on, body_of(operation, on))).is_success, operation
        was, before = before, await stored()
        assert (was != before) is (operation not in READS_BY_POST), operation
