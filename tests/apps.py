"""Apps that are built once a test process: to make the validators of all routes takes longer than most tests."""

import gc
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
    posts_settings: PostsSettings
    comments_settings: CommentsSettings
    gateway_settings: GatewaySettings
    present: dict[str, Present]
    clock: Present
    secrets: Path
    transports: dict[str, httpx.AsyncBaseTransport] = field(default_factory=dict)
    followed: dict[str, httpx.AsyncBaseTransport] = field(default_factory=dict)


@cache
def apps(public_url: str) -> Apps:
    """To read settings from the environment takes as long as a request; stacks change copies of these."""
    present = {name: Present() for name in ("posts", "comments", "gateway")}
    secrets, clock = Path(tempfile.mkdtemp(prefix="dateline-secrets-")), Present()
    transports: dict[str, httpx.AsyncBaseTransport] = {}
    followed: dict[str, httpx.AsyncBaseTransport] = {}
    # what tests write is not what readers say
    unlimited = CommentsSettings.load(
        comment_filter=False,
        comment_quota="",
        article_quota="",
        secrets=secrets,
        public_url=public_url,
        log_level="error",
    )
    common: dict[str, Any] = {"secrets": secrets, "public_url": public_url, "log_level": "error"}
    # machines under test are busy
    patient = GatewaySettings.load(
        takedowns=secrets / "takedowns",  # not the one of tests that run beside these
        comments_timeout_s=20.0,
        posts_timeout_s=20.0,
        write_timeout_s=20.0,
        cache_mb=0,
        **common,
    )
    loaded = (PostsSettings.load(**common), unlimited, patient)
    for one, settings in zip(present.values(), loaded, strict=True):
        one.thing = settings
    built = Apps(
        create_posts(cast("PostsSettings", present["posts"]), clock),
        create_comments(cast("CommentsSettings", present["comments"]), clock, followed),
        create_gateway(cast("GatewaySettings", present["gateway"]), transports),
        *loaded,
        present,
        clock,
        secrets,
        transports,
        followed,
    )
    gc.freeze()  # it stays to the end of the process
    return built
