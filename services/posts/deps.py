"""What the routes of posts are given besides: its public URL and what may stay in bodies."""

from typing import Annotated

from fastapi import Depends, Request

from services.common.html import HtmlPolicy


async def _public_url(request: Request) -> str:
    public_url: str = request.state.public_url
    return public_url


async def _policy(request: Request) -> HtmlPolicy:
    policy: HtmlPolicy = request.state.policy
    return policy


PublicUrlDep = Annotated[str, Depends(_public_url)]
PolicyDep = Annotated[HtmlPolicy, Depends(_policy)]
