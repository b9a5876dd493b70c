"""Asks the comments service itself, as its callers do, what it makes of posts."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from services.comments.commands.follow_posts import lose_place
from services.comments.domain.sweep import Sweep
from services.comments.queries.followed import the_posts_feed
from services.comments.queries.thread_pages import ShownComment
from services.common.callers import caller_headers
from services.common.request_id import HEADER
from services.common.secret_files import load_or_create_secret
from tests.apps import apps
from tests.gateway.inside import database
from tests.stack import PUBLIC_URL, Stack


def service(stack: Stack, name: str, caller: str = "gateway") -> httpx.AsyncClient:
    """A client of a service by itself, as one of its callers has it."""
    headers = caller_headers(caller, load_or_create_secret(apps(PUBLIC_URL).secrets, caller))
    return httpx.AsyncClient(
        transport=stack.upstreams[name], base_url=f"http://{name}", headers=headers | {HEADER: "0" * 16}
    )


async def thread(stack: Stack, post_id: str, **params: Any) -> list[str]:
    """The texts that the comments service shows of a thread by itself."""
    async with service(stack, "comments") as client:
        found = await client.get(f"/threads/{post_id}", params=params)
    assert found.status_code == 200, found.text
    return [ShownComment(*item).body_html for item in found.json()["items"]]


async def write(stack: Stack, post_id: str, post_version: int | None = None) -> int:
    (outcome,) = await sent(stack, comment(post_id, "Late", post_version=post_version))
    return int(outcome["status"])


def comment(post_id: str, body: str, **more: Any) -> dict[str, Any]:
    """As the gateway sends one."""
    return {"post_id": int(post_id), "body": json.dumps({"body": body}), "request_id": "0" * 16, **more}


async def sent(stack: Stack, *comments: dict[str, Any]) -> list[dict[str, Any]]:
    """What becomes of them."""
    async with service(stack, "comments") as client:
        answer = await client.post("/comments", json=comments)
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()
    return outcomes


async def eventually(look: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    async with asyncio.timeout(10):
        while (found := await look()) != wanted:
            assert found != wanted
            await asyncio.sleep(0.02)


async def is_following(stack: Stack) -> bool:
    """Whether the feed is followed by now: before, everything is asked for, which knows more than its place says."""
    async with database(stack, "comments").read() as reads:
        place = (await the_posts_feed(reads))["place"]
    return place is not None and Sweep.decode(place) is None


async def start_over(stack: Stack) -> None:
    """As in a database that has followed nothing yet."""
    await database(stack, "comments").write(lose_place)
