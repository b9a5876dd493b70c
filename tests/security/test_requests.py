"""What the gateway refuses before anything is done: other hosts, other sites, malformed bodies."""

import re
from typing import Any, Final

import httpx
import pytest

from services.common.body_limits import BodyLimits
from services.gateway.hosts import AllowedHosts
from services.gateway.same_origin import SameOriginWrites
from tests.security.bodies import OF_MAILS, body_of, send, with_body, write_operations
from tests.security.surfaces import HTML
from tests.security.things import article, new_things
from tests.stack import PUBLIC_URL, Stack

MARK: Final = "qzechoqz"
AS_JSON: Final = {"Content-Type": "application/json"}
AS_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_DEEP: Final = 10_000
NEEDS_NO_BODY: Final = {"POST /api/v1/posts/{post_id}/publish"}

NOT_JSON: Final = {
    "NaN": b'{"body": NaN}',
    "Infinity": b'{"body": -Infinity}',
    "lone surrogate": b'{"body": "qzechoqz\\ud800"}',
    "lone surrogate in a name": b'{"body": "x", "qzecho\\ud800qz": 1}',
    "NUL": b'{"body": "qzechoqz\\u0000"}',
    "deep arrays": b'{"body": ' + b"[" * _DEEP + b"]" * _DEEP + b"}",
    "deep objects": b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
    "invalid UTF-8": b'{"body": "qzechoqz\xff\xfe"}',
    "UTF-16 half": b'{"body": "qzechoqz\xed\xa0\x80"}',
    "huge number": b'{"body": ' + b"9" * 5000 + b"}",
    "cut": b'{"body": "qzechoqz',
    "nothing": b"",
    "null": b"null",
    "wrong type": b'{"body": {"qzechoqz": 1}}',
    "too long": b'{"body": "' + b"qzechoqz" * 1000 + b'"}',
    "no text": b'{"body": " \\n "}',
    "no id": b'{"body": "x", "parent_id": "qzechoqz"}',
    "id of 64 bits": b'{"body": "x", "parent_id": "9223372036854775808"}',
    "address with odd characters": '{"body": "x", "author_url": "https://qzechoqz\u2100x/"}'.encode(),
    "address in brackets": b'{"body": "x", "author_url": "https://[qzechoqz]/"}',
}


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("blog.example", True),
        ("BLOG.example:8443", True),
        ("localhost:8000", True),
        ("127.0.0.1", True),
        ("[::1]:8000", True),
        ("added.example", True),
        ("SETTINGS.example:443", True),
        ("settings.example.evil.example", False),
        ("evil.example", False),
        ("blog.example.evil.example", False),
        ("evil.example:443", False),
        ("blog.example, evil.example", False),
        ("", False),
        ("[", False),
    ],
)
async def test_hosts_are_served_by_list(host: str, served: bool) -> None:
    reached: list[str] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def is_blogs(name: str, _scope: Any) -> bool:
        return name == "settings.example"

    guarded = AllowedHosts(app, public_url=PUBLIC_URL, more="added.example", is_blogs=is_blogs)
    answers = [await _ask(one, host) for one in (guarded, app)]

    assert answers == [200 if served else 421, 200], "the second is the control, without the guard"
    assert len(reached) == 1 + served


async def _ask(app: Any, host: str) -> int:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
        return (await client.get("/", headers={"Host": host})).status_code


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_unknown_hosts_get_nothing_of_the_blog(stack: Stack) -> None:
    for path in ("/", "/docs", "/static/dateline.css", "/livez", "/api/v1/articles"):
        assert (await stack.reader.get(path, headers={"Host": "evil.example"})).status_code == 421
        assert (await stack.reader.get(path, headers={"Host": "localhost"})).status_code == 200
    spoofed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example"}
    assert "evil.example" not in (await stack.reader.get("/", headers=spoofed)).text


SITES: Final[list[tuple[dict[str, str], bool]]] = [
    ({}, True),
    ({"Cookie": "a=b"}, False),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Cookie": "a=b"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": PUBLIC_URL}, False),
    ({"Origin": PUBLIC_URL}, True),
    ({"Origin": PUBLIC_URL, "Cookie": "a=b"}, True),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "http://blog.example"}, False),
    ({"Origin": "https://blog.example.evil.example"}, False),
    ({"Origin": "null"}, False),
]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_writes_of_other_sites_are_refused(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """On every write operation; reading from other sites is not a write. The control turns the guard off."""
    for operation in write_operations(stack.gateway):
        things = await new_things(stack, operation)
        for headers, taken in SITES:
            client = stack.client(dict(stack.operator.headers) | headers)
            answer = await send(client, operation, things, {} if with_body(operation) else None)
            assert (answer.status_code == 403) is not taken, (operation, headers)
    post_id = await article(stack)
    address, body = f"/api/v1/articles/{post_id}/comments", {"body": "x"}
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert (await stack.reader.get("/", headers=foreign)).status_code == 200
    assert "Access-Control-Allow-Origin" not in (await stack.reader.get("/", headers=foreign)).headers
    assert (await stack.reader.post(address, json=body, headers=foreign)).status_code == 403
    assert (await stack.reader.get(f"{address}")).json()["count"] == 0

    monkeypatch.setattr(SameOriginWrites, "_is_own", lambda _self, _headers: True)
    assert (await stack.reader.post(address, json=body, headers=foreign)).status_code == 201


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_bodies_of_other_kinds_are_refused(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form of another site cannot send JSON, and nothing unpacks to more than it was."""
    post_id = await article(stack)
    for operation in write_operations(stack.gateway):
        if operation in OF_MAILS:
            continue
        wrong = ["text/plain", "multipart/form-data; boundary=x", AS_JSON["Content-Type"], AS_FORM["Content-Type"], ""]
        wrong.remove(_kind(operation)["Content-Type"])
        for kind in wrong:
            answer = await _raw(stack, operation, post_id, b'{"body":"x"}', {"Content-Type": kind})
            assert answer.status_code == 415, (operation, kind, answer.text)
    address = f"/api/v1/articles/{post_id}/comments"
    for encoding in ("gzip", "br", "identity"):
        packed = AS_JSON | {"Content-Encoding": encoding}
        assert (await stack.reader.post(address, content=b'{"body":"x"}', headers=packed)).status_code == 415

    async def unguarded(self: BodyLimits, *given: Any) -> None:
        await self._app(*given)

    monkeypatch.setattr(BodyLimits, "__call__", unguarded)
    assert (await stack.reader.post(address, content=b'{"body":"x"}', headers=packed)).status_code == 201


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_bodies_over_the_limit_are_refused_as_problems(stack: Stack) -> None:
    post_id = await article(stack)
    limits = {"/api/v1/posts": 4 * 1024 * 1024, "/api/v1/import/": 32 * 1024 * 1024}
    for operation in write_operations(stack.gateway):
        address = operation.partition(" ")[2]
        limit = next((most for start, most in limits.items() if address.startswith(start)), 64 * 1024)
        claimed = await _raw(stack, operation, post_id, b"x", _kind(operation) | {"Content-Length": str(limit + 1)})
        assert claimed.status_code == 413, operation
        assert claimed.headers["Content-Type"] == "application/problem+json", operation
    sent = await stack.reader.post(f"/api/v1/articles/{post_id}/comments", content=b" " * 65_537, headers=AS_JSON)
    assert sent.status_code == 413
    assert sent.json()["request_id"] == sent.headers["X-Request-Id"]


async def test_a_post_may_be_as_long_as_the_limit_says(stack: Stack) -> None:
    """The owner's limit is not below the gateway's."""
    long = {"title": "Long", "body_html": "word " * 200_000}

    written = await stack.operator.post("/api/v1/posts", json=long)
    assert written.status_code == 201
    changed = await stack.operator.put(
        f"/api/v1/posts/{written.json()['id']}", json=long | {"title": "L"}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200


async def test_malformed_bodies_are_refused_without_an_echo(stack: Stack) -> None:
    """On every write that takes JSON; the control is a body that is right."""
    post_id = await article(stack)
    for operation in write_operations(stack.gateway):
        if not with_body(operation) or " /api/" not in operation:
            continue
        for name, body in NOT_JSON.items():
            if name in {"nothing", "null"} and operation in NEEDS_NO_BODY:
                continue
            answer = await _raw(stack, operation, post_id, body, AS_JSON)
            assert answer.status_code in {400, 422}, (operation, body[:50])
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert MARK not in answer.text.replace(f"/{MARK}", ""), "a pointer may name an unknown field"
        things = await new_things(stack, operation)
        unknown = await send(stack.operator, operation, things, body_of(operation, things) | {"un/known~": 1})
        assert unknown.status_code == 422
        assert "/un~1known~0" in [error["pointer"] for error in unknown.json()["errors"]]
        right = await send(stack.operator, operation, things, body_of(operation, things))
        assert right.is_success, (operation, right.text)
    assert (await stack.reader.get(f"/api/v1/articles/{post_id}/comments")).json()["count"] == 0


async def _raw(stack: Stack, operation: str, post_id: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
    """These bytes, by the operator, whatever else the operation wants."""
    method, _, address = operation.partition(" ")
    address = re.sub(r"{\w+}", post_id, address)
    return await stack.operator.request(method, address, content=content, headers=headers)


def _kind(operation: str) -> dict[str, str]:
    return AS_JSON if " /api/" in operation else AS_FORM


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_malformed_forms_are_refused(stack: Stack) -> None:
    address = f"/articles/{await article(stack)}/comments"
    fields = ["body=a%00b", "body=" + "x" * 5001, "body=", "body=x&parent_id=1e5", "&".join(["body=x"] * 1000)]
    for content in [*fields, "body=x&author_url=javascript://x"]:
        answer = await stack.reader.post(address, content=content, headers=AS_FORM | HTML)
        assert answer.status_code in {400, 422}, content[:40]
    for encoded in (b"body=%ff%fe", b"body=\xff", b"body=%ED%A0%80"):
        answer = await stack.reader.post(address, content=encoded, headers=AS_FORM | HTML)
        assert answer.status_code in {303, 400, 422}
