"""Who calls: keys that are not valid, principals that nobody may claim, services that answer their gateway only."""

import pytest

from services.common.callers import PRINCIPAL_HEADER, SCOPES_HEADER, caller_headers
from services.posts.domain.tokens import Token
from tests.security.callers import SCOPES
from tests.security.inside import client_of, everything_stored, gateway_secret, routes_of, service_of
from tests.stack import Stack


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

    for client, status in ((stack.client(headers), 401), (lesser, 403)):
        client.headers.update(headers)
        assert (await client.post("/api/v1/posts", json={"title": "T", "body_html": "b"})).status_code == status
        assert (await client.post("/api/v1/keys", json={"scopes": ["posts:write"]})).status_code == status


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", ["posts", "comments"])
async def test_services_answer_their_gateway_only(stack: Stack, service: str) -> None:
    """Every route but the health checks."""
    app = service_of(stack, service)
    secret = gateway_secret(stack)
    wrong: list[dict[str, str]] = [
        {},
        caller_headers("gateway", "0" * 64),
        caller_headers("gateway", ""),
        caller_headers("comments", secret),
        caller_headers("", ""),
        {"Authorization": f"Bearer gateway:{secret}"},
        {PRINCIPAL_HEADER: "operator", SCOPES_HEADER: " ".join(SCOPES)},
    ]
    routes = routes_of(app)
    assert len(routes) > 3
    async with client_of(app) as client:
        for method, path in routes:
            for headers in wrong:
                answer = await client.request(method, path.replace("{post_id}", "1"), json={}, headers=headers)
                assert answer.status_code == 401, (method, path, headers)
            known = caller_headers("gateway", secret)
            answer = await client.request(method, path.replace("{post_id}", "1"), json={}, headers=known)
            assert answer.status_code in {200, 400, 401, 404, 422, 428}, "the control gets further"
            assert "own services" not in answer.text


async def test_only_hashes_of_keys_are_stored(stack: Stack) -> None:
    """The control finds the key's id."""
    made = (await stack.operator.post("/api/v1/keys", json={"scopes": ["posts:write"]})).json()
    secret = made["key"].split("_")[2]
    tables = await everything_stored(stack, "posts")
    stored = "\n".join(row for rows in tables.values() for row in rows)

    assert made["id"] in stored
    assert secret not in stored
    assert made["key"] not in stored
