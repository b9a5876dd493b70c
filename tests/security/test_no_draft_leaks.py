"""What is not public stays out of every readable surface: posts that are not live, and comments that are not shown."""

import re
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import update

from services.comments.tables import comments
from tests.security.hidden import (
    HIDDEN_PATHS,
    MISSING_ID,
    PUBLIC,
    SECRET,
    SECRET_LABEL,
    SILENT_PATH,
    UNKNOWN,
    World,
    hidden_world,
    publish_hidden,
)
from tests.security.inside import database_of
from tests.security.surfaces import HTML, JSON, addresses, everything_said, read_all, read_each
from tests.stack import Stack

Read = Mapping[tuple[str, str], httpx.Response]
KEYS_ONLY: Final = [
    "/api/v1/posts?state={state}",
    "/api/v1/posts/{id}",
    "/api/v1/posts/{id}/revisions",
    "/api/v1/posts/{id}/revisions/1",
    "/api/v1/posts/{id}/revisions/1/diff",
]


def _finds(read: Read, word: str) -> list[tuple[str, str]]:
    return [place for place, answer in read.items() if word in everything_said(answer).lower()]


def _asks(address: str) -> bool:
    """Whether the secret is said by the one who asks, as words to look for or as a label, and may be said again."""
    return re.search(rf"{SECRET[:-1]}(?!z-)", address) is not None


async def _assert_asking_is_in_vain(stack: Stack, read: Read) -> None:
    """Who guesses the secret is answered as with a word that is nowhere."""
    asked = [place for place in read if _asks(place[0])]
    assert len(asked) > 50
    for place in asked:
        address, accept = place
        unknown = await stack.reader.get(address.replace(SECRET[:-1], UNKNOWN[:-1]), headers={"Accept": accept})
        assert everything_said(read[place]) == everything_said(unknown).replace(UNKNOWN[:-1], SECRET[:-1]), place


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_hidden_posts_and_comments_are_in_no_surface(stack: Stack) -> None:
    """The control makes all of it public and finds it in the same walk."""
    world = await hidden_world(stack)
    found = addresses(stack.gateway, world.values())

    read = await read_each(stack, found)

    assert [place for place in _finds(read, SECRET) if not _asks(place[0])] == []
    await _assert_asking_is_in_vain(stack, read)
    assert max(answer.status_code for answer in read.values()) < 500
    assert {address for address, _ in _finds(read, PUBLIC)} >= {
        "/",
        "/search?q=label%3AShared",
        "/search/label/Shared",
        "/2022/",
        "/api/v1/articles",
        "/api/v1/articles?label=Shared",
        "/api/v1/articles?q=-qzsecretqz",
        "/api/v1/articles?year=2022&month=2",
        "/api/v1/authors",
        world.live["path"],
        f"/api/v1/articles/{world.live['id']}",
        f"/api/v1/articles/{world.live['id']}/comments",
        f"/api/v1/articles/{world.silent_id}",
        "/api/v1/comments/newest",
        "/feeds/comments/default",
        f"/feeds/{world.live['id']}/comments/default",
        SILENT_PATH,
    }
    assert read["/api/v1/articles/" + world.live["id"], JSON["Accept"]].json()["comments"]["count"] == 1

    await publish_hidden(stack, world)
    await database_of(stack, "comments").write(
        lambda writes: writes.execute(update(comments).where(comments.c.state != "live").values(state="live"))
    )
    shown = {address for address, _ in _finds(await read_all(stack, found, [HTML]), SECRET)}
    assert len(shown) > 100
    assert shown >= {
        "/",
        "/2022/",
        "/api/v1/articles",
        "/api/v1/articles?label=Shared",
        f"/api/v1/articles?author={world.hidden_author_id}",
        "/api/v1/authors",
        "/api/v1/labels",
        "/search",
        "/search?q=label%3AShared",
        "/search/label/Shared",
        "/feeds/posts/default",
        "/feeds/comments/default",
        "/api/v1/comments/newest",
        f"/feeds/{world.hidden_ids[0]}/comments/default",
        f"/api/v1/comments/newest?article_id={world.hidden_ids[0]}",
        *HIDDEN_PATHS,
    }


async def test_what_is_hidden_is_not_counted(stack: Stack) -> None:
    """Nor shifts a page's end. The control makes it public and counts it."""
    world = await hidden_world(stack)

    async def counted() -> list[Any]:
        archive = (await stack.reader.get("/api/v1/archive")).json()["years"]
        labels = (await stack.reader.get("/api/v1/labels")).json()["items"]
        authors = (await stack.reader.get("/api/v1/authors")).json()["items"]
        listed = (await stack.reader.get("/api/v1/articles", params={"label": "Shared", "limit": 3})).json()
        months = [(one["month"], one["count"]) for year in archive for one in year["months"]]
        return [
            [(year["year"], year["count"]) for year in archive],
            months,
            [(one["name"], one["live_count"]) for one in labels],
            [(one["name"], one["live_count"]) for one in authors],
            (len(listed["items"]), listed["next_cursor"] is None),
        ]

    assert await counted() == [[(2022, 3)], [(2, 3)], [("Shared", 3)], [(f"{PUBLIC} author", 1)], (3, True)]
    await publish_hidden(stack, world)
    labels = [("Shared", 7), (SECRET_LABEL, 3)]
    authors = [(f"{PUBLIC} author", 2), (f"{SECRET} author", 3)]
    assert await counted() == [[(2022, 7)], [(2, 7)], labels, authors, (3, False)]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_what_takes_a_key_tells_readers_nothing(stack: Stack) -> None:
    """Whatever is asked for, hidden, live or missing: the same 401. The control has a key."""
    world = await hidden_world(stack)
    editor = await stack.key("posts:read-drafts")
    told, shown = set(), set()
    for post_id in [*world.hidden_ids, world.live["id"], MISSING_ID]:
        for pattern in KEYS_ONLY:
            address = pattern.format(id=post_id, state="draft")
            answer = await stack.reader.get(address)
            told.add((answer.status_code, everything_said(answer)))
            shown.add((await editor.get(address)).status_code)
    for address in ("/api/v1/labels?unused=true", "/api/v1/authors?unused=true"):
        answer = await stack.reader.get(address)
        told.add((answer.status_code, everything_said(answer)))
    assert [status for status, _ in told] == [401]
    assert shown == {200, 404}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_hidden_threads_are_not_counted_anywhere(stack: Stack) -> None:
    """Its seven comments tell nothing: not in lists, not beside links to it, not on its page."""
    world = await hidden_world(stack)

    few = world.values() | {"article_id": [world.live["id"], world.silent_id], "path": [SILENT_PATH], "cursor": []}
    read = await read_all(stack, addresses(stack.gateway, few))

    told = [(place, one) for place, answer in read.items() for one in _objects(answer) if _is_silent(one, world)]
    assert len(told) > 4, "the control: it is listed and linked"
    assert [(place, one["comment_count"]) for place, one in told if one["comment_count"] is not None] == []
    assert not any(re.search(r"\b7 comments", answer.text) for answer in read.values())


def _is_silent(one: dict[str, Any], world: World) -> bool:
    return "comment_count" in one and world.silent_id in [one.get("id"), one.get("article_id")]


def _objects(answer: httpx.Response) -> list[dict[str, Any]]:
    """Every JSON object in an answer, however deep."""
    waiting, found = [answer.json()] if "json" in answer.headers.get("Content-Type", "") else [], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found.append(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_hidden_answers_are_those_of_missing_things(stack: Stack) -> None:
    """Reading and commenting alike, to the byte but for the request id."""
    world = await hidden_world(stack)

    async def compared(method: str, address: str, **options: Any) -> tuple[int, str, list[tuple[str, str]]]:
        answer = await stack.reader.request(method, address, **options)
        request_id = answer.headers["X-Request-Id"]
        return answer.status_code, answer.text.replace(request_id, ""), [
            header for header in answer.headers.multi_items() if header[0] != "x-request-id"
        ]  # fmt: skip

    for accept in (JSON, HTML):
        for pattern in (
            "/api/v1/articles/{}",
            "/api/v1/articles/{}/comments",
            "/articles/{}/comments",
            "/feeds/{}/comments/default",
        ):
            missing = await compared("GET", pattern.format(MISSING_ID), headers=accept)
            assert missing[0] == 404
            for post_id in world.hidden_ids:
                assert await compared("GET", pattern.format(post_id), headers=accept) == missing
        for pattern in ("{}", "/api/v1/articles/by-path?path={}"):
            missing = await compared("GET", pattern.format("/2022/02/missing.html"), headers=accept)
            assert missing[0] == 404
            for path in HIDDEN_PATHS:
                assert await compared("GET", pattern.format(path), headers=accept) == missing
        missing = await compared("GET", f"/api/v1/authors/{MISSING_ID}", headers=accept)
        assert missing[0] == 404
        assert await compared("GET", f"/api/v1/authors/{world.hidden_author_id}", headers=accept) == missing
        parent = world.unshown_comment_ids[0]
        for sent in ({"json": {"body": "x", "parent_id": parent}}, {"data": {"body": "x", "parent_id": parent}}):
            pattern = "/api/v1/articles/{}/comments" if "json" in sent else "/articles/{}/comments"
            missing = await compared("POST", pattern.format(MISSING_ID), headers=accept, **sent)
            assert missing[0] == 404
            for post_id in world.hidden_ids:
                assert await compared("POST", pattern.format(post_id), headers=accept, **sent) == missing


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_comments_of_hidden_posts_are_listed_and_counted_as_those_of_missing_ones(stack: Stack) -> None:
    world = await hidden_world(stack)
    for address in ("/api/v1/comments/newest?limit=1&article_id=", "/api/v1/comments/counts?article_id="):
        told = {one: (await stack.reader.get(address + one)).text for one in (*world.hidden_ids, world.silent_id)}
        missing = await stack.reader.get(address + MISSING_ID)
        assert missing.status_code == 200
        assert set(told.values()) == {missing.text}
        assert (await stack.reader.get(address + world.live["id"])).text != missing.text, "the control"


async def test_answering_unshown_comments_is_answering_missing_ones(stack: Stack) -> None:
    world = await hidden_world(stack)
    address = f"/api/v1/articles/{world.live['id']}/comments"

    async def refused(parent_id: str) -> tuple[int, str]:
        answer = await stack.reader.post(address, json={"body": "x", "parent_id": parent_id})
        return answer.status_code, answer.text.replace(answer.headers["X-Request-Id"], "")

    missing = await refused(MISSING_ID)
    shown = (await stack.comment(world.live["id"]))["id"]

    assert missing[0] == 422
    assert [await refused(comment_id) for comment_id in world.unshown_comment_ids] == [missing] * 4
    assert (await refused(shown))[0] == 201, "the control"
