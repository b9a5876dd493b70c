"""Posts that wait for their time: they come once, whatever restarts, and nothing counts them before."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.posts.tables import changes
from tests.databases import Databases
from tests.gateway.inside import outbox, publish_what_is_due
from tests.posts.editing import acted, eventually, is_shown, listed_ids, patched, read
from tests.stack import Stack, running_stack

DUE = "2026-04-15T00:00:00Z"


@dataclass
class SameDatabases:
    """The databases that were made first, for everybody who asks."""

    urls: dict[str, str]

    @classmethod
    async def of(cls, databases: Databases, folder: Path) -> "SameDatabases":
        return cls({service: await databases.fresh(service, folder) for service in ("posts", "comments")})

    async def fresh(self, service: str, folder: Path) -> str:  # noqa: ARG002 as others have it
        return self.urls[service]

    async def empty(self, folder: Path) -> str:
        raise NotImplementedError

    def take_back(self) -> None:
        raise NotImplementedError


async def shown(stack: Stack) -> list[Any]:
    """Everything by which readers could know of a post labelled L."""
    labels = (await stack.reader.get("/api/v1/labels")).json()["items"]
    authors = (await stack.reader.get("/api/v1/authors")).json()["items"]
    counts = [(one["name"], one["live_count"]) for one in (*labels, *authors)]
    archive = [(one["year"], one["count"]) for one in (await stack.reader.get("/api/v1/archive")).json()["years"]]
    lists = [await listed_ids(stack, **by) for by in ({}, {"label": "L"}, {"q": "waiting"}, {"q": "label:L"})]
    return [counts, archive, lists]


async def test_a_post_is_nowhere_until_its_time_and_then_everywhere(stack: Stack) -> None:
    author = (await stack.operator.post("/api/v1/authors", json={"name": "Ann"})).json()
    post = await stack.post(title="Waiting", labels=["L"], author_id=author["id"], published=DUE)
    assert (post["state"], post["path"]) == ("scheduled", "/2026/04/waiting.html")
    assert await publish_what_is_due(stack) == 0
    assert await shown(stack) == [[], [], [[], [], [], []]]
    assert not await is_shown(stack, post)
    assert (await stack.reader.get(post["path"])).status_code == 404
    assert [one[0] for one in await outbox(stack, "posts", changes)] == ["author.created", "post.created"]

    stack.clock.now += timedelta(days=60)
    await eventually(lambda: is_shown(stack, post))
    assert await publish_what_is_due(stack) == 0
    only = [post["id"]]
    assert await shown(stack) == [[("L", 1), ("Ann", 1)], [(2026, 1)], [only, only, only, only]]
    assert (await stack.reader.get(post["path"])).status_code == 200
    live = await read(stack, f"posts/{post['id']}")
    assert live == post | {"state": "live", "version": 2}
    touched = [f"post:{post['id']}", "list", "label:L"]
    assert (await outbox(stack, "posts", changes))[2:] == [("post.published", post["id"], 2, touched)]


async def test_many_come_at_once_each_once(stack: Stack) -> None:
    posts = [await stack.post(title=f"T {number}", labels=["L"], published=DUE) for number in range(60)]
    stack.clock.now += timedelta(days=60)
    await asyncio.gather(*(publish_what_is_due(stack) for _ in range(4)))
    assert sorted(await listed_ids(stack, label="L", limit=100)) == sorted(post["id"] for post in posts)
    told = [one[1] for one in await outbox(stack, "posts", changes) if one[0] == "post.published"]
    assert sorted(told) == sorted(post["id"] for post in posts)
    assert (await read(stack, "labels"))["items"][0]["live_count"] == 60


async def test_what_fell_due_while_nothing_ran_comes_at_the_start(databases: Databases, tmp_path: Path) -> None:
    same = await SameDatabases.of(databases, tmp_path)
    async with running_stack(same, tmp_path) as before:
        post = await before.post(title="Waiting", labels=["L"], published="2026-03-14T15:09:30Z")
        assert not await is_shown(before, post)
    for _ in range(2):
        async with running_stack(same, tmp_path) as after:
            after.clock.now += timedelta(days=1)
            await eventually(lambda now=after: is_shown(now, post))  # type: ignore[misc]  # a default binds it
            assert [one[0] for one in await outbox(after, "posts", changes)] == ["post.created", "post.published"]
            assert (await read(after, "labels"))["items"][0]["live_count"] == 1


async def test_two_services_on_one_database_publish_once(databases: Databases, tmp_path: Path) -> None:
    if databases.__class__.__name__ == "SqliteFiles":
        pytest.skip("a SQLite file is one process's")
    same = await SameDatabases.of(databases, tmp_path)
    async with AsyncExitStack() as running:
        one, other = [await running.enter_async_context(running_stack(same, tmp_path)) for _ in range(2)]
        posts = [await one.post(title=f"T {number}", labels=["L"], published=DUE) for number in range(60)]
        for stack in (one, other):
            stack.clock.now += timedelta(days=60)
        await asyncio.gather(*(publish_what_is_due(stack) for stack in (one, other, one, other)))
        await eventually(lambda: is_shown(other, posts[-1]))
        await eventually(lambda: is_shown(one, posts[0]))
        told = [found[1] for found in await outbox(other, "posts", changes) if found[0] == "post.published"]
        assert sorted(told) == sorted(post["id"] for post in posts)
        assert (await read(other, "labels"))["items"][0]["live_count"] == 60
        await patched(other, posts[0], title="Changed there")
        assert (await read(one, f"posts/{posts[0]['id']}"))["title"] == "Changed there"


async def test_a_post_that_is_due_can_be_edited_before_the_job_comes(stack: Stack) -> None:
    post = await stack.post(title="Waiting", labels=["L"], published=DUE)
    stack.clock.now += timedelta(days=60)
    edited = await patched(stack, post, title="Edited")
    assert edited["state"] == "live"
    assert await publish_what_is_due(stack) == 0
    assert (await read(stack, "labels"))["items"][0]["live_count"] == 1
    kinds = [one[0] for one in await outbox(stack, "posts", changes)]
    assert kinds.count("post.published") == 1


async def test_a_post_taken_back_or_trashed_does_not_come(stack: Stack) -> None:
    posts = [await stack.post(title=title, published=DUE) for title in ("Reverted", "Trashed", "Left")]
    await acted(stack, posts[0], "revert")
    await acted(stack, posts[1], "trash")
    stack.clock.now += timedelta(days=60)
    await eventually(lambda: is_shown(stack, posts[2]))
    assert await listed_ids(stack) == [posts[2]["id"]]
