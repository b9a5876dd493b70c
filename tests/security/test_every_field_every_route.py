"""Every text field of every write route with code in it, on every surface: none of it can run."""

from collections.abc import Sequence
from typing import Any, Final

import httpx
import pytest

from services.common.html import SafeHtml
from tests.security.bodies import article, body_of, send, write_routes
from tests.security.dangers import dangers
from tests.security.inside import leaves, replaced
from tests.security.surfaces import HTML, addresses, read_all
from tests.stack import Stack

PAYLOADS: Final = {
    "closes": "\"'></textarea></title></p></div><script>alert(1)</script>",
    "image": "</script><img src=x onerror=alert(1)>",
    "address": "javascript:alert(1)//https://a.example/",
    "entity": "&lt;svg/onload=alert(1)&gt;{{7*7}}--><svg onload=alert(1)>",
    "attribute": "https://a.example/\"onmouseover='alert(1)'style='x:expression(alert(1))'",
}
_NOT_SHOWN: Final = frozenset({"source", "source_id", "parent_source_id", "post_id"})
_ERRORS: Final = 400
_WEB_LINK: Final = {"headline": "H", "url": "https://a.example/"}
_STAGES: Final = 3
"""Who may refuse a field: the gateway's types, then the owner's, then the owner's rules."""


async def _write_everywhere(stack: Stack, post_id: str, payload: str, name: str) -> list[httpx.Response]:
    """The payload in every string of every body at once, but where the route refuses it."""
    answers = []
    for route in write_routes(stack.gateway):
        template = _own(body_of(route, post_id), name)
        body: Any = template
        for leaf in leaves(template):
            if leaf[-1] not in _NOT_SHOWN:
                body = replaced(body, leaf, payload)
        answers.append(answer := await send(stack.operator, route, post_id, body))
        for _ in range(_STAGES):
            for pointer in await _refused_places(stack, route, post_id, body):
                body = _restored(body, template, pointer)
            answers.append(answer := await send(stack.operator, route, post_id, body))
            if answer.status_code < _ERRORS:
                break
        assert answer.status_code < _ERRORS, (route, answer.text)
    return answers


def _own(template: Any, name: str) -> Any:
    """Ids and paths that no other payload has."""
    if "path" in template:
        return template | {"path": f"/2022/01/{name}.html"}
    if "posts" not in template:
        return template
    post = template["posts"][0]
    author = post["author"] | {"source_id": f"author-{name}"}
    return template | {"posts": [post | {"source_id": f"post-{name}", "author": author}]}


async def _refused_places(stack: Stack, route: str, post_id: str, body: Any) -> list[str]:
    """A form answers with a page: the same fields are asked of the JSON route."""
    if not route.startswith("/api/"):
        route, body = f"/api/v1{route}", {name: value for name, value in body.items() if value}
    answer = await send(stack.operator, route, post_id, body)
    return [error["pointer"] for error in answer.json().get("errors", [])]


def _restored(body: Any, template: Any, pointer: str) -> Any:
    path = tuple(int(step) if step.isdigit() else step for step in pointer.removeprefix("/").split("/"))
    original = template
    for step in path:
        original = original[step]
    return replaced(body, path, original)


async def _read(stack: Stack, extra: Sequence[str], most: int = 100) -> dict[tuple[str, str], httpx.Response]:
    """The newest `most` articles and what is around them, with `extra` in every parameter that takes text."""
    listed = (await stack.reader.get("/api/v1/articles", params={"limit": most})).json()["items"]
    values = {
        "article_id": [one["id"] for one in listed],
        "path": [one["path"] for one in listed],
        "limit": ["100"],
        **dict.fromkeys(("cursor", "comments", "comments_cursor"), extra),
        "reply_to": [one[:20] for one in extra],
    }
    return await read_all(stack, addresses(stack.gateway, values))


def _dangers_of(answer: httpx.Response) -> list[str]:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        return dangers(answer.text)
    return _json_dangers(answer.json()) if kind == "application/json" else []


def _json_dangers(value: Any, name: str = "") -> list[str]:
    """Rendered HTML and addresses: what programs put into pages of their own as it is."""
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in _json_dangers(one, key)]
    if isinstance(value, list):
        return [found for one in value for found in _json_dangers(one, name)]
    if not isinstance(value, str):
        return []
    if name == "body_html":
        return dangers(value)
    return [f"{name}: {value}"] if name == "url" and not value.startswith(("https://", "http://")) else []


@pytest.fixture
async def written(stack: Stack) -> tuple[Stack, list[httpx.Response]]:
    """Every payload in every field, and what the writes were answered."""
    answers = []
    for name, payload in PAYLOADS.items():
        answers += await _write_everywhere(stack, await article(stack), payload, name)
    return stack, answers


async def test_no_payload_runs_on_any_surface(written: tuple[Stack, list[httpx.Response]]) -> None:
    """The control turns escaping off and finds them on the same pages."""
    stack, answers = written
    assert [found for answer in answers for found in _dangers_of(answer)] == []

    read = await _read(stack, []) | await _read(stack, list(PAYLOADS.values()), most=1)
    assert {place: found for place, answer in read.items() if (found := _dangers_of(answer))} == {}
    assert max(answer.status_code for answer in read.values()) < 500
    pages = [answer.text for place, answer in read.items() if place[1] == HTML["Accept"]]
    for word in ("&lt;/textarea&gt;", "&amp;lt;svg/onload", "onerror=alert(1)&gt;", "javascript:alert(1)//"):
        assert any(word in page for page in pages), "they are shown, as text"

    environment = stack.gateway.state["renderer"]._environment
    environment.autoescape = False
    environment.cache.clear()
    assert len([place for place, answer in (await _read(stack, [], most=3)).items() if _dangers_of(answer)]) > len(
        PAYLOADS
    )


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_refused_form_shows_its_fields_as_text(stack: Stack) -> None:
    post_id = await article(stack)
    for payload in PAYLOADS.values():
        fields = {"body": payload, "author_name": payload, "author_url": payload, "parent_id": payload}

        answer = await stack.reader.post(f"/articles/{post_id}/comments", data=fields, headers=HTML)

        assert answer.status_code == 422
        assert dangers(answer.text) == []
        assert "alert(1)" in answer.text, "the control: it is shown"


async def test_addresses_that_are_no_web_addresses_are_refused_or_left_out(stack: Stack) -> None:
    for url in ("javascript:alert(1)", "javascript://%0aalert(1)", "data:text/html,x", "//x", "vbscript:x", "\\\\x"):
        post_id = await article(stack)
        links = [{"headline": "H", "url": url}]
        author = {"source_id": "1", "name": "N", "url": url}
        picked = {"title": "T", "body_html": "b", "related_links": links}
        assert (await stack.operator.post("/api/v1/posts", json=picked)).status_code == 422
        [imported] = await stack.imported_posts(
            {"source_id": f"p{post_id}", "author": author, "related_links": [*links, _WEB_LINK]}
        )
        await stack.imported_comments({"source_id": f"c{post_id}", "post_id": post_id, "author_url": url})
        await stack.reader.post(f"/api/v1/articles/{post_id}/comments", json={"body": "b", "author_url": url})

        page = (await stack.reader.get(f"/api/v1/articles/{imported['id']}")).json()
        thread = (await stack.reader.get(f"/api/v1/articles/{post_id}")).json()["comments"]["items"]

        assert page["author"]["url"] is None
        assert [one["url"] for one in page["related"]] == [_WEB_LINK["url"]], "the control stays"
        assert all((one["author"]["url"] or "https://").startswith("https://") for one in thread)


@pytest.mark.parametrize("payload", PAYLOADS.values())
def test_control_payloads_run_where_nothing_escapes(payload: str) -> None:
    assert dangers(SafeHtml(f"<p>{payload}</p>")) or dangers(f'<a href="{payload}">x</a>')
