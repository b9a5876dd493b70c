"""Compositions and evictions that cross each other, and feeds that lose, repeat, reorder and forget."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.common.callers import caller_headers
from services.common.change_feed import ChangeCursor
from services.common.followed import FollowedService
from services.common.job_runs import JobRuns
from services.common.secret_files import load_or_create_secret
from services.common.sender import Sender
from services.gateway.cache.entries import Entry
from services.gateway.cache.store import Store
from services.gateway.calls.patience import Patience
from services.gateway.evict.follower import Follower
from services.gateway.evict.following import following
from tests.apps import apps
from tests.comments.following import eventually
from tests.databases import Databases, SqliteFiles
from tests.gateway.caching import cache_of, caching_stack, settled, status_of, store_of
from tests.posts.listing import edit, put_through
from tests.recorder import SwitchableTransport
from tests.stack import PUBLIC_URL, Stack


@pytest.fixture
async def stack(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Stack]:
    async with caching_stack(sqlite_files, tmp_path) as running:
        yield running


class Gate(httpx.AsyncBaseTransport):
    """Stops the answers to some calls, once the service has given them."""

    def __init__(self, switch: SwitchableTransport, path: str) -> None:
        self._inner = switch._inner
        self._path = path
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        switch.instead = self

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        if request.url.path.startswith(self._path) and not self.opened.is_set():
            self.reached.set()
            await self.opened.wait()
        return answer


async def crossed(stack: Stack) -> tuple[str, list[str]]:
    """What is said of a page whose thread was read before a comment, and what readers get after that comment."""
    post = await stack.post(title="Crossed")
    await settled(stack)
    gate = Gate(stack.upstreams["comments"], "/threads/")
    early = asyncio.create_task(stack.reader.get(post["path"]))
    await gate.reached.wait()
    stack.bring_back("comments")
    await stack.comment(post["id"], "In between")
    late = asyncio.create_task(stack.reader.get(post["path"]))
    await asyncio.sleep(0)
    gate.opened.set()
    return status_of(await early), [(await late).text, (await stack.reader.get(post["path"])).text]


async def test_page_that_was_evicted_while_it_was_composed_is_not_stored(stack: Stack) -> None:
    early, after = await crossed(stack)
    assert early == "fwd=miss"
    assert ["In between" in text for text in after] == [True, True], "whoever has written reads it"


async def test_without_the_guard_it_would_be(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "was_evicted", lambda *_: False)
    early, after = await crossed(stack)
    assert early == "fwd=miss; stored"
    assert "In between" not in after[0]  # later what follows the feed may have mended it


async def test_what_a_comment_touches_need_not_be_asked_for(stack: Stack) -> None:
    post = await stack.post()
    await settled(stack)
    assert [status_of(await stack.reader.get(post["path"])) for _ in range(2)] == ["fwd=miss; stored", "hit"]
    cache, asked = cache_of(stack), list[set[str]]()

    async def catch_up(services: Collection[str]) -> None:
        asked.append(set(services))

    cache.catch_up = catch_up
    evictions = store_of(stack).now
    answer = await stack.reader.post(f"/api/v1/articles/{post['id']}/comments", json={"body": "Seen at once"})
    assert (answer.status_code, asked) == (201, [])
    assert f"thread:{post['id']}" in store_of(stack).evicted_since(evictions)
    assert "Seen at once" in (await stack.reader.get(post["path"])).text
    await stack.post()
    assert asked == [{"posts"}], "the control: whose tags are not told is asked"


async def test_nothing_is_remembered_when_nothing_is_composed(stack: Stack) -> None:
    await crossed(stack)
    store = store_of(stack)
    assert (store._composing, store._evicted, cache_of(stack)._flights) == (0, {}, {})


class SecondGateway:
    """The store of another gateway process: it follows, and forwards nothing."""

    def __init__(self, stack: Stack) -> None:
        self.store = Store(1_000_000, ("posts", "comments"))
        self.feeds = {name: SwitchableTransport(name, stack.upstreams[name]._inner) for name in ("posts", "comments")}

    async def heard(self) -> str:
        return "trusted" if self.store.trusted_until else "not yet"

    def evicts(self, tag: str) -> asyncio.Event:
        """Set when something with the tag is evicted, or everything is."""
        evicted = asyncio.Event()
        evict, empty = self.store.evict, self.store.empty

        def evicting(tags: Any) -> None:
            tags = set(tags)
            evict(tags)
            if tag in tags:
                evicted.set()

        def emptying() -> None:
            empty()
            evicted.set()

        self.store.evict, self.store.empty = evicting, emptying  # type: ignore[method-assign]  # stopped in the middle
        return evicted


async def within_a_second(evicted: asyncio.Event) -> bool:
    """A second of this process's own time: what a busy machine takes away is not counted."""
    return await Patience(1.0, math.inf).wait_for(evicted.wait())


async def test_other_gateways_follow_within_a_second(databases: Databases, tmp_path: Path) -> None:
    async with caching_stack(databases, tmp_path) as stack:
        gateway = SecondGateway(stack)
        async with following(apps(PUBLIC_URL).gateway_settings, gateway.feeds, gateway.store, JobRuns("gateway")):
            await eventually(gateway.heard, "trusted")
            post = await stack.post()
            await settled(stack)
            for tag, change in (
                (f"post:{post['id']}", partial(edit, stack, post["id"], title="New")),
                (f"thread:{post['id']}", partial(stack.comment, post["id"])),
                (f"post:{post['id']}", partial(put_through, stack, post["id"], "trash")),
            ):
                evicted = gateway.evicts(tag)
                await change()
                assert await within_a_second(evicted), tag


Damage = Callable[[list[Any]], list[Any]]


class Damaged(httpx.AsyncBaseTransport):
    """Does something to the changes on their way, but leaves the place alone."""

    def __init__(self, stack: Stack) -> None:
        self._inner = stack.upstreams["posts"]
        self.damage: Damage | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        if self.damage is None:
            return answer
        body = json.loads(await answer.aread())
        return httpx.Response(answer.status_code, json=body | {"items": self.damage(body["items"])}, request=request)


@dataclass
class Followed:
    """A follower whose steps the test takes, and a store with a page that shows a post."""

    feed: Damaged
    store: Store
    follower: Follower
    post_id: str

    def store_page(self) -> None:
        entry = Entry([], b"x", {f"post:{self.post_id}"}, 0.0, 60.0)
        assert self.store.put("/", entry, self.store.now)

    @property
    def is_stored(self) -> bool:
        return "/" in self.store.entries


@pytest.fixture
async def followed(stack: Stack) -> AsyncIterator[Followed]:
    feed, store = Damaged(stack), Store(1_000_000, ["posts"])
    headers = caller_headers("gateway", load_or_create_secret(apps(PUBLIC_URL).secrets, "gateway"))
    service = FollowedService(Sender("http://posts", headers, feed))
    found = Followed(feed, store, Follower("posts", service, store), (await stack.post())["id"])
    entry = Entry([], b"x", {"list"}, 0.0, 60.0)
    assert not store.put("/", entry, store.now), "nothing is stored before the place is known"
    assert await found.follower.follow() == 1
    found.store_page()
    yield found
    await service.close()


DAMAGES: list[tuple[Damage, bool]] = [
    (lambda items: items[:0], True),
    (lambda items: items[1:], True),
    (lambda items: items * 2, False),
    (lambda items: items[::-1], False),
]


@pytest.mark.parametrize(("damage", "is_lost"), DAMAGES, ids=["all lost", "one lost", "doubled", "reordered"])
async def test_the_sweep_finds_what_was_lost(stack: Stack, followed: Followed, damage: Damage, is_lost: bool) -> None:
    for title in ("Changed", "And again"):
        await edit(stack, followed.post_id, title=title)
        await stack.post()
    followed.feed.damage = damage
    await followed.follower.follow()
    followed.feed.damage = None
    if damage(["first", "last"]) != ["last"]:
        assert followed.is_stored == is_lost
    await followed.follower.sweep()
    assert not followed.is_stored
    followed.store_page()
    for _ in range(2):
        await followed.follower.sweep()
    assert followed.is_stored, "what was heard of is not evicted again"


async def test_who_cannot_tell_evicts_everything(stack: Stack, followed: Followed) -> None:
    follower = followed.follower
    follower._place = ChangeCursor(0, 10_000, 5).encode()
    assert await follower.follow() == 0
    assert not followed.is_stored
    assert await follower.follow() == 1, "it begins anew"
    followed.store_page()
    follower._place = follower._swept = ChangeCursor(0, 1, 5).encode()
    await follower.sweep()
    assert not followed.is_stored
    await follower.follow()
    followed.store_page()
    stack.take_away("posts")
    await follower.catch_up()
    assert not followed.is_stored, "a write whose change cannot be asked for"


async def test_pages_are_trusted_for_a_while_without_their_owners(stack: Stack) -> None:
    post = await stack.post()
    await settled(stack)
    await stack.reader.get(post["path"])
    assert status_of(await stack.reader.get(post["path"])) == "hit"
    store = store_of(stack)
    store.heard_of("comments", store.heard["comments"] - 31)
    again = await stack.reader.get(post["path"])
    assert status_of(again) == "fwd=miss; stored"
    store.heard_of("comments", store.heard["comments"] + 31)
    assert status_of(await stack.reader.get(post["path"])) == "hit"
