"""The gateway's own clients against the real services: every field is read, problems and nonsense are told apart."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest

from services.comments.queries.thread_pages import ShownComment
from services.common.callers import ANONYMOUS, Principal
from services.common.sender import Answer, Sender
from services.gateway import forward_comments
from services.gateway.clients.comments import CommentsClient
from services.gateway.clients.models import (
    Article,
    ArticleList,
    Commenting,
    LivePosts,
    Moved,
    SentComment,
    ThreadComment,
)
from services.gateway.clients.posts import PostsClient
from services.gateway.clients.service import Service
from services.gateway.errors import PassedOn, ServiceDown
from services.gateway.operator_key import OPERATOR
from services.gateway.upstreams import Upstreams
from tests.comments.following import eventually
from tests.gateway.inside import give_former_path
from tests.stack import Stack

OPEN = Commenting(comment_policy="open", path="/p", version=1)


def sent(article_id: str, body: bytes) -> SentComment:
    return forward_comments.Sender(ANONYMOUS, None).sends(article_id, body, OPEN, 5.0)


def upstreams(stack: Stack) -> Upstreams:
    found: Upstreams = stack.gateway.state["composer"].upstreams
    return found


def as_sent(decoded: object) -> Any:
    return json.loads(msgspec.json.encode(decoded))


async def a_full_article(stack: Stack) -> str:
    """Every field that may be null or empty is not."""
    author = {"source_id": "a", "name": "Ann", "url": "https://ann.example/"}
    blank = {"labels": ["L"], "author": author, "body": "<p>some words b</p>"}
    links = [{"headline": "Out", "url": "https://x.example/"}, {"headline": "In", "url": "/picked.html"}]
    await stack.imported_posts(
        blank | {"source_id": "1", "path": "/picked.html", "published": "2022-01-07T12:00:00Z"},
        blank | {"source_id": "2", "related_links": links, "updated": "2023-01-01T00:00:00.5Z"},
        blank | {"source_id": "3", "published": "2022-01-09T12:00:00Z"},
    )
    await stack.imported_comments(
        {"source_id": "11", "post_id": "2", "author_name": "Bo", "author_url": "https://bo.example/"},
        {"source_id": "12", "post_id": "2", "parent_source_id": "11", "edited": "2022-02-01T00:00:00Z"},
    )
    await stack.relate()
    return "2"


async def test_posts_answers_are_read_to_the_last_field(stack: Stack) -> None:
    article_id = await a_full_article(stack)
    posts = upstreams(stack).posts
    for path, params, kind in (
        (f"/articles/{article_id}", {}, Article),
        ("/articles/by-path", {"path": "/picked.html"}, Article),
        ("/articles", {"limit": "2"}, ArticleList),
        ("/live-posts", {"post_id": ["1", "2", "3", "4"]}, LivePosts),
        ("/articles", {"limit": "1", "q": "b", "include": "body"}, ArticleList),
    ):
        answer = await posts.service.get(path, whole, params)
        assert as_sent(posts.service.decode(answer, kind)) == json.loads(answer.content)
    article = await posts.article_by_id(article_id, 5)
    assert (article.picked[1].target, article.author, article.previous, article.next) != (None,) * 4
    assert [one.target.id for one in article.related] == ["3"]  # the other one was picked
    listed = await posts.articles({"cursor": None, "limit": 2})
    assert [item.id for item in listed.items] == ["3", "2"]
    last = await posts.articles({"cursor": listed.next_cursor, "limit": 2})
    assert [item.id for item in last.items] == ["1"]
    back = await posts.articles({"cursor": last.previous_cursor, "limit": 2})
    assert [item.id for item in back.items] == ["3", "2"]
    searched = (await posts.articles({"q": "b", "include": "body", "label": "L"})).items
    assert [(one.body_html, one.snippet is None) for one in searched] == [("<p>some words b</p>", False)] * 3
    assert (await posts.commenting(article_id)).comment_policy == "open"
    await give_former_path(stack, "/früher & später.html", article_id)
    assert await posts.article_by_path("/früher & später.html", 5) == Moved(article.path)


async def test_keys_are_checked_by_their_owner(stack: Stack) -> None:
    made = (await stack.operator.post("/api/v1/keys", json={"scopes": ["posts:write", "import:run"]})).json()
    checked = await upstreams(stack).posts.check_key(made["key"], 5.0)
    assert checked.principal == f"key:{made['id']}"
    assert sorted(checked.scopes) == ["import:run", "posts:write"]
    for wrong in ("", "x", made["key"][:-1], made["key"].replace("dl_", "dl_0")):
        with pytest.raises(PassedOn) as refused:
            await upstreams(stack).posts.check_key(wrong, 5.0)
        assert refused.value.status == 404


async def test_comments_answers_are_read_to_the_last_field(stack: Stack) -> None:
    article_id = await a_full_article(stack)
    comments = upstreams(stack).comments
    answer = await comments.service.get(f"/threads/{article_id}", whole, {"limit": 1, "count_of": ["1", "2"]})
    first = await comments.thread(article_id, 1, None, 1, ["1", "2"])
    assert as_sent(first) == json.loads(answer.content)
    assert ThreadComment.__struct_fields__ == ShownComment._fields
    assert (first.count, first.counts) == (2, {"1": 0, "2": 2})
    second = await comments.thread(article_id, 1, first.next_cursor, 1)
    assert [one.id for one in first.items + second.items] == ["11", "12"]
    assert second.next_cursor is None
    assert second.items[0].edited is not None
    assert await comments.counts(["2", "3"]) == {"2": 2, "3": 0}
    assert first.cursor is None
    assert second.cursor == first.next_cursor
    await eventually(partial(comments.shown_counts, ["2", "3", "4"]), {"2": 2, "3": 0})
    newest = await comments.newest("2", None, 1)
    assert as_sent(newest) == json.loads(
        (await comments.service.get("/newest", whole, {"post_id": "2", "limit": 1})).content
    )
    older = await comments.newest(None, newest.next_cursor, 1)
    assert [(one.post_id, one.comment.id) for one in newest.items + older.items] == [("2", "12"), ("2", "11")]
    written = await comments.write_comment(sent(article_id, b'{"body": "Hm"}'))
    assert (written.shown_count, written.comment.body_html) == (3, "<p>Hm</p>\n")


async def test_problems_of_the_services_are_passed_on_in_their_words(stack: Stack) -> None:
    article_id = await a_full_article(stack)
    posts, comments = upstreams(stack).posts, upstreams(stack).comments
    nobody = Principal("key:none", frozenset())
    cases: list[tuple[Awaitable[Any], int, str]] = [
        (posts.article_by_id("5", 5), 404, "not-found"),
        (posts.article_by_path("/nope", 5), 404, "not-found"),
        (posts.commenting("5"), 404, "not-found"),
        (posts.articles({"cursor": "*"}), 422, "invalid"),
        (posts.articles({"limit": 101}), 422, "invalid"),
        (posts.service.post("/posts", b"{", OPERATOR, timeout_s=5), 400, "bad-request"),
        (posts.service.post("/posts", b'{"title": "T", "body_html": "b"}', nobody, timeout_s=5), 403, "forbidden"),
        (comments.thread(article_id, 1, "*", 5), 422, "invalid"),
        (comments.write_comment(sent(article_id, b'{"body": "x", "parent_id": "5"}')), 422, "invalid"),
        (comments.write_comment(sent(article_id, b"{")), 400, "bad-request"),
    ]
    for call, status, slug in cases:
        with pytest.raises(PassedOn) as passed:
            await call
        assert passed.value.status == status
        members = passed.value.members()
        assert members["type"] == f"urn:dateline:problem:{slug}"
        assert "request_id" not in members
        assert bool(passed.value.errors) == (slug == "invalid")


Ask = Callable[[Upstreams], Awaitable[Any]]
ASKS: list[Ask] = [
    lambda up: up.posts.article_by_id("1", 5),
    lambda up: up.posts.article_by_path("/x", 5),
    lambda up: up.posts.articles({}),
    lambda up: up.posts.commenting("1"),
    lambda up: up.posts.check_key("k", 1.0),
    lambda up: up.comments.thread("1", 1, None, 1),
    lambda up: up.comments.counts(["1"]),
    lambda up: up.comments.write_comment(sent("1", b"{}")),
    lambda up: up.comments.shown_counts(["1"]),
    lambda up: up.comments.newest(None, None, 1),
    lambda up: up.posts.live_posts([]),
]


def whole(answer: Answer) -> Answer:
    return answer


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> Upstreams:
    sender = Sender("http://service.example", {}, httpx.MockTransport(answer))
    return Upstreams(PostsClient(Service("posts", sender, 1.0)), CommentsClient(Service("comments", sender, 1.0)))


def always(answer: httpx.Response) -> Upstreams:
    return answering(lambda _request: answer)


@pytest.mark.parametrize(
    "answer",
    [
        *(
            httpx.Response(status, json={"type": "x", "title": "x", "status": status})
            for status in (500, 502, 503, 401)
        ),
        httpx.Response(200, text="{"),
        httpx.Response(200, html="<h1>It works!</h1>"),
        httpx.Response(200, json={}),
        httpx.Response(200, json=[1]),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(204),
        httpx.Response(302, headers={"Location": "https://login.example/"}),
        httpx.Response(301),
        httpx.Response(301, headers={"Location": "https://login.example/"}),
        httpx.Response(404, html="<h1>404</h1>"),
        httpx.Response(404, json=["not", "a", "problem"]),
        httpx.Response(404, json={"detail": "Not Found"}),
    ],
    ids=lambda answer: f"{answer.status_code}-{answer.text[:12]}",
)
async def test_what_is_no_answer_is_a_service_that_is_down(answer: httpx.Response) -> None:
    for ask in ASKS:
        with pytest.raises(ServiceDown):
            await ask(always(answer))


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.PoolTimeout, httpx.RemoteProtocolError])
async def test_no_answer_is_a_service_that_is_down(error: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("on purpose", request=request)

    for ask in ASKS:
        with pytest.raises(ServiceDown) as down:
            await ask(answering(fail))
        assert down.value.service in {"posts", "comments"}


async def test_members_that_the_gateway_does_not_know_are_ignored(stack: Stack) -> None:
    article_id = await a_full_article(stack)
    real = upstreams(stack)
    asks: list[tuple[Service, str, Ask]] = [
        (real.posts.service, f"/articles/{article_id}", lambda up: up.posts.article_by_id(article_id, 5)),
        (real.posts.service, "/articles", lambda up: up.posts.articles({})),
        (real.comments.service, f"/threads/{article_id}", lambda up: up.comments.thread(article_id, 1, None, 200)),
    ]
    for service, path, ask in asks:
        sent = json.loads((await service.get(path, whole)).content)
        assert await ask(always(httpx.Response(200, json=with_more(sent)))) == await ask(real)


def with_more(value: Any) -> Any:
    """The same JSON with another member in every object whose members have names of their own."""
    if isinstance(value, list):
        return [with_more(one) for one in value]
    if isinstance(value, dict):
        inside = {name: with_more(one) for name, one in value.items()}
        return inside if not value or all(name.isdigit() for name in value) else inside | {"new_member": [{"deep": 1}]}
    return value
