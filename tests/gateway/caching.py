"""A stack whose gateway keeps pages, and what stands in its store."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx
from sqlalchemy import select

from services.comments.tables import posts_feed
from services.common.app import FrontedApp
from services.common.change_feed import ChangeCursor, present_end
from services.common.in_process import InProcessTransport
from services.gateway.cache.page_cache import PageCache
from services.gateway.cache.store import Store
from services.posts.tables import changes
from tests.comments.following import eventually
from tests.databases import Databases
from tests.gateway.inside import database
from tests.stack import PUBLIC_URL, Stack, running_stack

BOTH = ("posts", "comments")
_OF_ONE_COMPOSITION = re.compile(r'(name="(?:once|stamp)" value=")[^"]*')


@asynccontextmanager
async def caching_stack(databases: Databases, folder: Path, **settings: Any) -> AsyncIterator[Stack]:
    async with running_stack(databases, folder, **{"cache_mb": 8} | settings) as stack:
        await eventually(partial(trusted, stack), "trusted")
        yield stack


def cache_of(stack: Stack) -> PageCache:
    return cast("PageCache", cast("FrontedApp", stack.gateway.app).front)


def store_of(stack: Stack) -> Store:
    return cache_of(stack)._store


async def trusted(stack: Stack) -> str:
    """Whether both services have been heard of."""
    return "trusted" if store_of(stack).trusted_until > 0 else "not yet"


def past_the_cache(stack: Stack) -> httpx.AsyncClient:
    inside = cast("FrontedApp", stack.gateway.app).inside
    return httpx.AsyncClient(transport=InProcessTransport(inside, stack.gateway.state), base_url=PUBLIC_URL)


async def settled(stack: Stack) -> None:
    """Comments have heard of all that posts changed, and the cache of all that both did."""
    async with database(stack, "posts").read() as reads:
        newest = (await present_end(reads, changes)).seq

    async def passed() -> int:
        async with database(stack, "comments").read() as reads:
            place: str = (await reads.execute(select(posts_feed.c.place))).scalar_one()
        # transactions may have come later that changed nothing which followers are told
        return ChangeCursor.decode(place).seq

    await eventually(passed, newest)
    await caught_up(stack)


async def caught_up(stack: Stack) -> None:
    catch_up = cache_of(stack).catch_up
    assert catch_up is not None
    await catch_up(BOTH)


def status_of(answer: httpx.Response) -> str:
    """What the cache says of an answer: `hit`, `fwd=miss; stored` …, without the time it is still fresh."""
    told = answer.headers.get("Cache-Status", "").removeprefix("Dateline; ")
    return re.sub(r"; ttl=\d+", "", told)


def comparable(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, type or place, and text without what each composition makes anew; of a problem only what it is."""
    text = _OF_ONE_COMPOSITION.sub(r"\1", answer.text) if answer.is_success else ""
    return answer.status_code, answer.headers.get("Location", answer.headers.get("Content-Type", "")), text
