"""Every text field of every write route with code in it, on every surface: none of it can run."""

from collections.abc import Sequence
from typing import Any, Final

import httpx
import pytest

from services.common.html import SafeHtml
from tests.security.bodies import body_of, send, with_body, write_operations
from tests.security.dangers import dangers
from tests.security.inside import leaves, replaced
from tests.security.surfaces import HTML, JSON, addresses, read_each
from tests.security.things import Things, article, new_things
from tests.stack import Stack

PAYLOADS: Final = {
    "closes": "\"'></textarea></title></p></div><script>alert(1)</script><img src=x onerror=alert(1)>",
    "address": "javascript:alert(1)//https://a.example/",
    "entity": "&lt;svg/onload=alert(1)&gt;{{7*7}}--><svg onload=alert(1)>",
    "attribute": "https://a.example/\"onmouseover='alert(1)'style='x:expression(alert(1))'",
}
_IN_PATHS: Final = frozenset({"article_id", "path", "label", "author_id", "year", "month", "post_id", "version"})
"""Parameters without which there is no address."""
_SAME_AS_JSON: Final = {"POST /comments/{comment_id}/edit": "PATCH /api/v1/comments/{comment_id}"}
_NOT_SHOWN: Final = frozenset({"source", "source_id", "parent_source_id", "post_id", "author_id", "into", "scopes"})
_ERRORS: Final = 400
_WEB_LINK: Final = {"headline": "H", "url": "https://a.example/"}
_STAGES: Final = 3
"""Who may refuse a field: the gateway's types, then the owner's, then the owner's rules."""
_WORDS: Final = frozenset(
    {"title", "body_html", "labels", "name", "about", "robots_txt", "meta_description", "headline"}
)
"""Fields that take any text: no stage may have given them back their harmless values."""


async def _write_everywhere(stack: Stack, payload: str) -> list[httpx.Response]:
    """The payload in every string of every body at once, but where the operation refuses it."""
    answers = []
    for operation in write_operations(stack.gateway):
        if not with_body(operation):
            continue
        things = await new_things(stack, operation)
        template = body_of(operation, things)
        said = f"{payload} again" if "/labels/" in operation else payload  # another label has that name by now
        shown = [leaf for leaf in leaves(template) if not _NOT_SHOWN & set(leaf)]
        if not shown:
            continue
        body: Any = template
        for leaf in shown:
            body = replaced(body, leaf, said)
        answers.append(answer := await send(stack.operator, operation, things, body))
        for _ in range(_STAGES):
            for pointer in await _refused_places(stack, operation, things, body):
                body = _restored(body, template, pointer)
            answers.append(answer := await send(stack.operator, operation, things, body))
            if answer.status_code < _ERRORS:
                break
        assert answer.status_code < _ERRORS, (operation, answer.text)
        for leaf in (leaf for leaf in shown if _WORDS & set(leaf)):
            assert _at(body, leaf) == said, (operation, leaf, "is tried")
    return [*answers, *await _bring_back(stack, payload)]


async def _bring_back(stack: Stack, payload: str) -> list[httpx.Response]:
    """As an earlier wording of a live post, and shown again."""
    link = {"headline": payload, "url": "https://a.example/"}
    post = await stack.post(title=payload, body_html=payload, labels=[payload[:100]], related_links=[link])
    address, always = f"/api/v1/posts/{post['id']}", {"If-Match": "*"}
    plain = {"title": "T", "body_html": "b", "labels": [], "related_links": []}
    changed = await stack.operator.put(address, json=plain, headers=always)
    assert changed.json()["title"] == "T"
    restored = await stack.operator.post(f"{address}/revisions/1/restore", headers=always)
    assert restored.json()["title"] == post["title"]
    return [changed, restored]


async def _refused_places(stack: Stack, operation: str, things: Things, body: Any) -> list[str]:
    """A form answers with a page: the same fields are asked of the JSON route."""
    if " /api/" not in operation:
        same = _SAME_AS_JSON.get(operation, operation.replace(" ", " /api/v1"))
        operation, body = same, {name: value for name, value in body.items() if value}
    answer = await send(stack.operator, operation, things, body)
    return [error["pointer"] for error in answer.json().get("errors", [])]


def _restored(body: Any, template: Any, pointer: str) -> Any:
    path = tuple(int(step) if step.isdigit() else step for step in pointer.removeprefix("/").split("/"))
    return replaced(body, path, _at(template, path))


def _at(body: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        body = body[step]
    return body


async def _marked(stack: Stack) -> list[dict[str, Any]]:
    """The articles that a payload got into, or into whose thread."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    is_last = False
    while not is_last:
        params = {"limit": "100", "include": "body"} | ({} if cursor is None else {"cursor": cursor})
        listed = (await stack.reader.get("/api/v1/articles", params=params)).json()
        found += [one for one in listed["items"] if one["comment_count"] or "alert(1)" in str(one)]
        cursor, is_last = listed["next_cursor"], listed["next_cursor"] is None
    return found


async def _read(
    stack: Stack, listed: Sequence[dict[str, Any]], extra: Sequence[str]
) -> dict[tuple[str, str], httpx.Response]:
    """These articles and what is around them, with `extra` in parameters that take text."""
    return await read_each(stack, addresses(stack.gateway, await _values(stack, listed, extra)))


async def _read_plainly(stack: Stack, listed: Sequence[dict[str, Any]]) -> dict[tuple[str, str], httpx.Response]:
    """These articles, and what is around them, without a choice of how."""
    values = await _values(stack, listed, [])
    few = {name: values[name] if name in _IN_PATHS else [] for name in values}
    return await read_each(stack, addresses(stack.gateway, few))


async def _values(stack: Stack, listed: Sequence[dict[str, Any]], extra: Sequence[str]) -> dict[str, list[str]]:
    authors = (await stack.reader.get("/api/v1/authors")).json()["items"]
    author_ids, said = [one["id"] for one in authors if "alert(1)" in one["name"]], list(extra)
    values: dict[str, list[str]] = {
        "article_id": [one["id"] for one in listed],
        "path": [one["path"] for one in listed],
        "cursor": said,
        "comments": said,
        "comments_cursor": said,
        "comments_order": ["newest"],
        "show_comment": ["1"],
        "showComment": [one[:20] for one in extra],
        "comment": [one[:20] for one in extra],
        "posted": [one[:20] for one in extra],
        "proof": said,
        "author_name": said,
        "address": said,
        "before": said,
        "after": said,
        "comment_id": ["1"],
        "alt": said,
        "token": said,
        "limit": ["100"],
        "max-results": ["10"],
        "include": ["body"],
        "order": ["newest", "best"],
        "length": ["default", "summary"],
        "reply_to": [one[:20] for one in extra],
        "q": [*extra, "alert -nothing"],
        "label": [*extra, *{label for one in listed for label in one["labels"] if "alert(1)" in label}],
        "author": author_ids[:1],
        "author_id": author_ids,
        "year": ["2022"],
        "month": ["1"],
    }
    of_editors = "unused explain state kind to post_id version label_id".split()
    return values | {name: ["1"] for name in of_editors}


async def _read_as_editor(stack: Stack) -> dict[tuple[str, str], httpx.Response]:
    """Posts with their earlier wordings; the source of a body is what its writer wrote."""
    listed = await _marked(stack)
    found = ["/api/v1/posts?limit=100&include=body", "/api/v1/labels?unused=true", "/api/v1/authors?unused=true"]
    found += [f"/api/v1/comments?limit=100&state={state}" for state in ("live", "held", "spam", "removed", "deleted")]
    for post in (f"/api/v1/posts/{one['id']}" for one in listed):
        found += [post, f"{post}/revisions", f"{post}/revisions/1", f"{post}/revisions/1/diff"]
    return {(address, JSON["Accept"]): await stack.operator.get(address) for address in found}


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
    is_harmless = value.startswith(("https://", "http://")) or (value.startswith("/") and value[1:2] not in {"/", "\\"})
    return [f"{name}: {value}"] if name.endswith("url") and not is_harmless else []


def _some(marked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One with each payload in its title, and three whose threads hold comments."""
    titled = [next(one for one in marked if payload[:20] in one["title"]) for payload in PAYLOADS.values()]
    return [*titled, *[one for one in marked if one["comment_count"]][:3]]


@pytest.fixture
async def written(stack: Stack) -> tuple[Stack, list[httpx.Response]]:
    """Every payload in every field, and what the writes were answered."""
    answers = []
    for payload in PAYLOADS.values():
        answers += await _write_everywhere(stack, payload)
    return stack, answers


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_no_payload_runs_on_any_surface(
    written: tuple[Stack, list[httpx.Response]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control turns escaping off and finds them on the same pages."""
    stack, answers = written
    assert [found for answer in answers for found in _dangers_of(answer)] == []

    marked = await _marked(stack)
    assert len(marked) > 5 * len(PAYLOADS)
    read = await _read_plainly(stack, marked) | await _read_as_editor(stack)
    read |= await _read(stack, _some(marked), []) | await _read(stack, marked[:1], list(PAYLOADS.values()))
    assert {place: found for place, answer in read.items() if (found := _dangers_of(answer))} == {}
    assert max(answer.status_code for answer in read.values()) < 500
    pages = [answer.text for place, answer in read.items() if place[1] == HTML["Accept"]]
    for word in ("&lt;/textarea&gt;", "&amp;lt;svg/onload", "onerror=alert(1)&gt;", "javascript:alert(1)//"):
        assert any(word in page for page in pages), "they are shown, as text"

    environment = stack.gateway.state["renderer"]._environment
    with monkeypatch.context() as patched:
        patched.setattr(environment, "autoescape", False)
        environment.cache.clear()
        unescaped = [place for place, answer in (await _read_plainly(stack, marked)).items() if _dangers_of(answer)]
    environment.cache.clear()  # other tests render with it too
    assert len(unescaped) > len(PAYLOADS)


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
