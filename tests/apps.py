"""Apps that are built once a test process: to make the validators of all routes takes longer than most tests."""

import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
from fastapi import FastAPI

from services.comments.app import create_app as create_comments
from services.comments.settings import CommentsSettings
from services.gateway.app import create_app as create_gateway
from services.gateway.settings import GatewaySettings
from services.posts.app import create_app as create_posts
from services.posts.settings import PostsSettings


class Present:
    """Stands for the settings, or the clock, of the stack that is being started; apps read them when they start."""

    def __init__(self) -> None:
        self.thing: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.thing, name)

    def __call__(self) -> Any:
        return self.thing()


@dataclass
class Apps:
    posts: FastAPI
    comments: FastAPI
    gateway: FastAPI
    settings: dict[str, Present]
    clock: Present
    secrets: Path
    transports: dict[str, httpx.AsyncBaseTransport] = field(default_factory=dict)
    followed: dict[str, httpx.AsyncBaseTransport] = field(default_factory=dict)


@cache
def apps(public_url: str) -> Apps:
    settings = {name: Present() for name in ("posts", "comments", "gateway")}
    secrets, clock = Path(tempfile.mkdtemp(prefix="dateline-secrets-")), Present()
    transports: dict[str, httpx.AsyncBaseTransport] = {}
    followed: dict[str, httpx.AsyncBaseTransport] = {}
    settings["posts"].thing = PostsSettings.load(secrets=secrets, public_url=public_url)
    settings["comments"].thing = CommentsSettings.load(secrets=secrets, public_url=public_url)
    settings["gateway"].thing = GatewaySettings.load(secrets=secrets, public_url=public_url)
    return Apps(
        posts=create_posts(cast("PostsSettings", settings["posts"]), clock),
        comments=create_comments(cast("CommentsSettings", settings["comments"]), clock, followed),
        gateway=create_gateway(cast("GatewaySettings", settings["gateway"]), transports),
        settings=settings,
        clock=clock,
        secrets=secrets,
        transports=transports,
        followed=followed,
    )
