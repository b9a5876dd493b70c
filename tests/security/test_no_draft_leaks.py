"""What is not public stays out of every readable surface: posts that are not live, and comments that are not shown."""

import re
from typing import Any

import httpx
from sqlalchemy import update

from services.comments.tables import comments
from services.posts.tables import posts
from tests.security.hidden import HIDDEN_PATHS, MISSING_ID, PUBLIC, SECRET, SILENT_PATH, World, hidden_world
from tests.security.inside import database_of
from tests.security.surfaces import HTML, JSON, addresses, everything_said, read_all
from tests.stack import Stack


def _finds(read: dict[tuple[str, str], httpx.Response], word: str) -> list[tuple[str, str]]:
    return [place for place, answer in read.items() if word in everything_said(answer).lower()]


async def test_hidden_posts_and_comments_are_in_no_surface(stack: Stack) -> None:
    """The control makes all of it public and finds it in the same walk."""
    world = await hidden_world(stack)
    found = addresses(stack.gateway, world.values())

    read = await read_all(stack, found)

    assert _finds(read, SECRET) == []
    assert max(answer.status_code for answer in read.values()) < 500
    assert {address for address, _ in _finds(read, PUBLIC)} >= {
        "/",
        "/api/v1/articles",
        world.live["path"],
        f"/api/v1/articles/{world.live['id']}",
        f"/api/v1/articles/{world.live['id']}/comments",
        f"/api/v1/articles/{world.silent_id}",
        SILENT_PATH,
    }
    assert read["/api/v1/articles/" + world.live["id"], JSON["Accept"]].json()["comments"]["count"] == 1

    await database_of(stack, "posts").write(
        lambda writes: writes.execute(update(posts).where(posts.c.path.is_not(None)).values(state="live"))
    )
    await database_of(stack, "comments").write(
        lambda writes: writes.execute(update(comments).where(comments.c.state != "live").values(state="live"))
    )
    assert len(_finds(await read_all(stack, found, [HTML]), SECRET)) > 20


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
        for pattern in ("/api/v1/articles/{}", "/api/v1/articles/{}/comments", "/articles/{}/comments"):
            missing = await compared("GET", pattern.format(MISSING_ID), headers=accept)
            assert missing[0] == 404
            for post_id in world.hidden_ids:
                assert await compared("GET", pattern.format(post_id), headers=accept) == missing
        for pattern in ("{}", "/api/v1/articles/by-path?path={}"):
            missing = await compared("GET", pattern.format("/2022/02/missing.html"), headers=accept)
            assert missing[0] == 404
            for path in HIDDEN_PATHS:
                assert await compared("GET", pattern.format(path), headers=accept) == missing
        parent = world.unshown_comment_ids[0]
        for sent in ({"json": {"body": "x", "parent_id": parent}}, {"data": {"body": "x", "parent_id": parent}}):
            pattern = "/api/v1/articles/{}/comments" if "json" in sent else "/articles/{}/comments"
            missing = await compared("POST", pattern.format(MISSING_ID), headers=accept, **sent)
            assert missing[0] == 404
            for post_id in world.hidden_ids:
                assert await compared("POST", pattern.format(post_id), headers=accept, **sent) == missing


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
