"""What posts said of an article is asked for once, until it changes or posts are gone."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.common.followed import FollowedService
from services.common.sender import Sender
from services.gateway.cache.store import Store
from services.gateway.evict.follower import Follower
from tests.databases import SqliteFiles
from tests.gateway.caching import caching_stack, settled, store_of
from tests.posts.listing import edit, put_through
from tests.stack import Stack


@pytest.fixture
async def stack(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Stack]:
    async with caching_stack(sqlite_files, tmp_path) as running:
        yield running


async def commented(stack: Stack, article_id: str, body: str = "Well said.") -> tuple[int, int]:
    """The status, and how many calls it took to get it."""
    with stack.recorder.recording() as costs:
        answer = await stack.reader.post(f"/api/v1/articles/{article_id}/comments", json={"body": body})
    return answer.status_code, len(costs.calls)


async def test_an_article_is_asked_for_once(stack: Stack) -> None:
    article_id = (await stack.post())["id"]
    await settled(stack)
    assert [await commented(stack, article_id) for _ in range(3)] == [(201, 2), (201, 1), (201, 1)]


async def test_a_change_is_asked_for(stack: Stack) -> None:
    article_id = (await stack.post())["id"]
    await settled(stack)
    assert [await commented(stack, article_id) for _ in range(2)] == [(201, 2), (201, 1)]
    await edit(stack, article_id, comment_policy="closed")
    assert await commented(stack, article_id) == (409, 2)
    await edit(stack, article_id, comment_policy="open")
    assert await commented(stack, article_id) == (201, 2)
    await put_through(stack, article_id, "trash")
    assert await commented(stack, article_id) == (404, 1)


async def test_without_eviction_comments_have_the_last_word(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    article_id = (await stack.post())["id"]
    await settled(stack)
    assert await commented(stack, article_id) == (201, 2)
    monkeypatch.setattr(Store, "evict", lambda *_: None)
    await edit(stack, article_id, comment_policy="closed")
    await settled(stack)
    assert await commented(stack, article_id) == (409, 1)


async def test_what_a_service_said_is_not_believed_once_it_is_gone(stack: Stack) -> None:
    article_id = (await stack.post())["id"]
    await settled(stack)
    assert [await commented(stack, article_id) for _ in range(2)] == [(201, 2), (201, 1)]
    stack.take_away("posts")
    await Follower("posts", FollowedService(answering_nothing()), store_of(stack)).follow()
    assert (await commented(stack, article_id))[0] == 503


def answering_nothing() -> Sender:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("on purpose", request=request)

    return Sender("http://posts", {}, httpx.MockTransport(refuse))
