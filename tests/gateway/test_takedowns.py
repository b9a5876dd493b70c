"""What was taken down is shown by no gateway process any more, also when its service dies over it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from services.cli.started import started
from services.common.app import FrontedApp
from services.common.in_process import InProcessTransport
from services.gateway.app import create_app
from services.gateway.cache import takedowns
from services.gateway.cache.entries import Entry
from services.gateway.cache.page_cache import PageCache
from services.gateway.cache.store import Store
from services.gateway.cache.takedowns import Takedowns
from services.gateway.clients.takes_down import taken_down_by
from tests.comments.following import eventually
from tests.databases import Databases, SqliteFiles
from tests.gateway.caching import caching_stack, settled, status_of, store_of
from tests.gateway.reading import assert_problem
from tests.recorder import SwitchableTransport
from tests.stack import PUBLIC_URL, Stack

STALE = "hit; fwd=stale; fwd-status=503"


class Dying(httpx.AsyncBaseTransport):
    """A service that dies over one call: it does what it is asked, and is never heard of again."""

    def __init__(self, switch: SwitchableTransport) -> None:
        self._inner = switch._inner
        self._last: str | None = None
        self._answers = False
        self._is_dead = False
        switch.instead = self

    def dies_over(self, method: str, *, answers: bool) -> None:
        self._last, self._answers = method, answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._is_dead:
            raise httpx.ConnectError("it is dead", request=request)
        is_last = request.method == self._last
        answer = await self._inner.handle_async_request(request)
        if is_last:
            self._is_dead = True
            if self._answers:
                return answer
        if self._is_dead:
            raise httpx.ReadError("it died", request=request)
        return answer


@dataclass(frozen=True)
class Two:
    """Two gateway processes before the same services."""

    stack: Stack
    other: httpx.AsyncClient
    other_store: Store
    dying: dict[str, Dying]

    async def get(self, path: str) -> list[httpx.Response]:
        return [await reader.get(path) for reader in (self.stack.reader, self.other)]

    async def kept(self, path: str) -> None:
        for answer in await self.get(path):
            assert answer.status_code == 200, answer.text


@asynccontextmanager
async def two(databases: Databases, folder: Path) -> AsyncIterator[Two]:
    shared = {"takedowns": folder / "takedowns"}
    async with caching_stack(databases, folder, **shared) as stack:
        dying = {name: Dying(stack.upstreams[name]) for name in ("posts", "comments")}
        settings = stack.gateway.state["composer"].settings
        app = create_app(settings, stack.upstreams)
        async with started(app) as gateway:
            store = cast("PageCache", cast("FrontedApp", app).front)._store

            async def trusted() -> bool:
                return store.trusted_until > 0

            await eventually(trusted, True)
            other = httpx.AsyncClient(transport=InProcessTransport(gateway.app, gateway.state), base_url=PUBLIC_URL)
            yield Two(stack, other, store, dying)


async def no_longer_fresh(both: Two) -> None:
    """Long enough after the services were heard of for the last time."""
    for store in (store_of(both.stack), both.other_store):
        store.heard = dict.fromkeys(store.heard, 0.001 - store._trust_s)
        store.trusted_until = 0.001


Take = Callable[[Stack, dict[str, Any]], Awaitable[httpx.Response]]


async def deletes(stack: Stack, post: dict[str, Any]) -> httpx.Response:
    return await stack.operator.delete(f"/api/v1/posts/{post['id']}", headers={"If-Match": "*"})


@pytest.mark.parametrize("answers", [True, False], ids=["answered", "unknown outcome"])
async def test_a_deleted_post_is_gone_when_posts_dies_over_it(
    sqlite_files: SqliteFiles, tmp_path: Path, *, answers: bool
) -> None:
    async with two(sqlite_files, tmp_path) as both:
        gone, stays = [await both.stack.post(title=title) for title in ("Gone", "Stays")]
        await settled(both.stack)
        listed, alone = "/", f"/api/v1/articles/{stays['id']}/comments"
        for path in (gone["path"], listed, alone):
            await both.kept(path)
        both.dying["posts"].dies_over("DELETE", answers=answers)
        assert (await deletes(both.stack, gone)).status_code == (204 if answers else 503)
        await no_longer_fresh(both)
        for path in (gone["path"], listed, "/never-was.html"):
            for answer in await both.get(path):
                assert_problem(answer, 503, "unavailable")
                assert answer.headers["Retry-After"]
                assert "Gone" not in answer.text
        if not answers:  # else everything went with the feed that could not be read any more
            for answer in await both.get(alone):
                assert (answer.status_code, status_of(answer)) == (200, STALE)
                assert "Age" in answer.headers


async def test_a_removed_comment_is_gone_when_comments_dies_over_it(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    async with two(sqlite_files, tmp_path) as both:
        post = await both.stack.post()
        comment = await both.stack.comment(post["id"], "Begone")
        await settled(both.stack)
        for path in (post["path"], "/api/v1/labels"):
            await both.kept(path)
        both.dying["comments"].dies_over("POST", answers=False)
        decision = {"ids": [comment["id"]], "action": "remove"}
        refused = await both.stack.operator.post("/api/v1/comments/decisions", json=decision)
        assert_problem(refused, 503, "unavailable")
        await no_longer_fresh(both)
        both.stack.take_away("posts")
        for answer in await both.get(post["path"]):
            assert_problem(answer, 503, "unavailable")
        for answer in await both.get("/api/v1/labels"):
            assert status_of(answer) == STALE


async def test_what_was_refused_or_never_asked_takes_nothing_away(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    async with two(sqlite_files, tmp_path) as both:
        post = await both.stack.post()
        await settled(both.stack)
        await both.kept(post["path"])
        stale = await both.stack.operator.delete(f"/api/v1/posts/{post['id']}", headers={"If-Match": '"old"'})
        assert stale.status_code == 412
        both.stack.take_away("posts")
        assert (await deletes(both.stack, post)).status_code == 503
        await both.stack.reader.post("/api/v1/posts", json={}, headers={"Authorization": "Bearer dl_a_b_c"})
        await no_longer_fresh(both)
        for answer in await both.get(post["path"]):
            assert (answer.status_code, status_of(answer)) == (200, STALE)


def entry(*tags: str) -> Entry:
    return Entry([], b"x", frozenset(tags), 1.0, 60.0)


def full_store() -> Store:
    store = Store(1_000_000)
    store.heard_of("posts", 1.0)
    for number in range(3):
        assert store.put(f"/{number}", entry(f"post:{number}", f"thread:{number}"), store.now)
    assert store.put("/list", entry("list", "label:Ships & Boats\u2028é"), store.now)
    return store


async def test_others_evict_what_they_are_told(tmp_path: Path) -> None:
    path, store = tmp_path / "new" / "takedowns", full_store()
    teller, other = Takedowns(path, Store(10_000)), Takedowns(path, store)
    other.catch_up()
    assert len(store.entries) == 4
    await teller.tell({"post:1", "label:Ships & Boats\u2028é"})
    other.catch_up()
    assert set(store.entries) == {"/0", "/2"}
    late = full_store()
    Takedowns(path, late).catch_up()
    assert len(late.entries) == 4  # what was told before it began is in nothing that it keeps
    await teller.tell({"threads"})
    other.catch_up()
    assert not store.entries


async def test_a_file_that_is_full_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takedowns, "MAX_BYTES", 200)
    path, store = tmp_path / "takedowns", full_store()
    teller, other = Takedowns(path, Store(10_000)), Takedowns(path, store)
    for number in range(100):
        await teller.tell({f"post:{number + 100}"})
        assert path.stat().st_size <= 200
        if number == 10:
            other.catch_up()
    other.catch_up()
    assert not store.entries  # it cannot tell what it missed


async def test_a_disk_that_fails_ends_no_write(tmp_path: Path) -> None:
    store = full_store()
    await Takedowns(tmp_path, store).tell({"post:1"})
    assert "/1" not in store.entries


def test_writes_that_only_add_take_nothing_down() -> None:
    named: Callable[[str, str], str | None] = partial(taken_down_by)
    assert named("posts", "/posts/12") == named("posts", "/posts/12/trash") == "post:12"
    assert named("posts", "/authors/3") == "author:3"
    assert named("comments", "/comments/decisions") == named("comments", "/comments/12") == "threads"
    for service, path in (("posts", "/posts"), ("posts", "/keys/check"), ("comments", "/comments")):
        assert named(service, path) is None
    assert named("comments", "/comments/1/vote") is None
