"""Asks the comments service itself, as its callers do, what it makes of posts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from services.comments.commands.follow_posts import lose_place
from services.common.callers import caller_headers
from services.common.secret_files import load_or_create_secret
from tests.apps import apps
from tests.gateway.inside import database
from tests.stack import PUBLIC_URL, Stack


def comments_service(stack: Stack) -> httpx.AsyncClient:
    secret = load_or_create_secret(apps(PUBLIC_URL).secrets, "gateway")
    return httpx.AsyncClient(
        transport=stack.upstreams["comments"], base_url="http://comments", headers=caller_headers("gateway", secret)
    )


async def thread(stack: Stack, post_id: str, **params: Any) -> list[str]:
    """The texts that the comments service shows of a thread by itself."""
    async with comments_service(stack) as client:
        found = await client.get(f"/threads/{post_id}", params=params, headers={"X-Request-Id": "0" * 16})
    assert found.status_code == 200, found.text
    return [item["body_html"] for item in found.json()["items"]]


async def write(stack: Stack, post_id: str, **params: Any) -> int:
    async with comments_service(stack) as client:
        path, headers = f"/threads/{post_id}/comments", {"X-Request-Id": "0" * 16}
        return (await client.post(path, json={"body": "Late"}, params=params, headers=headers)).status_code


async def eventually(look: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    async with asyncio.timeout(10):
        while (found := await look()) != wanted:
            assert found != wanted
            await asyncio.sleep(0.02)


async def start_over(stack: Stack) -> None:
    """As in a database that has followed nothing yet."""
    await database(stack, "comments").write(lose_place)
