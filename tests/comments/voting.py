"""Votes as readers give them, who are told apart by their addresses."""

import httpx

from services.gateway.client_address import TrustedProxies
from tests.comments.following import eventually
from tests.gateway.inside import database
from tests.posts.listing import set_blog
from tests.stack import Stack


async def take_votes(stack: Stack, setting: str = "on") -> None:
    """Waits until the comments service has heard of it."""
    await set_blog(stack, comment_votes=setting)

    async def votes() -> str:
        async with database(stack, "comments").read() as reads:
            return str((await reads.exec_driver_sql("SELECT votes FROM posts_feed")).scalar_one())

    await eventually(votes, setting)


def reader_at(stack: Stack, address: str) -> httpx.AsyncClient:
    """Behind a proxy that the gateway trusts."""
    stack.gateway.state["trusted_proxies"] = TrustedProxies("127.0.0.1")
    return stack.client({"X-Forwarded-For": address})


def vote_of(comment_id: str) -> str:
    return f"/api/v1/comments/{comment_id}/vote"
